import { beforeAll, expect, test } from 'vitest'
import type { Caller, StaffRole } from '../../kernel/caller.ts'
import { listAgreements } from '../../ledger/agreements/list-agreements.ts'
import { closePeriod } from '../../ledger/settlement/close-period.ts'
import { operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { lastOf, type Member, memberOf } from '../ledger/settlement/corrections/scene.ts'
import { customersIn, earn, programmeWith, refer } from '../ledger/settlement/scene.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let programme: string
let member: Member
let agreement: string

const PROPOSE = `mutation ($input: ProposeAdjustmentInput!) { proposeAdjustment(input: $input) {
  adjustment { id status amount { amount asset } reason partner { code } proposedBy } userErrors { code field } } }`
const APPROVE = `mutation ($input: ApproveAdjustmentInput!) { approveAdjustment(input: $input) {
  adjustment { status decidedBy } userErrors { code field } } }`
const REJECT = `mutation ($input: RejectAdjustmentInput!) { rejectAdjustment(input: $input) {
  adjustment { status decisionReason } userErrors { code field } } }`
const LIST = `query ($programme: String) { adjustments(programme: $programme, status: APPROVED, first: 5) {
  edges { node { id agreement statement } } } }`
const STATEMENT = `query ($id: ID!) { statement(id: $id) { rules { kind originPeriod total { amount } sentence } } }`

beforeAll(async () => {
  world.clock.set('2026-08-02T00:00:00Z')
  programme = await programmeWith(world.context)
  member = await memberOf(world, programme)
  const { edges } = await listAgreements(world.context, { partner: member.partner, page: { first: 1 } })
  agreement = edges[0]?.node.id ?? ''
})

function asStaff(
  name: string,
  source: string,
  variables: Record<string, unknown>,
  role: StaffRole = 'finance',
): Promise<Answer> {
  const caller: Caller = { kind: 'staff', name, roles: new Set([role]), requestId: 'r-1' }
  const context = { ...world.context, actor: `staff:${name}` as const }
  return ask({ schema: operationsSchema, context, caller }, source, variables)
}

async function propose(key: string): Promise<string> {
  const input = { agreement, amount: '7.50', reason: 'goodwill', idempotencyKey: key }
  const answer = await asStaff('ann', PROPOSE, { input })
  expect(answer).toMatchObject({
    codes: [],
    data: {
      proposeAdjustment: {
        adjustment: {
          ...{ status: 'PROPOSED', amount: { amount: '7.50', asset: 'CNY/2' }, reason: 'goodwill' },
          ...{ partner: { code: member.code }, proposedBy: 'staff:ann' },
        },
        userErrors: [],
      },
    },
  })
  return (answer.data as { proposeAdjustment: { adjustment: { id: string } } }).proposeAdjustment.adjustment.id
}

test('two persons give, and the partner reads it beside the correction of a locked month', async () => {
  const [customer = ''] = await customersIn(world, 1)
  await refer(world.context, member, { customers: [customer], at: '2026-02-02T00:00:00Z' })
  await closePeriod(world.context, { programme, month: '2026-02' })
  await earn(world.context, customer, [['late', 1000, '2026-02-10T00:00:00Z']])
  const adjustment = await propose('k-1')
  expect(await propose('k-1')).toBe(adjustment)
  const approval = { input: { adjustment, idempotencyKey: 'k-2' } }
  expect((await asStaff('ann', APPROVE, approval)).codes).toEqual(['FORBIDDEN'])
  expect(await asStaff('bo', APPROVE, approval)).toEqual({
    codes: [],
    data: { approveAdjustment: { adjustment: { status: 'APPROVED', decidedBy: 'staff:bo' }, userErrors: [] } },
  })
  await closePeriod(world.context, { programme, month: '2026-03' })
  const { id } = await lastOf(world, member)
  expect(await asStaff('cy', LIST, { programme }, 'compliance')).toEqual({
    codes: [],
    data: { adjustments: { edges: [{ node: { id: adjustment, agreement, statement: id } }] } },
  })
  expect(await ask({ schema: partnerSchema, context: world.context, caller: member }, STATEMENT, { id })).toEqual({
    codes: [],
    data: {
      statement: {
        rules: [
          {
            ...{ kind: 'REFERRAL_COMMISSION_SHARE', originPeriod: '2026-02', total: { amount: '2.00' } },
            sentence: expect.stringMatching(
              /^Correction of 2026-02: rule 1 .* Settled so far: 0.00 CNY; difference: 2.00/,
            ),
          },
          {
            ...{ kind: 'MANUAL_ADJUSTMENT', originPeriod: null, total: { amount: '7.50' } },
            sentence: 'Manual adjustment of 7.50 CNY: goodwill',
          },
        ],
      },
    },
  })
})

test('what is refused is a user error, and what was rejected stays so', async () => {
  const adjustment = await propose('k-3')
  const rejection = { adjustment, reason: 'twice', idempotencyKey: 'k-4' }
  expect(await asStaff('bo', REJECT, { input: { ...rejection, reason: '' } })).toMatchObject({
    data: { rejectAdjustment: { adjustment: null, userErrors: [{ code: 'INVALID_INPUT', field: 'reason' }] } },
  })
  expect(await asStaff('bo', REJECT, { input: rejection })).toMatchObject({
    data: { rejectAdjustment: { adjustment: { status: 'REJECTED', decisionReason: 'twice' } } },
  })
  expect(await asStaff('bo', APPROVE, { input: { adjustment, idempotencyKey: 'k-5' } })).toMatchObject({
    data: { approveAdjustment: { adjustment: null, userErrors: [{ code: 'WRONG_STATE', field: null }] } },
  })
})

test('finance alone acts, and systems that bring data in see nothing', async () => {
  const input = { agreement, amount: '1', reason: 'x', idempotencyKey: 'k-6' }
  for (const role of ['partner-manager', 'compliance', 'ingest'] as const) {
    expect((await asStaff('ann', PROPOSE, { input }, role)).codes).toEqual(['FORBIDDEN'])
  }
  expect((await asStaff('ann', LIST, {}, 'ingest')).codes).toEqual(['FORBIDDEN'])
})
