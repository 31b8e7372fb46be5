import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import type { Context } from '../../../database/context.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import type { Adjustment } from '../../../ledger/adjustments/adjustment.ts'
import { approveAdjustment } from '../../../ledger/adjustments/approve-adjustment.ts'
import { listAdjustments } from '../../../ledger/adjustments/list-adjustments.ts'
import { proposeAdjustment } from '../../../ledger/adjustments/propose-adjustment.ts'
import { rejectAdjustment } from '../../../ledger/adjustments/reject-adjustment.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { listAgreements } from '../../../ledger/agreements/list-agreements.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { listStatementLines } from '../../../ledger/settlement/list-statement-lines.ts'
import { tellLine } from '../../../ledger/splits/explain/tell-line.ts'
import { tellRule } from '../../../ledger/splits/explain/tell-rule.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import { lastOf, type Member, memberOf, statementsOf } from '../settlement/corrections/scene.ts'
import { customersIn, earn, liveMember, programmeWith, refer } from '../settlement/scene.ts'

const world = useWorld()
let keys = 0

beforeAll(() => {
  world.clock.set('2026-08-02T00:00:00Z')
})

const as = (actor: Actor): Context => ({ ...world.context, actor })
const key = (): string => `key-${++keys}`

async function agreementOf({ partner }: Member): Promise<string> {
  const { edges } = await listAgreements(world.context, { partner, page: { first: 1 } })
  return edges[0]?.node.id ?? ''
}

async function proposed(member: Member, amount: string): Promise<Adjustment> {
  const agreement = await agreementOf(member)
  return proposeAdjustment(as('staff:ann'), { agreement, amount, reason: 'goodwill', idempotencyKey: key() })
}

async function approved(member: Member, amount: string): Promise<Adjustment> {
  const { id } = await proposed(member, amount)
  return approveAdjustment(as('staff:bo'), { adjustment: id, idempotencyKey: key() })
}

async function scene(terms: object = {}) {
  const programme = await programmeWith(world.context, terms)
  const member = await memberOf(world, programme)
  const close = (month: string, ...acknowledged: readonly string[]) =>
    closePeriod(world.context, { programme, month, acknowledged })
  return { programme, member, close }
}

describe('an adjustment that two persons agree on', () => {
  test('stands in the statement of the next month that is closed, once', async () => {
    const { programme, member, close } = await scene({ holdback: { ppm: 100_000, periods: 1 } })
    await close('2026-02')
    const given = await approved(member, '12.30')
    expect(given).toMatchObject({ minor: 1230n, status: 'APPROVED', proposedBy: 'staff:ann', decidedBy: 'staff:bo' })
    await close('2026-03')
    await close('2026-04')
    const [, march, april] = await statementsOf(world, member)
    expect(march).toMatchObject({ earned: 1230n, holdback: 123n, clawbacks: 0n, payout: 1107n, lineCount: 1 })
    expect(march?.rules).toMatchObject([{ kind: 'MANUAL_ADJUSTMENT', minor: 1230n, adjustment: given.id }])
    expect(april).toMatchObject({ earned: 0n, released: 123n, lineCount: 0 })
    const { edges } = await listAdjustments(world.context, { programme, page: { first: 10 } })
    expect(edges.map(({ node }) => [node.id, node.statement])).toEqual([[given.id, march?.id]])
  })

  test('is told to its partner, who needs no consent to see it', async () => {
    const { member, close } = await scene()
    await approved(member, '12.30')
    await close('2026-02')
    const statement = await lastOf(world, member)
    const page = { first: 10 }
    const { edges } = await listStatementLines(world.context, { statement: statement.id, caller: member, page })
    const [rule] = statement.rules
    const line = edges[0]?.node
    const options = { asset: 'CNY/2', timeZone: 'Asia/Shanghai', language: 'en' } as const
    expect(rule && tellRule(rule.explanation, options)).toBe('Manual adjustment of 12.30 CNY: goodwill')
    expect(rule && line && tellLine(line, rule.explanation, options)).toBe('Manual adjustment of 12.30 CNY: goodwill')
    expect(rule && tellRule(rule.explanation, { ...options, language: 'zh-CN' })).toBe('人工调整 12.30 CNY：goodwill')
  })

  test('is earned, also below zero: nothing is held of what is taken, and the rest is owed', async () => {
    const { member, close } = await scene({ holdback: { ppm: 100_000, periods: 1 } })
    await approved(member, '-5')
    await close('2026-02')
    expect(await lastOf(world, member)).toMatchObject({ earned: -500n, holdback: 0n, payout: 0n, closing: -500n })
  })

  test('counts for no guarantee and no override, and several stand side by side', async () => {
    const rules = [{ kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 300 }]
    const { member, close } = await scene({ rules })
    await approved(member, '10')
    await approved(member, '-2')
    await close('2026-02')
    expect((await lastOf(world, member)).rules.map(({ kind, minor }) => [kind, minor])).toEqual([
      ['MINIMUM_GUARANTEE', 300n],
      ['MANUAL_ADJUSTMENT', 1000n],
      ['MANUAL_ADJUSTMENT', -200n],
    ])
  })

  test('is left where it is when its month is corrected', async () => {
    const { member, close } = await scene()
    const [customer = ''] = await customersIn(world, 1)
    await refer(world.context, member, { customers: [customer], at: '2026-02-02T00:00:00Z' })
    await approved(member, '10')
    await close('2026-02')
    await earn(world.context, customer, [['late', 1000, '2026-02-10T00:00:00Z']])
    await close('2026-03')
    expect((await lastOf(world, member)).rules.map(({ kind, minor }) => [kind, minor])).toEqual([
      ['REFERRAL_COMMISSION_SHARE', 200n],
    ])
  })

  test('reaches a member whose agreement has ended, and waits for one who does not accrue', async () => {
    const programme = await programmeWith(world.context)
    const suspended = await memberOf(world, programme)
    const gone = await liveMember(world.context, [])
    const dates = { from: '2026-02-01T00:00:00+08:00', to: '2026-03-01T00:00:00+08:00' }
    await createAgreement(world.context, { programme, partner: gone.partner, ...dates })
    const close = (month: string) => closePeriod(world.context, { programme, month })
    const change = (status: 'SUSPENDED' | 'LIVE') =>
      changePartnerStatus(world.context, { partner: suspended.partner, status, reason: 'an audit' })
    await close('2026-02')
    await approved(gone, '1')
    await approved(suspended, '2')
    await change('SUSPENDED')
    await close('2026-03')
    await change('LIVE')
    await close('2026-04')
    expect(await lastOf(world, gone)).toMatchObject({ month: '2026-03', earned: 100n })
    expect(await lastOf(world, suspended)).toMatchObject({ month: '2026-04', earned: 200n })
  })
})

describe('an adjustment is refused', () => {
  test('to one person alone, and to what is no person', async () => {
    const { member } = await scene()
    const { id: adjustment } = await proposed(member, '1')
    const alone = { adjustment, idempotencyKey: key() }
    for (const actor of ['staff:ann', 'system:tests'] as const) {
      await expect(approveAdjustment(as(actor), alone)).rejects.toMatchObject({ code: 'FORBIDDEN' })
      const rejecting = { ...alone, reason: 'no' }
      await expect(rejectAdjustment(as(actor), rejecting)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    }
    const input = { agreement: await agreementOf(member), amount: '1', reason: 'x', idempotencyKey: key() }
    await expect(proposeAdjustment(world.context, input)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test.each([
    [{ amount: '0.00' }, 'INVALID_INPUT', 'amount'],
    [{ amount: '1.234' }, 'INVALID_INPUT', undefined],
    // two of such would be more than the database holds
    [{ amount: `-${'9'.repeat(36)}.99` }, 'INVALID_INPUT', 'amount'],
    [{ reason: ' ' }, 'INVALID_INPUT', 'reason'],
    [{ agreement: 'agr_1' }, 'NOT_FOUND', 'agreement'],
    [{ idempotencyKey: '' }, 'INVALID_INPUT', 'idempotencyKey'],
    [{ more: 1 }, 'INVALID_INPUT', 'more'],
  ])('that is none: %j', async (change, code, field) => {
    const { member } = await scene()
    const input = { agreement: await agreementOf(member), amount: '1', reason: 'x', idempotencyKey: key(), ...change }
    await expect(proposeAdjustment(as('staff:ann'), input)).rejects.toMatchObject({ code, field })
  })

  test('once it was decided, and what was rejected stands in no statement', async () => {
    const { member, close } = await scene()
    const { id: adjustment } = await proposed(member, '1')
    const rejection = { adjustment, reason: 'twice', idempotencyKey: key() }
    const rejected = await rejectAdjustment(as('staff:bo'), rejection)
    expect(rejected).toMatchObject({ status: 'REJECTED', decisionReason: 'twice', decidedBy: 'staff:bo' })
    expect(await rejectAdjustment(as('staff:bo'), rejection)).toEqual(rejected)
    const approval = { adjustment, idempotencyKey: key() }
    await expect(approveAdjustment(as('staff:cy'), approval)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await close('2026-02')
    expect((await lastOf(world, member)).rules).toEqual([])
  })

  test('by the database to the person who proposed it, to a change, and to a second statement', async () => {
    const { member, close } = await scene()
    const { id } = await approved(member, '1')
    const waiting = await proposed(member, '2')
    const app = world.context.database
    const decide = app.transaction(
      (tx) => tx`update adjustments set status = 'APPROVED', decided_by = 'staff:ann', decided_at = now(),
        decision_record_id = record_id where id = ${uuidOf(waiting.id)}`,
    )
    await expect(decide).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const change = app.transaction((tx) => tx`update adjustments set amount = 5 where id = ${uuidOf(id)}`)
    await expect(change).rejects.toThrow()
    const again = world.owner`update adjustments set status = 'PROPOSED' where id = ${uuidOf(id)}`
    await expect(again).rejects.toMatchObject({ constraint_name: 'records_are_append_only' })
    await close('2026-02', 'UNDECIDED_ADJUSTMENTS')
    const second = world.owner.begin(async (sql) => {
      const copy = sql`insert into statements select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(),
        'number', s.number || '-x', 'month', '2026-09', 'status', 'DRAFT', 'issued_at', null, 'record_id', null))).*
        from statements s where s.agreement_id = ${uuidOf(waiting.agreement)} returning id`
      const [made] = await copy
      await sql`insert into earnings select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(),
        'statement_id', ${made?.['id']}::uuid))).* from earnings e where e.adjustment_id = ${uuidOf(id)}`
      await sql`update statements set status = 'ISSUED', issued_at = now(), record_id = gen_random_uuid()
        where id = ${made?.['id']}::uuid`
    })
    await expect(second).rejects.toMatchObject({ constraint_name: 'adjustments_given_once' })
  })
})

test('of persons who decide at once one is heard', async () => {
  const { member } = await scene()
  const { id: adjustment } = await proposed(member, '1')
  const ends = await Promise.allSettled([
    approveAdjustment(as('staff:bo'), { adjustment, idempotencyKey: key() }),
    rejectAdjustment(as('staff:cy'), { adjustment, reason: 'no', idempotencyKey: key() }),
    approveAdjustment(as('staff:di'), { adjustment, idempotencyKey: key() }),
  ])
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.code] : []))
  expect(refused).toEqual(['WRONG_STATE', 'WRONG_STATE'])
})

describe('what was told', () => {
  beforeEach(async () => {
    const { member, close } = await scene()
    await approved(member, '1')
    const { id: adjustment } = await proposed(member, '2')
    await rejectAdjustment(as('staff:bo'), { adjustment, reason: 'no', idempotencyKey: key() })
    await proposed(member, '3')
    await close('2026-02', 'UNDECIDED_ADJUSTMENTS')
  })

  test('follows from the log', async () => {
    expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
  })
})
