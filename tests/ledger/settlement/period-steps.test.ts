import { beforeEach, describe, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { approveAdjustment } from '../../../ledger/adjustments/approve-adjustment.ts'
import { proposeAdjustment } from '../../../ledger/adjustments/propose-adjustment.ts'
import { endAgreement } from '../../../ledger/agreements/end-agreement.ts'
import { listAgreements } from '../../../ledger/agreements/list-agreements.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import { answerDispute } from '../../../ledger/disputes/answer-dispute.ts'
import { requireConfirmation } from '../../../ledger/facts/require-confirmation.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import { calculatePeriod } from '../../../ledger/settlement/calculate-period.ts'
import type { ChecklistCode } from '../../../ledger/settlement/checklist-code.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { lockPeriod } from '../../../ledger/settlement/lock-period.ts'
import { periodChecklist } from '../../../ledger/settlement/period-checklist.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { useWorld } from '../../support/database.ts'
import { dispute, issued } from '../disputes/scene.ts'
import { payoutsOf, sent, settle, settled } from '../payouts/scene.ts'
import { type Member, memberOf, referredIn, statementsOf } from './corrections/scene.ts'
import { customersIn, earn, refer, termsFor } from './scene.ts'

const world = useWorld()
const month = '2026-02'

beforeEach(() => {
  world.clock.set('2026-03-02T00:00:00Z')
})

describe('a month that is calculated', () => {
  test('counts for nothing, is locked on another day as it was looked at, and what came since waits', async () => {
    const { programme, member, customer } = await earning(1000)
    const drafted = await calculatePeriod(as('staff:ann'), { programme, month })
    expect(drafted).toMatchObject({ statements: 1, facts: 1, earned: 200n, payout: 200n, period: { status: 'REVIEW' } })
    expect(await statementsOf(world, member)).toEqual([])
    expect(await balances(world.context, { prefix: `Expenses:PartnerShare:${programme}` })).toEqual([])

    world.clock.set('2026-03-04T00:00:00Z')
    await earn(world.context, customer, [['late', 5000, '2026-02-11T00:00:00Z']])
    await expect(lockPeriod(as('staff:bo'), { programme, month })).rejects.toMatchObject({
      code: 'CHECKLIST_OPEN',
      message: `2026-02 of ${programme} is not locked: FACTS_SINCE_CALCULATION (1)`,
    })
    const acknowledged = ['FACTS_SINCE_CALCULATION', 'UNDECIDED_ADJUSTMENTS']
    const locked = await lockPeriod(as('staff:bo'), { programme, month, acknowledged })
    // what was not open needed no word
    expect(locked).toMatchObject({ earned: 200n, factsSince: 1, acknowledged: ['FACTS_SINCE_CALCULATION'] })
    expect(locked.period).toMatchObject({
      ...{ status: 'LOCKED', lockedBy: 'staff:bo', lockedAt: new Date('2026-03-04T00:00:00Z') },
      ...{ acknowledged: ['FACTS_SINCE_CALCULATION'] },
    })
    expect((await recordsOf(locked.period.id)).at(-1)).toMatchObject({
      actor: 'staff:bo',
      data: { event: 'LOCKED', acknowledged: [{ code: 'FACTS_SINCE_CALCULATION', count: '1' }], factsSince: '1' },
    })
    world.clock.set('2026-04-02T00:00:00Z')
    expect(await closePeriod(world.context, { programme, month: '2026-03' })).toMatchObject({
      earned: 1000n,
      lateFacts: 1,
    })
  })

  test('is calculated again as often as wanted, and the last calculation is the one that is locked', async () => {
    const { programme, member, customer } = await earning(1000)
    for (const minor of [500, 700]) {
      await calculatePeriod(world.context, { programme, month })
      await earn(world.context, customer, [[`more${minor}`, minor, '2026-02-12T00:00:00Z']])
    }
    expect(await calculatePeriod(world.context, { programme, month })).toMatchObject({ earned: 440n, facts: 3 })
    expect(await lockPeriod(world.context, { programme, month })).toMatchObject({ earned: 440n, factsSince: 0 })
    expect(await statementsOf(world, member)).toMatchObject([{ earned: 440n, lineCount: 3 }])
    const runs = await world.owner`
      select r.run from period_runs r join periods p on p.id = r.period_id join programmes g on g.id = p.programme_id
      where g.code = ${programme} and r.finished_at is not null order by r.run`
    expect(runs.map(({ run }) => run)).toEqual([1, 2, 3])
  })

  test.each([
    ['ended', async (member: Member) => endTheAgreementOf(member)],
    ['joined', async (_: Member, programme: string) => void (await memberOf(world, programme))],
    ['terms', async (_: Member, programme: string) => secondTerms(programme)],
  ])('is not locked by what has changed since (%s), and closing it calculates it again', async (_title, change) => {
    const { programme, member } = await earning(1000)
    await calculatePeriod(world.context, { programme, month })
    await change(member, programme)
    expect(await openCodes(programme)).toContain('CALCULATION_OUTDATED')
    const acknowledged = ['FACTS_SINCE_CALCULATION']
    await expect(lockPeriod(world.context, { programme, month, acknowledged })).rejects.toMatchObject({
      code: 'CHECKLIST_OPEN',
      message: expect.stringContaining('CALCULATION_OUTDATED'),
    })
    expect((await closePeriod(world.context, { programme, month })).period.status).toBe('LOCKED')
  })

  test('is carried on by closing it, without another calculation unless something came', async () => {
    const { programme } = await earning(1000)
    await calculatePeriod(world.context, { programme, month })
    const steps: string[] = []
    const onProgress = ({ step }: { readonly step: string }) => void steps.push(step)
    expect(await closePeriod(world.context, { programme, month, onProgress })).toMatchObject({ earned: 200n, facts: 1 })
    expect(steps).toEqual(['LOCKING'])
    const other = await earning(1000)
    await calculatePeriod(world.context, { programme: other.programme, month })
    await earn(world.context, other.customer, [['late', 500, '2026-02-11T00:00:00Z']])
    expect(await closePeriod(world.context, { programme: other.programme, month })).toMatchObject({ earned: 300n })
  })
})

describe('the checklist', () => {
  test('tells of a month that nobody tried to close, that is not over, and that has others before it', async () => {
    const { programme } = await earning(1000)
    expect(await openCodes(programme)).toEqual(['NOT_CALCULATED'])
    expect(await openCodes(programme, '2026-03')).toEqual(['NOT_OVER', 'EARLIER_MONTH_OPEN', 'NOT_CALCULATED'])
    const { items } = await periodChecklist(world.context, { programme, month: '2026-04' })
    expect(items.find(({ code }) => code === 'EARLIER_MONTH_OPEN')).toMatchObject({
      ...{
        severity: 'HINDERS_LOCK',
        state: 'OPEN',
        count: 2,
        examples: ['2026-02', '2026-03'],
        acknowledgeable: false,
      },
      command: `period close --programme ${programme} --month 2026-02`,
    })
    await calculatePeriod(world.context, { programme, month })
    expect(await openCodes(programme)).toEqual([])
    expect(await statesOf(programme, 'HINDERS_CLOSE')).toEqual(['NOT_YET'])
    await lockPeriod(world.context, { programme, month })
    expect(await statesOf(programme, 'HINDERS_LOCK')).toEqual(['DONE'])
  })

  test('keeps a month from being locked by what waits for somebody, until that is acknowledged', async () => {
    const { programme, member } = await earning(1000)
    await requireConfirmation(world.context, { partner: member.code, kind: 'REFERRAL', confirmation: 'PERSON' })
    const [customer = ''] = await customersIn(world, 1)
    await refer(world.context, member, { customers: [customer], at: '2026-02-20T00:00:00Z' })
    await refer(world.context, member, { customers: await customersIn(world, 1), at: '2026-03-01T00:00:00Z' })
    await proposed(member, '3')
    const closed = await closePeriod(world.context, { programme, month })
    expect(closed.period.status).toBe('REVIEW')
    expect(closed.open).toMatchObject([
      { code: 'UNCONFIRMED_CONTRIBUTIONS', count: 1, examples: [expect.stringMatching(/^ctr_/)] },
      { code: 'UNDECIDED_ADJUSTMENTS', count: 1, examples: [expect.stringMatching(/^adj_/)] },
    ])
    const one = { programme, month, acknowledged: ['UNCONFIRMED_CONTRIBUTIONS'] }
    expect((await closePeriod(world.context, one)).open).toMatchObject([{ code: 'UNDECIDED_ADJUSTMENTS' }])
    await expect(lockPeriod(world.context, one)).rejects.toMatchObject({ code: 'CHECKLIST_OPEN' })
    const both = { programme, month, acknowledged: ['UNCONFIRMED_CONTRIBUTIONS', 'UNDECIDED_ADJUSTMENTS'] }
    expect((await lockPeriod(as('staff:bo'), both)).acknowledged).toEqual(both.acknowledged)
    expect(await openCodes(programme)).not.toContain('UNDECIDED_ADJUSTMENTS')
  })

  test('counts an adjustment that was approved since the calculation, which another calculation gives', async () => {
    const { programme, member } = await earning(1000)
    await calculatePeriod(world.context, { programme, month })
    const { id: adjustment } = await proposed(member, '3')
    await approveAdjustment(as('staff:bo'), { adjustment, idempotencyKey: 'k' })
    const { items } = await periodChecklist(world.context, { programme, month })
    expect(items.find(({ code }) => code === 'FACTS_SINCE_CALCULATION')).toMatchObject({
      count: 1,
      examples: [adjustment],
    })
    expect(await closePeriod(world.context, { programme, month })).toMatchObject({ earned: 500n })
  })

  test('tells of events in another asset and of members who do not accrue, which hinder nothing', async () => {
    const { programme, customer } = await earning(1000)
    await earn(world.context, customer, [['usd', 10, '2026-02-11T00:00:00Z']], { asset: 'USD/2' })
    const { items } = await periodChecklist(world.context, { programme, month })
    expect(items.find(({ code }) => code === 'OTHER_ASSETS')).toMatchObject({
      severity: 'TELLS',
      count: 1,
      examples: ['USD/2'],
    })
  })

  test.each(['UNPAID_STATEMENTS', 'NOT_CALCULATED', 'SOMETHING'])('does not take %s for acknowledged', async (code) => {
    const { programme } = await earning(1000)
    const input = { programme, month, acknowledged: [code] }
    const refusal = { code: 'INVALID_INPUT', field: 'acknowledged.0' }
    await expect(lockPeriod(world.context, input)).rejects.toMatchObject(refusal)
    await expect(closePeriod(world.context, input)).rejects.toMatchObject(refusal)
  })

  test('refuses an unknown programme and what is no month', async () => {
    const { programme } = await earning(1000)
    await expect(periodChecklist(world.context, { programme: 'nowhere', month })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(periodChecklist(world.context, { programme, month: '2026-13' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})

describe('a month that is locked', () => {
  test('is closed when it is sealed and its days to dispute are over, if nothing was to be paid', async () => {
    const { programme } = await earning(0)
    await closePeriod(world.context, { programme, month })
    expect(await openCodes(programme)).toEqual(['UNANSWERED_STATEMENTS', 'UNSEALED_RECORDS'])
    await expect(closePeriod(world.context, { programme, month })).rejects.toMatchObject({
      code: 'WRONG_STATE',
      message: `2026-02 of ${programme} is locked, and not closed: UNANSWERED_STATEMENTS (1), UNSEALED_RECORDS (2)`,
    })
    await sealAll(world.context, world.owner)
    world.clock.set('2026-03-12T00:00:00Z')
    expect(await openCodes(programme)).toEqual([])
    const closed = await closePeriod(as('staff:cy'), { programme, month })
    expect(closed.period).toMatchObject({ status: 'CLOSED', closedAt: new Date('2026-03-12T00:00:00Z') })
    expect((await recordsOf(closed.period.id)).at(-1)).toMatchObject({
      actor: 'staff:cy',
      data: { event: 'CLOSED', month },
    })
    const again = closePeriod(world.context, { programme, month })
    await expect(again).rejects.toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringContaining('closed already'),
    })
    const reopen = world.owner`update periods set status = 'LOCKED', closed_at = null, closing_record_id = null
      where id = ${uuidOf(closed.period.id)}`
    await expect(reopen).rejects.toMatchObject({ constraint_name: 'periods_close_once' })
    expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
  })

  test('is closed once by persons who close it at once', async () => {
    const { programme } = await earning(0)
    await closePeriod(world.context, { programme, month })
    await sealAll(world.context, world.owner)
    world.clock.set('2026-03-12T00:00:00Z')
    const ends = await Promise.allSettled([1, 2, 3].map(() => closePeriod(world.context, { programme, month })))
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(ends.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))).toEqual([
      'WRONG_STATE',
      'WRONG_STATE',
    ])
  })

  test('waits for what is to be paid, and is closed once that is claimed on a chain', async () => {
    const { programme, member } = await earning(1000)
    await closePeriod(world.context, { programme, month })
    await sealAll(world.context, world.owner)
    world.clock.set('2026-03-12T00:00:00Z')
    expect(await openCodes(programme)).toEqual(['UNPAID_STATEMENTS'])
    const [statement] = await statementsOf(world, member)
    await claimed(uuidOf(statement?.id ?? 'sta_'))
    expect((await closePeriod(world.context, { programme, month })).period.status).toBe('CLOSED')
  })

  test('waits for the bank to settle it, and for nothing once it is', async () => {
    const paid = await settled(world, [1000])
    const place = { programme: paid[0]?.statement.programme ?? '', month: '2026-01' }
    const batch = await sent(world, paid)
    await sealAll(world.context, world.owner)
    expect(await openCodes(place.programme, place.month)).toEqual(['UNPAID_STATEMENTS'])
    for (const payout of await payoutsOf(world, batch)) await settle(world, payout)
    expect(await openCodes(place.programme, place.month)).toEqual([])
    expect((await closePeriod(world.context, place)).period.status).toBe('CLOSED')
  })

  test('waits while one of its statements is disputed', async () => {
    const scene = await issued(world)
    const { id } = await dispute(world, scene)
    const { items } = await periodChecklist(world.context, { programme: scene.programme, month })
    expect(items.find(({ code }) => code === 'OPEN_DISPUTES')).toMatchObject({
      state: 'OPEN',
      count: 1,
      examples: [id],
    })
    const answer = { dispute: id, upheld: false, answer: 'all are there', idempotencyKey: id }
    await answerDispute(as('staff:bo'), answer)
    expect(await openCodes(scene.programme)).toEqual(['UNPAID_STATEMENTS', 'UNSEALED_RECORDS'])
  })

  test('keeps who locked it and what was acknowledged', async () => {
    const { programme } = await earning(0)
    const { period } = await closePeriod(world.context, { programme, month })
    for (const change of [`locked_by = 'staff:eve'`, `acknowledged = '{OTHER_ASSETS}'`]) {
      const changing = world.owner.unsafe(`update periods set ${change} where id = '${uuidOf(period.id)}'`)
      await expect(changing).rejects.toMatchObject({ constraint_name: 'periods_lock_once' })
    }
  })
})

function as(actor: Actor) {
  return { ...world.context, actor }
}

/** A member who referred a customer that brought so much in February. */
async function earning(minor: number) {
  const scene = await referredIn(world)
  if (minor > 0) await earn(world.context, scene.customer, [['e', minor, '2026-02-10T00:00:00Z']])
  return scene
}

async function openCodes(programme: string, of = month): Promise<readonly ChecklistCode[]> {
  const { items } = await periodChecklist(world.context, { programme, month: of })
  return items.filter(({ state }) => state === 'OPEN').map(({ code }) => code)
}

async function statesOf(programme: string, severity: string): Promise<readonly string[]> {
  const { items } = await periodChecklist(world.context, { programme, month })
  return [...new Set(items.filter((item) => item.severity === severity).map(({ state }) => state))]
}

async function agreementOf({ partner }: Member): Promise<string> {
  const { edges } = await listAgreements(world.context, { partner, page: { first: 1 } })
  return edges[0]?.node.id ?? ''
}

async function proposed(member: Member, amount: string) {
  const input = { agreement: await agreementOf(member), amount, reason: 'goodwill', idempotencyKey: `k-${member.code}` }
  return proposeAdjustment(as('staff:ann'), input)
}

async function endTheAgreementOf(member: Member): Promise<void> {
  const agreement = await agreementOf(member)
  await endAgreement(world.context, { agreement, at: '2026-02-15T00:00:00+08:00', reason: 'sold' })
}

async function secondTerms(programme: string): Promise<void> {
  const terms = termsFor(programme, { version: 2, effectiveFrom: '2026-02-01T00:00:00+08:00', minimumPayout: 10_000 })
  await publishTerms(world.context, { programme, terms })
}

async function recordsOf(period: string) {
  const rows = await world.owner<{ body: { actor: string; data: object } }[]>`
    select r.body::json as body from records r where r.kind = 'period' and position(${period} in r.body) > 0
    order by r.tx_id, r.id`
  return rows.map(({ body }) => body)
}

/** As the chain's rounds leave it; how they come to that is tested with them. */
async function claimed(statement: string): Promise<void> {
  await world.owner`
    with round as (
      insert into payout_rounds (id, asset, chain_id, contract, token, number, root, total, claims, deadline, status,
        planned_by, planned_at, approved_by, approved_at, seen_block, record_id)
      values (gen_random_uuid(), 'CNY/2', 1, '0x' || repeat('a', 40), '0x' || repeat('b', 40), 1,
        decode(repeat('00', 32), 'hex'), 200, 1, now(), 'FUNDED', 'staff:a', now(), 'staff:b', now(), 1, gen_random_uuid())
      returning id
    )
    insert into payout_claims (round_id, index, statement_id, partner_id, account, amount, salt, proof, claimed_at, claimed_tx)
    select r.id, 0, s.id, s.partner_id, '0x' || repeat('c', 40), 200, decode(repeat('00', 32), 'hex'), '', now(), '0x1'
    from round r, statements s where s.id = ${statement}::uuid`
}
