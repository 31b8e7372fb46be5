import { beforeAll, expect, test } from 'vitest'
import type { Caller, PartnerCaller, StaffRole } from '../../kernel/caller.ts'
import { requireConfirmation } from '../../ledger/facts/require-confirmation.ts'
import { operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { customer, liveCaller, referral, reportOne, subject } from '../ledger/facts/factories.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let caller: PartnerCaller
let code: string
let own: string

const DECIDE = `mutation ($input: DecideContributionInput!) { decideContribution(input: $input) {
  contribution { id status confirmation partner { code } decision { decision reason } } userErrors { code field } } }`
const WAITING = `query ($partner: String) { reportedContributions(partner: $partner, undecided: true, first: 10) {
  edges { node { id externalId status lead partner { code } } } } }`

const asStaff = (roles: readonly StaffRole[], source: string, variables: Record<string, unknown>): Promise<Answer> => {
  const staff: Caller = { kind: 'staff', name: 'alice', roles: new Set(roles), requestId: 'r-1' }
  return ask({ schema: operationsSchema, context: world.context, caller: staff }, source, variables)
}

beforeAll(async () => {
  const live = await liveCaller(world.context)
  caller = live.caller
  code = live.code
  own = await subject(world, caller.partner, await customer(world))
  await requireConfirmation(world.context, { partner: code, kind: 'REFERRAL', confirmation: 'PERSON' })
})

const report = async (externalId: string): Promise<string> => {
  const result = await reportOne(world.context, caller, referral(externalId, { subject: own }))
  return 'id' in result ? result.id : ''
}

test('staff sees what waits, decides it, and its partner sees status and reason', async () => {
  const id = await report('c')
  const waiting = await asStaff(['compliance'], WAITING, { partner: code })
  expect(waiting).toEqual({
    codes: [],
    data: {
      reportedContributions: {
        edges: [{ node: { id, externalId: 'c', status: 'REPORTED', lead: null, partner: { code } } }],
      },
    },
  })
  const input = { contribution: id, decision: 'REJECTED', reason: 'made up', idempotencyKey: 'k-1' }
  const decided = {
    codes: [],
    data: {
      decideContribution: {
        contribution: {
          id,
          status: 'REJECTED',
          confirmation: 'PERSON',
          partner: { code },
          decision: { decision: 'REJECTED', reason: 'made up' },
        },
        userErrors: [],
      },
    },
  }
  expect(await asStaff(['partner-manager'], DECIDE, { input })).toEqual(decided)
  expect(await asStaff(['partner-manager'], DECIDE, { input })).toEqual(decided)
  const seen = await ask(
    { schema: partnerSchema, context: world.context, caller },
    '{ contributions(first: 1) { edges { node { id status subject decision { decision reason } } } } }',
  )
  expect(seen).toEqual({
    codes: [],
    data: {
      contributions: {
        edges: [
          { node: { id, status: 'REJECTED', subject: own, decision: { decision: 'REJECTED', reason: 'made up' } } },
        ],
      },
    },
  })
})

test('what cannot be decided so is a user error', async () => {
  const id = await report('d')
  const errorsOf = async (change: object) => {
    const input = { contribution: id, decision: 'CONFIRMED', idempotencyKey: 'k-2', ...change }
    const { data } = await asStaff(['partner-manager'], DECIDE, { input })
    return (data as { decideContribution: { userErrors: unknown } }).decideContribution.userErrors
  }
  expect(await errorsOf({ decision: 'REJECTED' })).toEqual([{ code: 'INVALID_INPUT', field: 'reason' }])
  expect(await errorsOf({ contribution: 'ctr_1' })).toEqual([{ code: 'NOT_FOUND', field: 'contribution' }])
  expect(await errorsOf({ idempotencyKey: '' })).toEqual([{ code: 'INVALID_INPUT', field: 'idempotencyKey' }])
  expect(await errorsOf({})).toEqual([])
  expect(await errorsOf({ idempotencyKey: 'k-3', decision: 'REJECTED', reason: 'no' })).toEqual([
    { code: 'WRONG_STATE', field: null },
  ])
  expect(await errorsOf({ decision: 'REJECTED', reason: 'no' })).toEqual([
    { code: 'IDEMPOTENCY_CONFLICT', field: 'idempotencyKey' },
  ])
})

test('partner managers alone decide, and systems that bring data in see nothing', async () => {
  const input = { contribution: await report('e'), decision: 'CONFIRMED', idempotencyKey: 'k-4' }
  for (const role of ['finance', 'compliance', 'ingest'] as const) {
    expect((await asStaff([role], DECIDE, { input })).codes).toEqual(['FORBIDDEN'])
  }
  expect((await asStaff(['ingest'], WAITING, {})).codes).toEqual(['FORBIDDEN'])
})

test('by which pseudonym a partner knows a customer is not shown to staff', async () => {
  const { codes } = await asStaff(
    ['compliance'],
    '{ reportedContributions(first: 1) { edges { node { subject } } } }',
    {},
  )
  expect(codes).toEqual([expect.stringContaining('Cannot query field "subject"')])
})
