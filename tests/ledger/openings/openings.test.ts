import { beforeAll, describe, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import type { Context } from '../../../database/context.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { approveOpening } from '../../../ledger/openings/approve-opening.ts'
import { listOpenings } from '../../../ledger/openings/list-openings.ts'
import { proposeOpening } from '../../../ledger/openings/propose-opening.ts'
import { readOpeningFile } from '../../../ledger/openings/read-opening-file.ts'
import { rejectOpening } from '../../../ledger/openings/reject-opening.ts'
import { closeReport } from '../../../ledger/reports/close-report.ts'
import { verifyStatements } from '../../../ledger/reports/verify-statements.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { createWorld, useWorld } from '../../support/database.ts'
import { standing } from '../receivables/scene.ts'
import { statementsOf } from '../settlement/corrections/scene.ts'
import { freshCode, liveMember, programmeWith } from '../settlement/scene.ts'

const world = useWorld()
const CUT_OVER = '2026-01-01T00:00:00+08:00'

beforeAll(() => {
  world.clock.set('2026-05-02T00:00:00Z')
})

const as = (actor: Actor, { context } = world): Context => ({ ...context, actor })
const key = (): string => freshCode('key')

type Lines = readonly object[]

function proposed(lines: Lines, change: object = {}, own = world) {
  const input = { cutOver: CUT_OVER, reason: 'from the old system', lines, idempotencyKey: key(), ...change }
  return proposeOpening(as('staff:ann', own), input)
}

async function broughtAlong(lines: Lines, change: object = {}, own = world) {
  const { id: opening } = await proposed(lines, change, own)
  return approveOpening(as('staff:bo', own), { opening, idempotencyKey: key() })
}

async function scene(terms: object = {}, own = world) {
  const programme = await programmeWith(own.context, terms)
  const member = await liveMember(own.context, [programme], { code: freshCode('larch') })
  const of = { partner: member.code, programme, asset: 'CNY/2' } as const
  return { programme, member, of, close: (month: string) => closePeriod(own.context, { programme, month }) }
}

describe('balances that are brought along', () => {
  test('stand against Equity:Opening from just before the cut-over, and the first statement begins with them', async () => {
    const own = await createWorld()
    try {
      own.clock.set('2026-05-02T00:00:00Z')
      const { member, of, close } = await scene({ minimumPayout: 5000 }, own)
      const opening = await broughtAlong(
        [
          { account: 'Bank:house', asset: 'CNY/2', amount: '1000.00' },
          { account: 'Tax:Withholding', asset: 'CNY/2', amount: '-3.00' },
          { ...of, amount: '12.30' },
          { ...of, amount: '5.00', releaseMonth: '2026-02' },
          { ...of, amount: '7.00', releaseMonth: '2026-03' },
        ],
        {},
        own,
      )
      expect(opening).toMatchObject({ status: 'APPROVED', proposedBy: 'staff:ann', decidedBy: 'staff:bo' })
      expect(await standing(own, '')).toEqual({
        ...{ 'Bank:house': 100_000n, 'Tax:Withholding': -300n, 'Equity:Opening': -97_270n },
        ...{ [`Partner:Payable:${member.code}`]: -1230n, [`Partner:Holdback:${member.code}`]: -1200n },
      })
      for (const month of ['2026-01', '2026-02', '2026-03']) await close(month)
      const told = (await statementsOf(own, member)).map(({ opening: begins, released, closing, held }) => ({
        ...{ opening: begins, released, closing, held },
      }))
      expect(told).toEqual([
        { opening: 1230n, released: 0n, closing: 1230n, held: 1200n },
        { opening: 1230n, released: 500n, closing: 1730n, held: 700n },
        { opening: 1730n, released: 700n, closing: 2430n, held: 0n },
      ])
      expect(await verifyStatements(own.context)).toEqual([])
      const january = await closeReport(own.context, { month: '2026-01' })
      expect(january).toMatchObject({ agrees: true, differences: [] })
      expect(january.movements.find(({ account }) => account === 'Bank:house')).toMatchObject({ opening: 100_000n })
      expect(january.sections).toContainEqual({
        ...{ section: 'OPENING', asset: 'CNY/2', told: -97_270n, journal: -97_270n, agrees: true },
      })
      expect(january.holdbacks.map(({ releaseMonth, minor }) => [releaseMonth, minor])).toEqual([
        ['2026-02', 500n],
        ['2026-03', 700n],
      ])
      expect(await verifyProjections(own.context, { projectors: PROJECTORS })).toEqual([])
    } finally {
      await own.close()
    }
  })

  test('below zero are owed by the partner', async () => {
    const { member, of, close } = await scene()
    await broughtAlong([{ ...of, amount: '-40' }])
    expect(await standing(world, `Receivable:Partner:${member.code}`)).toEqual({
      [`Receivable:Partner:${member.code}`]: 4000n,
    })
    const report = await closeReport(world.context)
    expect(report.receivables.find(({ partner }) => partner === member.code)).toMatchObject({
      ...{ minor: 4000n, since: new Date('2025-12-31T15:59:59.999Z'), bucket: 'DAYS_OVER_90' },
    })
    await close('2026-01')
    expect(await statementsOf(world, member)).toMatchObject([{ opening: -4000n, closing: -4000n }])
    expect(await verifyStatements(world.context)).toEqual([])
  })

  test('are read from a table or from JSON', async () => {
    const csv =
      'account,partner,programme,asset,amount,releaseMonth\nBank:house,,,CNY/2,1.00,\n,elm,spring,CNY/2,2,2026-02\n'
    const lines = [
      { account: 'Bank:house', asset: 'CNY/2', amount: '1.00' },
      { partner: 'elm', programme: 'spring', asset: 'CNY/2', amount: '2', releaseMonth: '2026-02' },
    ]
    expect(readOpeningFile('a.csv', csv)).toEqual(lines)
    expect(readOpeningFile('a.json', JSON.stringify(lines))).toEqual(lines)
    expect(() => readOpeningFile('a.json', csv)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})

describe('they are refused', () => {
  test.each([
    [{ account: 'Bank', amount: '1' }, 'INVALID_INPUT', 'lines.0.account'],
    [{ account: 'Bank:a:b', amount: '1' }, 'INVALID_INPUT', 'lines.0.account'],
    [{ account: 'Assets:Else', amount: '1' }, 'INVALID_INPUT', 'lines.0.account'],
    [{ account: 'Partner:Payable:elm', amount: '1' }, 'INVALID_INPUT', 'lines.0.account'],
    [{ account: 'Equity:Opening', amount: '1' }, 'INVALID_INPUT', 'lines.0.account'],
    [{ account: 'Bank:house', partner: 'elm', amount: '1' }, 'INVALID_INPUT', 'lines.0'],
    [{ account: 'Bank:house', amount: '0' }, 'INVALID_INPUT', 'lines.0.amount'],
    [{ partner: 'nobody', amount: '1' }, 'INVALID_INPUT', 'lines.0'],
    [{ agreement: 'agr_1', amount: '1' }, 'NOT_FOUND', 'lines.0.agreement'],
    [{ account: 'Bank:house', amount: '1', more: 1 }, 'INVALID_INPUT', 'lines.0.more'],
  ])('where a line is none: %j', async (line, code, field) => {
    const lines = [{ asset: 'CNY/2', ...line }]
    await expect(proposed(lines)).rejects.toMatchObject({ code, field })
  })

  test('where an agreement’s line is none', async () => {
    const { of } = await scene()
    const refused = (line: object, code: string, field: string) =>
      expect(proposed([{ ...of, amount: '1', ...line }])).rejects.toMatchObject({ code, field })
    await refused({ asset: 'USD/2' }, 'ASSET_MISMATCH', 'lines.0.asset')
    await refused({ partner: 'nobody' }, 'NOT_FOUND', 'lines.0.partner')
    await refused({ programme: 'nothing' }, 'NOT_FOUND', 'programme')
    await refused({ amount: '-1', releaseMonth: '2026-02' }, 'INVALID_INPUT', 'lines.0.amount')
    await refused({ releaseMonth: '2025-12' }, 'INVALID_INPUT', 'lines.0.releaseMonth')
    const twice = { ...of, amount: '1' }
    await expect(proposed([twice, twice])).rejects.toMatchObject({ field: 'lines.1' })
    const later = { cutOver: '2026-06-01T00:00:00Z' }
    await expect(proposed([twice], later)).rejects.toMatchObject({ field: 'cutOver' })
  })

  test('once a month of the programme is locked, also when that happens before the approval', async () => {
    const { of, close } = await scene()
    const { id: opening } = await proposed([{ ...of, amount: '1' }])
    await close('2026-01')
    const approval = { opening, idempotencyKey: key() }
    await expect(approveOpening(as('staff:bo'), approval)).rejects.toMatchObject({ code: 'PERIOD_LOCKED' })
    await expect(proposed([{ ...of, amount: '1' }])).rejects.toMatchObject({ code: 'PERIOD_LOCKED' })
    // what an account had before a month that was reported
    await expect(proposed([{ account: 'Bank:late', asset: 'CNY/2', amount: '1' }])).rejects.toMatchObject({
      code: 'PERIOD_LOCKED',
    })
    const since = { cutOver: '2026-05-01T00:00:00+08:00' }
    await broughtAlong([{ account: 'Bank:late', asset: 'CNY/2', amount: '1' }], since)
  })

  test('to one person alone, and what was brought along is not brought along again', async () => {
    const { of } = await scene()
    const since = { cutOver: '2026-05-01T00:00:00+08:00' }
    const [first, second] = [
      await proposed([{ ...of, amount: '1' }], since),
      await proposed([{ ...of, amount: '1' }], since),
    ]
    const alone = { opening: first.id, idempotencyKey: key() }
    await expect(approveOpening(as('staff:ann'), alone)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(approveOpening(world.context, alone)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const ends = await Promise.allSettled(
      [first, second].map(({ id }) => approveOpening(as('staff:bo'), { opening: id, idempotencyKey: key() })),
    )
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(ends.find((end) => end.status === 'rejected')).toMatchObject({ reason: { code: 'WRONG_STATE' } })
    const left = (await listOpenings(world.context)).find(({ status }) => status === 'PROPOSED')?.id ?? first.id
    const rejection = { opening: left, reason: 'twice', idempotencyKey: key() }
    expect(await rejectOpening(as('staff:bo'), rejection)).toMatchObject({ decisionReason: 'twice' })
    await expect(rejectOpening(as('staff:cy'), rejection)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    const change = world.owner`update openings set decided_by = 'staff:x' where id = ${uuidOf(left)}`
    await expect(change).rejects.toMatchObject({ constraint_name: 'records_are_append_only' })
  })
})
