import { beforeAll, expect, test } from 'vitest'
import type { Caller, StaffRole } from '../../kernel/caller.ts'
import { proposeOpening } from '../../ledger/openings/propose-opening.ts'
import { operationsSchema } from '../../schema/graphs.ts'
import { as, type Debtor, debtor } from '../ledger/receivables/scene.ts'
import { programmeWith } from '../ledger/settlement/scene.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let owing: Debtor

const REPORT = `query ($month: String, $after: String) { closeReport(month: $month) { month at agrees
  sections { section told { minor } journal { minor } agrees }
  points { programme }
  movements(first: 2, after: $after) { edges { node { account opening { minor } closing { amount } } } pageInfo { hasNextPage endCursor } }
  payables(last: 1) { edges { node { kind partner statement owed { amount } age days } } }
  receivables(first: 5) { edges { node { partner agreement owed { amount } } } }
  holdbacks(first: 1) { edges { node { releaseMonth } } }
  payments(first: 1) { edges { node { rail } } }
  taxes(first: 1) { edges { node { cause } } }
  differences(first: 1) { edges { node { account } } } } }`
const PROPOSE = `mutation ($input: ProposeWriteOffInput!) { proposeWriteOff(input: $input) {
  writeOff { id status amount { amount } partner { code } proposedBy } userErrors { code field } } }`
const APPROVE = `mutation ($input: ApproveWriteOffInput!) { approveWriteOff(input: $input) {
  writeOff { status decidedBy } userErrors { code field } } }`
const REJECT = `mutation ($input: RejectWriteOffInput!) { rejectWriteOff(input: $input) {
  writeOff { status } userErrors { code field } } }`
const LIST = 'query { writeOffs(first: 5, status: APPROVED) { edges { node { id } } } }'
const OPENINGS = `query { openings(first: 1) { edges { node { id status
  lines(first: 5) { edges { node { account agreement releaseMonth amount { amount } } } } } } } }`
const APPROVE_OPENING = `mutation ($input: ApproveOpeningInput!) { approveOpening(input: $input) {
  opening { status decidedBy } userErrors { code field } } }`
const REJECT_OPENING = `mutation ($input: RejectOpeningInput!) { rejectOpening(input: $input) {
  opening { status decisionReason } userErrors { code } } }`

beforeAll(async () => {
  world.clock.set('2026-05-02T00:00:00Z')
  owing = await debtor(world)
})

function asStaff(
  name: string,
  source: string,
  variables: Record<string, unknown> = {},
  role: StaffRole = 'finance',
): Promise<Answer> {
  const caller: Caller = { kind: 'staff', name, roles: new Set([role]), requestId: 'r-1' }
  return ask({ schema: operationsSchema, context: as(world, `staff:${name}`), caller }, source, variables)
}

test('the close report is told part by part, a page at a time', async () => {
  const { code } = owing.member
  const answer = await asStaff('ann', REPORT, { month: '2026-02' }, 'compliance')
  expect(answer).toMatchObject({
    codes: [],
    data: {
      closeReport: {
        ...{ month: '2026-02', at: '2026-02-28T15:59:59.999Z', agrees: true, points: [] },
        sections: expect.arrayContaining([
          { section: 'RECEIVABLES', told: { minor: '2000' }, journal: { minor: '2000' }, agrees: true },
        ]),
        movements: {
          edges: [
            { node: { account: `Expenses:PartnerShare:${owing.programme}`, opening: { minor: '2000' } } },
            { node: { account: `Partner:Payable:${code}` } },
          ],
          pageInfo: { hasNextPage: true },
        },
        payables: {
          edges: [{ node: { kind: 'STATEMENT', partner: code, owed: { amount: '20.00' }, age: 'CURRENT', days: 0 } }],
        },
        receivables: { edges: [{ node: { partner: code, agreement: owing.agreement, owed: { amount: '20.00' } } }] },
        ...{ holdbacks: { edges: [] }, payments: { edges: [] }, taxes: { edges: [] }, differences: { edges: [] } },
      },
    },
  })
  const { closeReport } = answer.data as { closeReport: { movements: { pageInfo: { endCursor: string } } } }
  const after = closeReport.movements.pageInfo.endCursor
  expect(await asStaff('ann', REPORT, { month: '2026-02', after })).toMatchObject({
    data: { closeReport: { movements: { edges: [{ node: { account: `Receivable:Partner:${code}` } }] } } },
  })
  expect((await asStaff('ann', REPORT, { month: '2026-05' })).codes).toEqual(['PERIOD_NOT_OVER'])
})

test('two persons give up what is owed', async () => {
  const input = { agreement: owing.agreement, amount: '5', reason: 'it will not pay', idempotencyKey: 'k-1' }
  const proposed = await asStaff('ann', PROPOSE, { input })
  expect(proposed).toMatchObject({
    data: {
      proposeWriteOff: { writeOff: { status: 'PROPOSED', amount: { amount: '5.00' }, proposedBy: 'staff:ann' } },
    },
  })
  const { id } = (proposed.data as { proposeWriteOff: { writeOff: { id: string } } }).proposeWriteOff.writeOff
  const approval = { input: { writeOff: id, idempotencyKey: 'k-2' } }
  expect((await asStaff('ann', APPROVE, approval)).codes).toEqual(['FORBIDDEN'])
  expect(await asStaff('bo', APPROVE, approval)).toMatchObject({
    data: { approveWriteOff: { writeOff: { status: 'APPROVED', decidedBy: 'staff:bo' }, userErrors: [] } },
  })
  expect(await asStaff('cy', LIST)).toMatchObject({ data: { writeOffs: { edges: [{ node: { id } }] } } })
  const rejection = { input: { writeOff: id, reason: 'no', idempotencyKey: 'k-3' } }
  expect(await asStaff('cy', REJECT, rejection)).toMatchObject({
    data: { rejectWriteOff: { writeOff: null, userErrors: [{ code: 'WRONG_STATE' }] } },
  })
  for (const role of ['partner-manager', 'compliance', 'ingest'] as const) {
    expect((await asStaff('di', PROPOSE, { input }, role)).codes).toEqual(['FORBIDDEN'])
  }
})

test('another person decides on balances that are brought along', async () => {
  const lines = [{ account: 'Bank:house', asset: 'CNY/2', amount: '9' }]
  const cutOver = '2026-05-01T00:00:00+08:00'
  await programmeWith(world.context)
  const brought = { cutOver, reason: 'old books', lines, idempotencyKey: 'o-1' }
  const { id: opening } = await proposeOpening(as(world, 'staff:ann'), brought)
  expect(await asStaff('cy', OPENINGS, {}, 'compliance')).toMatchObject({
    data: {
      openings: {
        edges: [
          {
            node: { id: opening, lines: { edges: [{ node: { account: 'Bank:house', amount: { amount: '9.00' } } }] } },
          },
        ],
      },
    },
  })
  const approval = { input: { opening, idempotencyKey: 'o-2' } }
  expect(await asStaff('bo', APPROVE_OPENING, approval)).toMatchObject({
    data: { approveOpening: { opening: { status: 'APPROVED', decidedBy: 'staff:bo' }, userErrors: [] } },
  })
  const rejection = { input: { opening, reason: 'no', idempotencyKey: 'o-3' } }
  expect(await asStaff('cy', REJECT_OPENING, rejection)).toMatchObject({
    data: { rejectOpening: { opening: null, userErrors: [{ code: 'WRONG_STATE' }] } },
  })
})
