import { beforeAll, describe, expect, test } from 'vitest'
import { postEntry } from '../../../ledger/journal/post-entry.ts'
import { type CloseReport, closeReport } from '../../../ledger/reports/close-report.ts'
import { verifyStatements } from '../../../ledger/reports/verify-statements.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { useWorld } from '../../support/database.ts'
import { people, pointsScene, redeem, rewardFor } from '../points/scene.ts'
import { customersIn, earn, freshCode, liveMember, programmeWith, refer } from '../settlement/scene.ts'

const world = useWorld()
let programme: string
let harbour: Awaited<ReturnType<typeof liveMember>>
let birch: Awaited<ReturnType<typeof liveMember>>

const RULE = { kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 200_000, window: { days: 90 }, base: 'COMMISSION' }

// January: harbour earns 2000 of which 200 are held for two months; birch 100, below the minimum
// February: of harbour's revenue all is refunded
beforeAll(async () => {
  const { context, clock } = world
  clock.set('2026-02-02T00:00:00Z')
  const terms = { rules: [RULE], holdback: { ppm: 100_000, periods: 2 }, minimumPayout: 500, tax: { vatPpm: 60_000 } }
  programme = await programmeWith(context, terms)
  harbour = await liveMember(context, [programme])
  birch = await liveMember(context, [programme], { code: freshCode('birch') })
  const [one = '', two = ''] = await customersIn(world, 2)
  await refer(context, harbour, { customers: [one], at: '2026-01-05T00:00:00Z' })
  await refer(context, birch, { customers: [two], at: '2026-01-05T00:00:00Z' })
  await earn(context, one, [['t', 10_000, '2026-01-10T00:00:00Z']])
  await earn(context, two, [['t', 500, '2026-01-10T00:00:00Z']])
  await closePeriod(context, { programme, month: '2026-01' })
  clock.set('2026-03-02T00:00:00Z')
  await earn(context, one, [['r', -10_000, '2026-02-01T00:00:00Z']], { refundOf: `t-${one}` })
  await closePeriod(context, { programme, month: '2026-02' })
})

function sums(report: CloseReport): readonly (readonly [string, bigint, bigint, boolean])[] {
  return report.sections.map(({ section, told, journal, agrees }) => [section, told, journal, agrees])
}

describe('the close report', () => {
  test('of a month’s end has what is owed then, though more is known now', async () => {
    const report = await closeReport(world.context, { month: '2026-01' })
    expect(report).toMatchObject({ month: '2026-01', timeZone: 'Asia/Shanghai', agrees: true, differences: [] })
    expect(report.at.toISOString()).toBe('2026-01-31T15:59:59.999Z')
    expect(report.payables).toMatchObject([
      { kind: 'CARRIED', partner: birch.code, programme, minor: 90n, days: 0, bucket: 'CURRENT' },
      { kind: 'STATEMENT', partner: harbour.code, minor: 1800n, number: `${programme}-${harbour.code}-2026-01` },
    ])
    expect(report.receivables).toEqual([])
    expect(report.holdbacks).toMatchObject([
      { partner: birch.code, releaseMonth: '2026-03', minor: 10n },
      { partner: harbour.code, releaseMonth: '2026-03', minor: 200n },
    ])
    expect(report.movements).toContainEqual({
      ...{ account: `Partner:Payable:${harbour.code}`, asset: 'CNY/2' },
      ...{ opening: 0n, debits: 0n, credits: 1800n, closing: -1800n },
    })
  })

  test('of now has ages, and each section comes to what the journal has', async () => {
    world.clock.set('2026-04-05T00:00:00Z')
    const report = await closeReport(world.context)
    expect(report.agrees).toBe(true)
    // due when the ten days to dispute it were over, on 12 February
    expect(report.payables.find(({ kind }) => kind === 'STATEMENT')).toMatchObject({ days: 52, bucket: 'DAYS_31_60' })
    expect(report.receivables).toMatchObject([
      { partner: harbour.code, minor: 2000n, since: new Date('2026-02-28T16:00:00Z'), days: 35, bucket: 'DAYS_31_60' },
    ])
    expect(sums(report)).toEqual(
      expect.arrayContaining([
        ['EARNED', 100n, 100n, true],
        ['PAYABLES', -1890n, -1890n, true],
        ['HOLDBACKS', -210n, -210n, true],
        ['RECEIVABLES', 2000n, 2000n, true],
      ]),
    )
    expect(report.trialBalance.balanced).toBe(true)
    world.clock.set('2026-03-02T00:00:00Z')
  })

  test('has points with their money, and what is owed for rewards on a line of its own', async () => {
    const scene = await pointsScene(world)
    const [person, friend] = await people(world, 2)
    if (friend === undefined) throw new Error('two people were made')
    await scene.refer(person, friend, 5)
    await closePeriod(world.context, { programme: scene.programme, month: '2026-01' })
    const reward = await rewardFor(world, 40, { supply: { partner: scene.member.code, asset: 'CNY/2', minor: '320' } })
    await redeem(world, person, reward)
    const report = await closeReport(world.context)
    expect(report.agrees).toBe(true)
    expect(report.points).toMatchObject([{ programme: scene.programme, points: 60n, minor: 30n, asset: 'CNY/2' }])
    expect(report.payables.filter(({ kind }) => kind === 'REWARDS')).toMatchObject([
      { partner: scene.member.code, programme: undefined, statement: undefined, minor: 320n },
    ])
    // at the end of January the points were all there, and nothing was owed
    const january = await closeReport(world.context, { month: '2026-01' })
    expect(january.points).toMatchObject([{ points: 100n, minor: 50n }])
    expect(january.agrees).toBe(true)
  })

  test('is refused for a month that is not over, and where months end at several times', async () => {
    await expect(closeReport(world.context, { month: '2026-03' })).rejects.toMatchObject({ code: 'PERIOD_NOT_OVER' })
    await expect(closeReport(world.context, { month: '2026-13' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    const unknown = { month: '2026-01', programme: 'nobody' }
    await expect(closeReport(world.context, unknown)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

test('what the journal has otherwise than statements is found, in the report and by verifying', async () => {
  expect(await verifyStatements(world.context)).toEqual([])
  const wrongly = [
    { account: `Expenses:PartnerShare:${programme}`, asset: 'CNY/2', minor: 5n },
    { account: `Partner:Payable:${harbour.code}`, asset: 'CNY/2', minor: -5n },
  ] as const
  const at = world.clock.now()
  await postEntry(world.context, { at, description: 'by hand', reference: 'by hand', postings: wrongly })
  const report = await closeReport(world.context)
  expect(report.agrees).toBe(false)
  const wrong = report.differences.map(({ account, told, journal }) => [account, told, journal])
  expect(wrong).toEqual([
    [`Expenses:PartnerShare:${programme}`, 100n, 105n],
    [`Partner:Payable:${harbour.code}`, -1800n, -1805n],
  ])
  expect((await verifyStatements(world.context)).map(({ where }) => where)).toEqual([
    `Expenses:PartnerShare:${programme} in CNY/2`,
    `Partner:Payable:${harbour.code} in CNY/2`,
  ])
})
