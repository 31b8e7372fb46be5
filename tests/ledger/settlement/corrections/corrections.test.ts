import { beforeEach, describe, expect, test } from 'vitest'
import { uuidOf } from '../../../../kernel/ids.ts'
import { createAgreement } from '../../../../ledger/agreements/create-agreement.ts'
import { decideContribution } from '../../../../ledger/facts/decide-contribution.ts'
import { recordRevenue } from '../../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../../ledger/facts/report-contributions.ts'
import { requireConfirmation } from '../../../../ledger/facts/require-confirmation.ts'
import { closePeriod } from '../../../../ledger/settlement/close-period.ts'
import { tellLine } from '../../../../ledger/splits/explain/tell-line.ts'
import { tellRule } from '../../../../ledger/splits/explain/tell-rule.ts'
import { behindGuards } from '../../../support/behind-guards.ts'
import { changePartnerStatus } from '../../../support/change-partner-status.ts'
import { useWorld } from '../../../support/database.ts'
import { customersIn, earn, liveMember, programmeWith, refer } from '../scene.ts'
import { corrections, lastOf, linesOf, memberOf, referredIn, statementsOf } from './scene.ts'

const world = useWorld()
const SHARE = 'REFERRAL_COMMISSION_SHARE'
const RULE = { kind: SHARE, ratePpm: 200_000, window: { days: 90 }, base: 'COMMISSION' }

beforeEach(() => {
  world.clock.set('2026-08-02T00:00:00Z')
})

describe('a referral that comes late', () => {
  test('corrects its own month and all locked ones since, each under its own name', async () => {
    const { member, close } = await referredIn(world)
    const [late = ''] = await customersIn(world, 1)
    await earn(world.context, late, [['feb', 1000, '2026-02-20T00:00:00Z']])
    await earn(world.context, late, [['mar', 2000, '2026-03-20T00:00:00Z']])
    await close('2026-02')
    await close('2026-03')
    await refer(world.context, member, { customers: [late], at: '2026-02-10T00:00:00Z' })
    await earn(world.context, late, [['apr', 500, '2026-04-20T00:00:00Z']])
    expect(await close('2026-04')).toMatchObject({ earned: 700n, clawbacks: 0n, lateFacts: 1 })
    const statement = await lastOf(world, member)
    expect(statement.rules.map(({ originPeriod, minor }) => [originPeriod, minor])).toEqual([
      [undefined, 100n],
      ['2026-02', 200n],
      ['2026-03', 400n],
    ])
    expect((await close('2026-05')).lateFacts).toBe(0)
    expect(corrections(await lastOf(world, member))).toEqual([])
  })

  test('and is earlier than another member’s takes what that one was given', async () => {
    const { programme, member, customer, close } = await referredIn(world)
    const earlier = await memberOf(world, programme, 'alder')
    await earn(world.context, customer, [['feb', 1000, '2026-02-20T00:00:00Z']])
    await close('2026-02')
    const item = { externalId: 'first', kind: 'REFERRAL', lead: 'l', occurredAt: '2026-02-01T00:00:00Z' }
    await reportContributions(world.context, { caller: earlier, items: [item] })
    const bound = { type: 'lead_bound', externalId: `b-${customer}`, partner: earlier.code, lead: 'l', customer }
    await recordRevenue(world.context, { source: 'core', items: [{ ...bound, occurredAt: '2026-02-01T00:00:00Z' }] })
    expect(await close('2026-03')).toMatchObject({ earned: 200n, clawbacks: -200n })
    expect(await lastOf(world, earlier)).toMatchObject({ earned: 200n, clawbacks: 0n, payout: 200n, closing: 0n })
    expect(await lastOf(world, member)).toMatchObject({ earned: 0n, clawbacks: -200n, payout: 0n, closing: -200n })
    const [gone] = await linesOf(world, await lastOf(world, member))
    expect(gone?.explanation.correction).toEqual({ why: 'GONE', settled: '200', now: '0' })
  })

  test('counts when its lead is bound, or its confirmation given, though it was reported in time', async () => {
    const { programme, close } = await referredIn(world)
    const careful = await memberOf(world, programme)
    await requireConfirmation(world.context, { partner: careful.code, kind: 'REFERRAL', confirmation: 'PERSON' })
    const [bound = '', confirmed = ''] = await customersIn(world, 2)
    const open = await memberOf(world, programme)
    const item = { externalId: 'r', kind: 'REFERRAL', lead: 'l', occurredAt: '2026-02-03T00:00:00Z' }
    await reportContributions(world.context, { caller: open, items: [item] })
    await refer(world.context, careful, { customers: [confirmed], at: '2026-02-03T00:00:00Z' })
    await earn(world.context, bound, [['feb', 1000, '2026-02-20T00:00:00Z']])
    await earn(world.context, confirmed, [['feb', 3000, '2026-02-20T00:00:00Z']])
    expect(await close('2026-02', 'UNCONFIRMED_CONTRIBUTIONS')).toMatchObject({ earned: 0n })
    const binding = { type: 'lead_bound', externalId: `b-${bound}`, partner: open.code, lead: 'l', customer: bound }
    await recordRevenue(world.context, { source: 'core', items: [{ ...binding, occurredAt: '2026-03-03T00:00:00Z' }] })
    const [row] = await world.owner<{ id: string }[]>`
      select 'ctr_' || replace(id::text, '-', '') as id from contributions where external_id = ${`ref-${confirmed}`}`
    await decideContribution(world.context, { contribution: row?.id ?? '', decision: 'CONFIRMED' })
    expect(await close('2026-03')).toMatchObject({ earned: 800n, lateFacts: 2 })
    expect(corrections(await lastOf(world, open))).toEqual([['2026-02', SHARE, 200n]])
    expect(corrections(await lastOf(world, careful))).toEqual([['2026-02', SHARE, 600n]])
  })

  test('counts when the agreement is made later that it was in all along', async () => {
    const { programme, close } = await referredIn(world)
    const other = await programmeWith(world.context)
    const member = await liveMember(world.context, [other])
    const [customer = ''] = await customersIn(world, 1)
    await refer(world.context, member, { customers: [customer], at: '2026-02-10T00:00:00Z' })
    await earn(world.context, customer, [['feb', 1000, '2026-02-20T00:00:00Z']])
    expect(await close('2026-02')).toMatchObject({ earned: 0n })
    await createAgreement(world.context, { programme, partner: member.partner, from: '2026-02-01T00:00:00+08:00' })
    expect(await close('2026-03')).toMatchObject({ earned: 200n })
  })
})

describe('a month that is corrected twice', () => {
  test('is compared with all that was settled for it', async () => {
    const { member, customer, close } = await referredIn(world)
    await earn(world.context, customer, [['a', 1001, '2026-02-10T00:00:00Z']])
    await close('2026-02')
    await earn(world.context, customer, [['b', 1002, '2026-02-11T00:00:00Z']])
    await close('2026-03')
    await earn(world.context, customer, [['c', 1003, '2026-02-12T00:00:00Z']])
    await close('2026-04')
    const statements = await statementsOf(world, member)
    // 200.2, 400.6 and 601.2 in all
    expect(statements.map(({ earned }) => earned)).toEqual([200n, 201n, 200n])
    const last = await lastOf(world, member)
    expect(last.rules[0]?.explanation.correction).toEqual({ month: '2026-02', settled: '401', now: '601' })
  })

  test('may be given back what it was taken', async () => {
    const { member, customer, close } = await referredIn(world, {
      rules: [{ kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 300 }, RULE],
    })
    await close('2026-02')
    await earn(world.context, customer, [['a', 1000, '2026-02-10T00:00:00Z']])
    await close('2026-03')
    await earn(world.context, customer, [['b', 9000, '2026-02-10T00:00:00Z']])
    await close('2026-04')
    await earn(world.context, customer, [['r', -9000, '2026-02-11T00:00:00Z']], { refundOf: `b-${customer}` })
    await close('2026-05')
    const totals = (await statementsOf(world, member)).map((statement) => corrections(statement))
    expect(totals).toEqual([
      [],
      // the guarantee gives way to what was earned: nothing in all
      [
        ['2026-02', 'MINIMUM_GUARANTEE', -200n],
        ['2026-02', SHARE, 200n],
      ],
      [
        ['2026-02', 'MINIMUM_GUARANTEE', -100n],
        ['2026-02', SHARE, 1800n],
      ],
      [
        ['2026-02', 'MINIMUM_GUARANTEE', 100n],
        ['2026-02', SHARE, -1800n],
      ],
    ])
    expect((await statementsOf(world, member)).map(({ earned, clawbacks }) => [earned, clawbacks])).toEqual([
      [300n, 0n],
      [300n, 0n],
      [2000n, 0n],
      [300n, -1700n],
    ])
  })
})

describe('lines of a corrected month', () => {
  test('are those that differ, and say which only move by apportionment', async () => {
    const { member, customer, close } = await referredIn(world, { limits: { capPerPeriod: 500 } })
    await earn(world.context, customer, [['a', 1000, '2026-02-10T00:00:00Z']])
    await earn(world.context, customer, [['b', 1000, '2026-02-11T00:00:00Z']])
    await close('2026-02')
    await earn(world.context, customer, [['c', 2000, '2026-02-12T00:00:00Z']])
    await close('2026-03')
    const statement = await lastOf(world, member)
    const [rule] = statement.rules
    expect(rule).toMatchObject({ originPeriod: '2026-02', minor: 100n, forgone: 300n, lineCount: 3 })
    const lines = await linesOf(world, statement)
    expect(
      lines.map(({ minor, explanation: { event, correction } }) => [event?.externalId.slice(0, 1), minor, correction]),
    ).toEqual([
      ['a', -75n, { why: 'APPORTIONED', settled: '200', now: '125' }],
      ['b', -75n, { why: 'APPORTIONED', settled: '200', now: '125' }],
      ['c', 250n, { why: 'NEW', settled: '0', now: '250' }],
    ])
    const options = { asset: 'CNY/2', timeZone: 'Asia/Shanghai', language: 'en' } as const
    const [line] = lines
    expect(rule && tellRule(rule.explanation, options)).toBe(
      'Correction of 2026-02: rule 1 of terms version 1 gives 20 % of commission within 90 days of the referral. ' +
        "Exactly 8 CNY together. All rules together exceeded the agreement's cap of 5.00 CNY: this rule's total became 5.00 CNY. " +
        'Rounded once, half to even: 5.00 CNY. Settled so far: 4.00 CNY; difference: 1.00 CNY, in 3 lines. Forgone: 3.00 CNY.',
    )
    expect(rule && tellRule(rule.explanation, { ...options, language: 'zh-CN' })).toBe(
      '更正 2026-02：条款第 1 版规则 1：推荐后 90 天内，按佣金的 20 % 计酬。精确合计 8 CNY。' +
        '全部规则合计超过协议封顶 5.00 CNY：本规则合计变为 5.00 CNY。一次舍入（四舍六入五成双）后为 5.00 CNY。' +
        '此前已结算 4.00 CNY，差额 1.00 CNY，涉及 3 行。未计付 3.00 CNY。',
    )
    expect(rule && line && tellLine(line, rule.explanation, options)).toContain(
      'this line is 1.25 CNY (terms version 1, rule 1). Settled so far: 2.00 CNY; difference: -0.75 CNY. ' +
        'Its exact amount is what it was: the total is shared anew.',
    )
  })
})

describe('a refund', () => {
  test('after the month is judged where what it refunds stood, also when the window has ended since', async () => {
    const rule = { ...RULE, window: { days: 20 } }
    const { member, customer, close } = await referredIn(world, { rules: [rule] })
    await earn(world.context, customer, [['a', 1000, '2026-02-20T00:00:00Z']])
    await close('2026-02')
    await earn(world.context, customer, [['r', -500, '2026-03-10T00:00:00Z']], { refundOf: `a-${customer}` })
    await close('2026-03')
    const statement = await lastOf(world, member)
    expect(corrections(statement)).toEqual([['2026-02', SHARE, -100n]])
    expect(statement).toMatchObject({ earned: 0n, clawbacks: -100n, closing: -100n })
    const [line] = await linesOf(world, statement)
    const options = { asset: 'CNY/2', timeZone: 'Asia/Shanghai', language: 'en' } as const
    expect(line && tellLine(line, statement.rules[0]?.explanation ?? never(), options)).toContain(
      `Event core/r-${customer} of 2026-03-10 08:00:00.000 UTC+08:00 takes back what happened at 2026-02-20 08:00:00.000 UTC+08:00 and lies in it: -5.00 CNY × 20 %`,
    )
  })

  test('of an event that earned nothing takes nothing', async () => {
    const { member, customer, close } = await referredIn(world)
    await earn(world.context, customer, [['before', 1000, '2026-02-01T00:00:00Z']])
    await close('2026-02')
    await earn(world.context, customer, [['r', -1000, '2026-03-01T00:00:00Z']], { refundOf: `before-${customer}` })
    await close('2026-03')
    expect((await statementsOf(world, member)).map(({ earned, clawbacks }) => [earned, clawbacks])).toEqual([
      [0n, 0n],
      [0n, 0n],
    ])
  })

  test('whose event comes after it leaves its own month for that one’s', async () => {
    const { member, customer, close } = await referredIn(world)
    await earn(world.context, customer, [['r', -500, '2026-03-10T00:00:00Z']], { refundOf: `a-${customer}` })
    await close('2026-02')
    await close('2026-03')
    await earn(world.context, customer, [['a', 500, '2026-02-20T00:00:00Z']])
    await close('2026-04')
    expect(corrections(await lastOf(world, member))).toEqual([['2026-03', SHARE, 100n]])
  })

  test('of a refund takes from the month of that one', async () => {
    const { member, customer, close } = await referredIn(world)
    await earn(world.context, customer, [['a', 1000, '2026-02-20T00:00:00Z']])
    await close('2026-02')
    await earn(world.context, customer, [['r', -400, '2026-03-01T00:00:00Z']], { refundOf: `a-${customer}` })
    await close('2026-03')
    await earn(world.context, customer, [['s', -100, '2026-03-02T00:00:00Z']], { refundOf: `r-${customer}` })
    await close('2026-04')
    expect((await statementsOf(world, member)).map((statement) => corrections(statement))).toEqual([
      [],
      [['2026-02', SHARE, -80n]],
      [['2026-03', SHARE, -20n]],
    ])
  })
})

describe('who is corrected', () => {
  test('is also a member whose agreement has ended, by a statement of its own', async () => {
    const programme = await programmeWith(world.context)
    await memberOf(world, programme)
    const gone = await liveMember(world.context, [])
    const dates = { from: '2026-02-01T00:00:00+08:00', to: '2026-03-01T00:00:00+08:00' }
    await createAgreement(world.context, { programme, partner: gone.partner, ...dates })
    const [customer = ''] = await customersIn(world, 1)
    await refer(world.context, gone, { customers: [customer], at: '2026-02-10T00:00:00Z' })
    const close = (month: string) => closePeriod(world.context, { programme, month })
    await close('2026-02')
    await close('2026-03')
    await earn(world.context, customer, [['feb', 1000, '2026-02-20T00:00:00Z']])
    await close('2026-04')
    expect((await statementsOf(world, gone)).map(({ month, earned }) => [month, earned])).toEqual([
      ['2026-02', 0n],
      ['2026-04', 200n],
    ])
  })

  test('waits while it does not accrue, and is corrected once it does again', async () => {
    const { member, customer, close } = await referredIn(world)
    await earn(world.context, customer, [['a', 1000, '2026-02-10T00:00:00Z']])
    await close('2026-02')
    await earn(world.context, customer, [['r', -1000, '2026-02-11T00:00:00Z']], { refundOf: `a-${customer}` })
    const change = (status: 'SUSPENDED' | 'LIVE') =>
      changePartnerStatus(world.context, { partner: member.partner, status, reason: 'an audit' })
    await change('SUSPENDED')
    await close('2026-03')
    await close('2026-04')
    await change('LIVE')
    await close('2026-05')
    expect((await statementsOf(world, member)).map(({ month, clawbacks }) => [month, clawbacks])).toEqual([
      ['2026-02', 0n],
      ['2026-05', -200n],
    ])
  })

  test('is nobody who did not accrue in the month', async () => {
    const { member, customer, close } = await referredIn(world)
    await earn(world.context, customer, [['a', 1000, '2026-02-10T00:00:00Z']])
    const change = (status: 'SUSPENDED' | 'LIVE') =>
      changePartnerStatus(world.context, { partner: member.partner, status, reason: 'an audit' })
    await change('SUSPENDED')
    await close('2026-02')
    await change('LIVE')
    await earn(world.context, customer, [['b', 1000, '2026-02-11T00:00:00Z']])
    await close('2026-03')
    expect((await statementsOf(world, member)).map(({ month, earned }) => [month, earned])).toEqual([['2026-03', 0n]])
  })
})

test('a month that was locked without looking back is looked at from its own cut on', async () => {
  const { programme, member, customer, close } = await referredIn(world)
  const silent = await memberOf(world, programme)
  const [other = ''] = await customersIn(world, 1)
  await refer(world.context, silent, { customers: [other], at: '2026-02-03T00:00:00Z' })
  const change = (status: 'SUSPENDED' | 'LIVE') =>
    changePartnerStatus(world.context, { partner: silent.partner, status, reason: 'an audit' })
  await change('SUSPENDED')
  await close('2026-02')
  await earn(world.context, customer, [['late', 1000, '2026-02-10T00:00:00Z']])
  await earn(world.context, other, [['late', 1000, '2026-02-10T00:00:00Z']])
  await earn(world.context, customer, [['r', -500, '2026-03-05T00:00:00Z']], { refundOf: `late-${customer}` })
  await close('2026-03')
  // as an earlier version left them: it corrected nothing, and kept nothing of who was silent
  await behindGuards(
    world.owner,
    `update periods set not_accruing = null, uncorrected = null
      where programme_id = (select id from programmes where code = '${programme}')`,
    `delete from statement_lines where statement_id in (select id from statements where month = '2026-03'
      and partner_id = '${uuidOf(member.partner)}')`,
    `delete from earnings where statement_id in (select id from statements where month = '2026-03'
      and partner_id = '${uuidOf(member.partner)}')`,
  )
  await change('LIVE')
  await close('2026-04')
  expect(corrections(await lastOf(world, member))).toEqual([['2026-02', SHARE, 100n]])
  expect(corrections(await lastOf(world, silent))).toEqual([])
})

test('W9: clawbacks are netted, carried as a receivable and recovered, and release no holdback', async () => {
  const terms = { minimumPayout: 5000, holdback: { ppm: 100_000, periods: 2 }, clawbackDays: 90 }
  const { member, customer, close } = await referredIn(world, {
    ...terms,
    rules: [{ ...RULE, window: { months: 12 } }],
  })
  const gain = (name: string, minor: number, at: string, more = {}) =>
    earn(world.context, customer, [[name, minor * 5, `${at}T00:00:00Z`]], more)
  await gain('a', 4200, '2026-02-10')
  await close('2026-02')
  await gain('b', 6000, '2026-03-10')
  await gain('ra', -1500, '2026-03-11', { refundOf: `a-${customer}` })
  await close('2026-03')
  await gain('c', 1000, '2026-04-10')
  await gain('rb', -6300 + 300, '2026-04-11', { refundOf: `b-${customer}` })
  await gain('sa', -2700 - 300, '2026-04-11', { refundOf: `a-${customer}` })
  await close('2026-04')
  await gain('d', 20_000, '2026-05-10')
  await close('2026-05')
  expect(
    (await statementsOf(world, member)).map(({ clawbacks, payout, closing, held }) => [
      clawbacks,
      payout,
      closing,
      held,
    ]),
  ).toEqual([
    [0n, 0n, 3780n, 420n],
    [-1500n, 7680n, 0n, 1020n],
    [-9000n, 0n, -7680n, 700n],
    [0n, 10_920n, 0n, 2100n],
  ])
})

function never(): never {
  throw new Error('the statement has a rule')
}
