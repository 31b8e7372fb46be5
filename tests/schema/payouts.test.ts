import { beforeAll, expect, test } from 'vitest'
import type { Caller, PartnerCaller, StaffRole } from '../../kernel/caller.ts'
import { operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { ourAccount, type Paid, payoutsOf, prepare, settle, settled } from '../ledger/payouts/scene.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let keys = 0

beforeAll(async () => {
  world.clock.set('2026-02-10T00:00:00Z')
  await ourAccount(world)
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

function asPartner(caller: PartnerCaller, id: string): Promise<Answer> {
  const source = `query ($id: ID!) { statement(id: $id) { payouts {
    status attempt transfer { amount } account settledAt endToEndId } } }`
  const context = { ...world.context, actor: `partner:${caller.partner}` as const }
  return ask({ schema: partnerSchema, context, caller }, source, { id })
}

const PREPARE = `mutation ($input: PreparePayoutsInput!) { preparePayouts(input: $input) { prepared {
  batch { id status count total { amount } payouts(first: 5) { edges { node { id gross { amount } partner { code } } } } }
  leftOut { number hindrance left { amount } } } userErrors { code field } } }`
const step = (verb: string) => `mutation ($input: ${verb}Input!) {
  ${verb.charAt(0).toLowerCase()}${verb.slice(1)}(input: $input) { batch { status approvedBy reason } userErrors { code field } } }`
const DOUBT = `mutation ($input: DoubtPayoutInput!) { doubtPayout(input: $input) {
  payout { status reason } userErrors { code field } } }`
const RESOLVE = `mutation ($input: ResolvePayoutInput!) { resolvePayout(input: $input) {
  payout { status foundOutcome foundBy } userErrors { code field } } }`

async function one(): Promise<Paid> {
  const [paid] = await settled(world, [10_000])
  if (paid === undefined) throw new Error('one is paid')
  return paid
}

const key = () => `key-${++keys}`

test('finance pays a statement through the graph, in two persons, and its partner sees how far it is', async () => {
  const paid = await one()
  const { statement, member } = paid
  const what = { asset: 'CNY/2', ownAccount: 'main', executionDate: '2026-02-10', programme: statement.programme }
  const asked = { input: { ...what, idempotencyKey: key() } }
  const prepared = await asStaff('ann', PREPARE, asked)
  const batch = { status: 'DRAFT', count: 1, total: { amount: '96.00' } }
  expect(prepared).toMatchObject({
    codes: [],
    data: { preparePayouts: { prepared: { batch, leftOut: [] }, userErrors: [] } },
  })
  expect(await asStaff('ann', PREPARE, asked)).toEqual(prepared)
  const { id } = (prepared.data as { preparePayouts: { prepared: { batch: { id: string } } } }).preparePayouts.prepared
    .batch
  expect(await asPartner(member, statement.id)).toMatchObject({ data: { statement: { payouts: [] } } })

  const approve = () => ({ input: { batch: id, idempotencyKey: key() } })
  expect((await asStaff('ann', step('ApprovePayouts'), approve())).codes).toEqual(['FORBIDDEN'])
  expect(await asStaff('bo', step('ApprovePayouts'), approve())).toMatchObject({
    data: { approvePayouts: { batch: { status: 'APPROVED', approvedBy: 'staff:bo' }, userErrors: [] } },
  })
  expect(await asStaff('cy', step('ApprovePayouts'), approve())).toMatchObject({
    data: { approvePayouts: { batch: null, userErrors: [{ code: 'WRONG_STATE', field: 'batch' }] } },
  })
  await asStaff('ann', step('InstructPayouts'), approve())
  expect(await asStaff('ann', step('SendPayouts'), approve())).toMatchObject({
    data: { sendPayouts: { batch: { status: 'SENT' } } },
  })
  expect(await asStaff('ann', step('CancelPayouts'), { input: { ...approve().input, reason: 'late' } })).toMatchObject({
    data: { cancelPayouts: { batch: null, userErrors: [{ code: 'WRONG_STATE' }] } },
  })

  const [payout] = await payoutsOf(world, { id: id as `pob_${string}` })
  if (payout === undefined) throw new Error('one payout is sent')
  await settle(world, payout)
  expect(await asPartner(member, statement.id)).toEqual({
    codes: [],
    data: {
      statement: {
        payouts: [
          {
            ...{ status: 'SETTLED', attempt: 1, transfer: { amount: '96.00' }, account: '****3445' },
            ...{ settledAt: '2026-02-10T00:00:00.000Z', endToEndId: payout.endToEndId },
          },
        ],
      },
    },
  })
  const stranger = await one()
  expect(await asPartner(stranger.member, statement.id)).toEqual({ codes: [], data: { statement: null } })
})

test('an unknown payout is resolved by two persons', async () => {
  const paid = await one()
  const { batch } = await prepare(world, [paid])
  await asStaff('bo', step('ApprovePayouts'), { input: { batch: batch.id, idempotencyKey: key() } })
  await asStaff('bo', step('InstructPayouts'), { input: { batch: batch.id, idempotencyKey: key() } })
  const [payout] = await payoutsOf(world, batch)
  const which = () => ({ payout: payout?.id, idempotencyKey: key() })
  expect(await asStaff('ann', DOUBT, { input: { ...which(), reason: 'no answer' } })).toMatchObject({
    data: { doubtPayout: { payout: { status: 'UNKNOWN', reason: 'no answer' } } },
  })
  const finding = () => ({ input: { ...which(), outcome: 'NOT_EXECUTED', evidence: 'a letter' } })
  expect(await asStaff('ann', RESOLVE, finding())).toMatchObject({
    data: { resolvePayout: { payout: { status: 'UNKNOWN', foundOutcome: 'NOT_EXECUTED', foundBy: 'staff:ann' } } },
  })
  expect(await asStaff('bo', RESOLVE, finding())).toMatchObject({
    data: { resolvePayout: { payout: { status: 'REJECTED', foundOutcome: null } } },
  })
})

test('all staff read, finance alone acts', async () => {
  const paid = await one()
  const read = `query ($programme: String) {
    payable(programme: $programme) { number left { amount } transfer { amount } hindrance partner { code } }
    payoutBatches(first: 1) { edges { node { id files { format } } } } payouts(status: SETTLED, first: 1) { edges { node { id } } } }`
  const found = await asStaff('meg', read, { programme: paid.statement.programme }, 'partner-manager')
  expect(found).toMatchObject({
    codes: [],
    data: {
      payable: [
        {
          ...{ number: paid.statement.number, left: { amount: '100.00' }, transfer: { amount: '96.00' } },
          ...{ hindrance: null, partner: { code: paid.member.code } },
        },
      ],
    },
  })
  const input = { asset: 'CNY/2', ownAccount: 'main', executionDate: '2026-02-10', idempotencyKey: key() }
  const refused = await asStaff('meg', PREPARE, { input }, 'partner-manager')
  expect([refused.data, refused.codes.length]).toEqual([null, 1])
})

test.each([
  [{ asset: 'cny' }, 'INVALID_INPUT', 'asset'],
  [{ executionDate: '2026-13-01' }, 'INVALID_INPUT', 'executionDate'],
  [{ executionDate: '2026-02-08' }, 'INVALID_INPUT', 'executionDate'],
  [{ ownAccount: 'nobody' }, 'NOT_FOUND', 'ownAccount'],
  [{ asset: 'USD/2' }, 'ASSET_MISMATCH', 'ownAccount'],
  [{ programme: 'nobody' }, 'NOT_FOUND', 'programme'],
  [{ idempotencyKey: '' }, 'INVALID_INPUT', 'idempotencyKey'],
])('a batch is refused: %j', async (change, code, field) => {
  const input = { asset: 'CNY/2', ownAccount: 'main', executionDate: '2026-02-10', idempotencyKey: key(), ...change }
  expect(await asStaff('ann', PREPARE, { input })).toMatchObject({
    data: { preparePayouts: { prepared: null, userErrors: [{ code, field }] } },
  })
})
