import { beforeEach, describe, expect, test } from 'vitest'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { findPeriod } from '../../../ledger/settlement/find-period.ts'
import { findStatement } from '../../../ledger/settlement/find-statement.ts'
import { listPeriods } from '../../../ledger/settlement/list-periods.ts'
import { listStatementLines } from '../../../ledger/settlement/list-statement-lines.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import type { Statement } from '../../../ledger/settlement/statement.ts'
import { createPartner } from '../../../partners/create-partner.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import {
  customersIn,
  earn,
  freshCode,
  liveMember,
  programmeWith,
  refer,
  termsFor,
  W1_EVENTS,
  W1_REFERRED_AT,
} from './scene.ts'

const world = useWorld()

beforeEach(() => {
  world.clock.set('2026-05-02T00:00:00Z')
})

describe('W1 through the tables', () => {
  test('is 458 in one period, of lines 247, 200 and 11', async () => {
    const { programme, member, customer } = await someoneReferred('2026-01-01T00:00:00+08:00', W1_REFERRED_AT)
    await earn(world.context, customer, W1_EVENTS)
    for (const month of ['2026-01', '2026-02', '2026-03']) await close(programme, month)
    const closed = await close(programme, '2026-04')
    expect(closed).toMatchObject({ statements: 1, facts: 4, earned: 458n, payout: 458n, lateFacts: 0 })
    expect(closed.period).toMatchObject({ status: 'LOCKED', startsAt: new Date('2026-03-31T16:00:00Z') })

    const statement = (await statementsOf(member)).at(-1)
    expect(statement).toMatchObject({
      number: `${programme}-${member.code}-2026-04`,
      status: 'ISSUED',
      earned: 458n,
      payout: 458n,
      transfer: 458n,
      closing: 0n,
      lineCount: 3,
    })
    const lines = await allLines(statement)
    expect(lines.map(({ minor, contributionExternalId }) => [minor, contributionExternalId])).toEqual([
      [247n, `ref-${customer}`],
      [200n, `ref-${customer}`],
      [11n, `ref-${customer}`],
    ])
    expect(lines[0]?.explanation).toMatchObject({
      event: { source: 'core', externalId: `t1-${customer}`, base: 'COMMISSION', minor: '1233' },
      window: { from: '2026-01-15T00:00:00.000Z', to: '2026-04-15T00:00:00.000Z' },
      exact: { numerator: '1233', denominator: '5' },
    })
  })

  test('a window that spans three months is rounded in each, and the months are closed in order', async () => {
    const { programme, member, customer } = await someoneReferred('2026-01-01T00:00:00+08:00', W1_REFERRED_AT)
    await earn(world.context, customer, [
      ['t1', 1233, '2026-01-20T00:00:00Z'],
      ['t2', 998, '2026-03-31T15:59:59.999Z'],
      ['t3', 58, '2026-03-31T16:00:00Z'],
      ['t4', 10000, '2026-04-15T00:00:00Z'],
    ])
    for (const month of ['2026-01', '2026-02', '2026-03', '2026-04']) await close(programme, month)
    expect((await statementsOf(member)).map(({ month, earned }) => [month, earned])).toEqual([
      ['2026-01', 247n],
      ['2026-02', 0n],
      ['2026-03', 200n],
      ['2026-04', 12n],
    ])
    const { edges } = await listPeriods(world.context, { programme, page: { first: 10 } })
    expect(edges.map(({ node }) => [node.month, node.status])).toEqual([
      ['2026-01', 'LOCKED'],
      ['2026-02', 'LOCKED'],
      ['2026-03', 'LOCKED'],
      ['2026-04', 'LOCKED'],
    ])
  })
})

test('W9 in sequence: minimum, holdback and its release go from statement to statement', async () => {
  // clawbacks come with adjustments; here a net refund within a period takes their place
  const terms = {
    holdback: { ppm: 100_000, periods: 2 },
    minimumPayout: 5000,
    effectiveFrom: '2025-12-01T00:00:00+08:00',
  }
  const from = '2026-01-01T00:00:00+08:00'
  const { programme, member, customer } = await someoneReferred(from, '2026-01-02T00:00:00Z', terms)
  await earn(world.context, customer, [
    ['a', 21_000, '2026-01-20T00:00:00Z'],
    ['b', 30_000, '2026-02-20T00:00:00Z'],
    ['c', -40_000, '2026-03-20T00:00:00Z'],
    ['d', 100_000, '2026-04-01T12:00:00Z'],
  ])
  for (const month of ['2026-01', '2026-02', '2026-03']) await close(programme, month)
  await close(programme, '2026-04')
  const rows = (await statementsOf(member)).map((s) => [s.earned, s.holdback, s.released, s.payout, s.closing, s.held])
  expect(rows).toEqual([
    [4200n, 420n, 0n, 0n, 3780n, 420n],
    [6000n, 600n, 0n, 9180n, 0n, 1020n],
    [-8000n, 0n, 420n, 0n, -7580n, 600n],
    [20000n, 2000n, 600n, 11020n, 0n, 2000n],
  ])
})

test('the terms at the referral govern its window, those of the period settle it', async () => {
  const { programme, member, customer } = await someoneReferred('2026-03-01T00:00:00+08:00', '2026-03-10T00:00:00Z')
  const second = {
    version: 2,
    effectiveFrom: '2026-04-01T00:00:00+08:00',
    rules: [{ kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 500_000, window: { days: 90 }, base: 'COMMISSION' }],
    tax: { vatPpm: 60_000 },
  }
  await publishTerms(world.context, { programme, terms: termsFor(programme, second) })
  const [other = ''] = await customersIn(world, 1)
  await refer(world.context, member, { customers: [other], at: '2026-04-05T00:00:00Z' })
  for (const account of [customer, other]) await earn(world.context, account, [['x', 1001, '2026-04-10T00:00:00Z']])
  await close(programme, '2026-03')
  await close(programme, '2026-04')
  const statement = (await statementsOf(member)).at(-1)
  expect(statement).toMatchObject({ earned: 700n, vat: 42n, transfer: 742n, terms: { version: 2 } })
  const detail = statement && (await findStatement(world.context, { id: statement.id }))
  expect(detail?.rules.map(({ minor, explanation }) => [explanation.terms.version, minor])).toEqual([
    [1, 200n],
    [2, 500n],
  ])
})

describe('several partners', () => {
  test('have a statement each, and the earliest referral holds', async () => {
    const programme = await programmeWith(world.context)
    const from = '2026-04-01T00:00:00+08:00'
    const first = await liveMember(world.context, [programme], { from })
    const second = await liveMember(world.context, [programme], { from })
    const [mine = '', shared = ''] = await customersIn(world, 2)
    await refer(world.context, second, { customers: [shared], at: '2026-04-03T00:00:00Z' })
    await refer(world.context, first, { customers: [mine, shared], at: '2026-04-02T00:00:00Z' })
    for (const customer of [mine, shared]) await earn(world.context, customer, [['e', 1000, '2026-04-10T00:00:00Z']])
    expect(await close(programme, '2026-04')).toMatchObject({ statements: 2, earned: 400n })
    expect((await statementsOf(first)).map(({ earned }) => earned)).toEqual([400n])
    expect((await statementsOf(second)).map(({ earned }) => earned)).toEqual([0n])
  })

  test('who do not accrue in their status have none, and are named', async () => {
    const { programme, customer } = await someoneReferred('2026-04-01T00:00:00+08:00', '2026-04-02T00:00:00Z')
    const sandbox = await createPartner(world.context, { code: freshCode('sandbox'), name: 'S', kind: 'DATA' })
    await createAgreement(world.context, { programme, partner: sandbox.id, from: '2026-04-01T00:00:00+08:00' })
    const suspended = await liveMember(world.context, [programme], { from: '2026-04-01T00:00:00+08:00' })
    const [theirs = ''] = await customersIn(world, 1)
    await refer(world.context, suspended, { customers: [theirs], at: '2026-04-02T00:00:00Z' })
    await changePartnerStatus(world.context, { partner: suspended.partner, status: 'SUSPENDED', reason: 'review' })
    for (const account of [customer, theirs]) await earn(world.context, account, [['e', 1000, '2026-04-10T00:00:00Z']])
    const closed = await close(programme, '2026-04')
    expect(closed).toMatchObject({ statements: 1, earned: 200n })
    expect(closed.notAccruing.toSorted()).toEqual([sandbox.code, suspended.code].toSorted())
  })
})

test('an agreement that has ended still gets statements while its windows earn, and none after', async () => {
  const programme = await programmeWith(world.context)
  const member = await liveMember(world.context, [])
  const span = { from: '2026-02-01T00:00:00+08:00', to: '2026-03-01T00:00:00+08:00' }
  await createAgreement(world.context, { programme, partner: member.partner, ...span })
  const [customer = ''] = await customersIn(world, 1)
  await refer(world.context, member, { customers: [customer], at: '2026-02-10T00:00:00Z' })
  await earn(world.context, customer, [['e', 1000, '2026-03-10T00:00:00Z']])
  for (const month of ['2026-02', '2026-03', '2026-04']) await close(programme, month)
  expect((await statementsOf(member)).map(({ month, earned }) => [month, earned])).toEqual([
    ['2026-02', 0n],
    ['2026-03', 200n],
  ])
})

test('two agreements of one partner within a month have statements with numbers of their own', async () => {
  const programme = await programmeWith(world.context)
  const member = await liveMember(world.context, [])
  const place = { programme, partner: member.partner }
  const middle = '2026-04-15T00:00:00+08:00'
  await createAgreement(world.context, { ...place, from: '2026-04-01T00:00:00+08:00', to: middle })
  await createAgreement(world.context, { ...place, from: middle })
  await close(programme, '2026-04')
  const stem = `${programme}-${member.code}-2026-04`
  expect((await statementsOf(member)).map(({ number }) => number)).toEqual([stem, `${stem}-2`])
})

describe('a period is refused', () => {
  test('that is not over, to the millisecond, in the programme’s zone', async () => {
    const { programme } = await someoneReferred('2026-04-01T00:00:00+08:00', '2026-04-02T00:00:00Z')
    world.clock.set('2026-04-30T15:59:59.999Z')
    await expect(close(programme, '2026-04')).rejects.toMatchObject({ code: 'PERIOD_NOT_OVER' })
    expect(await findPeriod(world.context, { programme, month: '2026-04' })).toBeUndefined()
    world.clock.set('2026-04-30T16:00:00.000Z')
    expect((await close(programme, '2026-04')).period.status).toBe('LOCKED')
  })

  test('before an earlier one is closed, which is named', async () => {
    const { programme } = await someoneReferred('2026-02-15T00:00:00+08:00', '2026-02-20T00:00:00Z')
    await expect(close(programme, '2026-04')).rejects.toMatchObject({
      code: 'WRONG_STATE',
      message: `2026-02 of ${programme} is to be closed before 2026-04`,
    })
    await close(programme, '2026-02')
    await expect(close(programme, '2026-04')).rejects.toThrow('2026-03')
  })

  test('before the first agreement, or while there is none', async () => {
    const { programme } = await someoneReferred('2026-04-01T00:00:00+08:00', '2026-04-02T00:00:00Z')
    await expect(close(programme, '2026-03')).rejects.toMatchObject({ code: 'WRONG_STATE' })
    const empty = await programmeWith(world.context)
    await expect(close(empty, '2026-03')).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  test('that is locked: closing twice changes nothing', async () => {
    const { programme, member, customer } = await someoneReferred('2026-04-01T00:00:00+08:00', '2026-04-02T00:00:00Z')
    await earn(world.context, customer, [['e', 1000, '2026-04-10T00:00:00Z']])
    await close(programme, '2026-04')
    const before = await statementsOf(member)
    await expect(close(programme, '2026-04')).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect(await statementsOf(member)).toEqual(before)
  })

  test('of an unknown programme, or that is no month', async () => {
    await expect(close('nowhere', '2026-04')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const programme = await programmeWith(world.context)
    await expect(close(programme, '2026-13')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('what comes late', () => {
  test('is counted, given by the next statement, and moves no issued one', async () => {
    const { programme, member, customer } = await someoneReferred('2026-03-01T00:00:00+08:00', '2026-03-02T00:00:00Z')
    await earn(world.context, customer, [['early', 1000, '2026-03-10T00:00:00Z']])
    expect(await close(programme, '2026-03')).toMatchObject({ earned: 200n, lateFacts: 0 })
    await earn(world.context, customer, [['late', 5000, '2026-03-11T00:00:00Z']])
    const [newcomer = ''] = await customersIn(world, 1)
    await refer(world.context, member, { customers: [newcomer], at: '2026-03-12T00:00:00Z' })
    await earn(world.context, newcomer, [['now', 700, '2026-04-10T00:00:00Z']])
    // 1000 of March, and 140 by the late referral, whose window reaches into this period
    expect(await close(programme, '2026-04')).toMatchObject({ earned: 1140n, lateFacts: 2 })
    expect((await statementsOf(member)).map(({ earned }) => earned)).toEqual([200n, 1140n])
  })

  test('is told by its transaction: a fact that commits after the cut is late, whatever time it was recorded at', async () => {
    const { programme, member, customer } = await someoneReferred('2026-04-01T00:00:00+08:00', '2026-04-02T00:00:00Z')
    const { promise: written, resolve: tell } = Promise.withResolvers<void>()
    const { promise: closed, resolve: letCommit } = Promise.withResolvers<void>()
    const slow = world.context.database.transaction(async (tx) => {
      const context = { ...world.context, database: { ...world.context.database, transaction: joined(tx) } }
      await earn(context, customer, [['slow', 1000, '2026-04-10T00:00:00Z']])
      tell()
      await closed
    })
    await written
    expect(await close(programme, '2026-04')).toMatchObject({ earned: 0n })
    letCommit()
    await slow
    world.clock.set('2026-06-02T00:00:00Z')
    expect(await close(programme, '2026-05')).toMatchObject({ earned: 200n, lateFacts: 1 })
    expect((await statementsOf(member)).map(({ earned }) => earned)).toEqual([0n, 200n])
  })
})

describe('a refund', () => {
  test('of an event of the same period nets', async () => {
    const { programme, customer } = await someoneReferred('2026-04-01T00:00:00+08:00', '2026-04-02T00:00:00Z')
    await earn(world.context, customer, [['e', 1000, '2026-04-10T00:00:00Z']])
    await earn(world.context, customer, [['r', -400, '2026-04-20T00:00:00Z']], { refundOf: `e-${customer}` })
    expect(await close(programme, '2026-04')).toMatchObject({ earned: 120n, lateFacts: 0 })
  })

  test('of an event of a locked period takes back what that earned, if it came in time', async () => {
    const { programme, customer } = await someoneReferred('2026-03-01T00:00:00+08:00', '2026-03-02T00:00:00Z')
    await earn(world.context, customer, [['e', 1000, '2026-03-10T00:00:00Z']])
    await close(programme, '2026-03')
    await earn(world.context, customer, [['f', 3000, '2026-04-10T00:00:00Z']])
    // the terms give it thirty days of 24 hours
    await earn(world.context, customer, [['r', -400, '2026-04-08T23:59:59.999Z']], { refundOf: `e-${customer}` })
    await earn(world.context, customer, [['s', -300, '2026-04-09T00:00:00Z']], { refundOf: `e-${customer}` })
    expect(await close(programme, '2026-04')).toMatchObject({ earned: 600n, clawbacks: -80n, lateFacts: 1 })
  })
})

test('events in another asset are left out and counted', async () => {
  const { programme, customer } = await someoneReferred('2026-04-01T00:00:00+08:00', '2026-04-02T00:00:00Z')
  await earn(world.context, customer, [['usd', 1000, '2026-04-10T00:00:00Z']], { asset: 'USD/2' })
  expect(await close(programme, '2026-04')).toMatchObject({ earned: 0n, otherAssets: [{ asset: 'USD/2', events: 1 }] })
})

test('progress is told for both readings of the facts', async () => {
  const { programme, customer } = await someoneReferred('2026-04-01T00:00:00+08:00', '2026-04-02T00:00:00Z')
  await earn(world.context, customer, [['e', 1000, '2026-04-10T00:00:00Z']])
  const steps: unknown[] = []
  await closePeriod(world.context, { programme, month: '2026-04', onProgress: (step) => steps.push(step) })
  expect(steps).toEqual([
    { step: 'SPLITTING', facts: 1, of: undefined },
    { step: 'WRITING', facts: 1, of: 1 },
    { step: 'LOCKING', facts: 1, of: 1 },
  ])
})

test('statement and period have their records, the statement’s for its partner', async () => {
  const { programme, member, customer } = await someoneReferred('2026-04-01T00:00:00+08:00', '2026-04-02T00:00:00Z')
  await earn(world.context, customer, [['e', 1234, '2026-04-10T00:00:00Z']])
  const { period } = await closePeriod(world.context, { programme, month: '2026-04', actor: 'staff:alice' })
  const [statement] = await statementsOf(member)
  const rows = await world.owner<{ kind: string; body: { actor: string; data: object }; partner_id: string | null }[]>`
    select r.kind, r.body::json as body, r.partner_id from records r
    where position(${statement?.id ?? ''} in r.body) > 0 or position(${period.id} in r.body) > 0 and r.kind = 'period'
    order by r.kind`
  const own = rows.filter(({ kind }) => kind === 'statement' || kind === 'period')
  expect(own.map(({ kind, body, partner_id }) => [kind, body.actor, partner_id !== null])).toEqual([
    ['period', 'staff:alice', false],
    ['statement', 'staff:alice', true],
  ])
  expect(own[1]?.body.data).toMatchObject({ number: statement?.number, amounts: { earned: '247' } })
  expect(JSON.stringify(own[1]?.body)).not.toContain('1234')
})

async function someoneReferred(from: string, at: string, terms: object = {}) {
  const programme = await programmeWith(world.context, terms)
  const member = await liveMember(world.context, [programme], { from })
  const [customer = ''] = await customersIn(world, 1)
  await refer(world.context, member, { customers: [customer], at })
  return { programme, member, customer }
}

async function close(programme: string, month: string) {
  return closePeriod(world.context, { programme, month })
}

async function statementsOf({ partner }: PartnerCaller): Promise<readonly Statement[]> {
  const { edges } = await listStatements(world.context, { partner, page: { first: 100 } })
  return edges.map(({ node }) => node)
}

async function allLines(statement: Statement | undefined) {
  if (statement === undefined) return []
  const { edges } = await listStatementLines(world.context, { statement: statement.id, page: { first: 100 } })
  return edges.map(({ node }) => node)
}

type Transact = typeof world.context.database.transaction

/** Lets verbs take part in a transaction that is open already. */
function joined(tx: Parameters<Parameters<Transact>[0]>[0]): Transact {
  return (work) => work(tx)
}
