import { approveOpening } from '../../ledger/openings/approve-opening.ts'
import { listOpenings } from '../../ledger/openings/list-openings.ts'
import type { Opening, OpeningLine } from '../../ledger/openings/opening.ts'
import { rejectOpening } from '../../ledger/openings/reject-opening.ts'
import { pageRows } from '../../ledger/reports/page-rows.ts'
import { builder, type GraphName } from '../builder.ts'
import { openingStatusType } from './enums.ts'
import { moneyType } from './money.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']

const lineType = builder.objectRef<OpeningLine>('OpeningLine').implement({
  description: 'A balance out of another system: of an account, or of an agreement.',
  subGraphs,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    account: t.string({
      nullable: true,
      description: 'The account; debit is positive.',
      resolve: (line) => (line.kind === 'ACCOUNT' ? line.account : null),
    }),
    agreement: t.id({
      nullable: true,
      description: 'The agreement; above zero it is owed to the partner.',
      resolve: (line) => (line.kind === 'ACCOUNT' ? null : line.agreement),
    }),
    releaseMonth: t.string({
      nullable: true,
      description: 'Until when it is held back; what has none is carried.',
      resolve: (line) => (line.kind === 'HOLDBACK' ? line.releaseMonth : null),
    }),
    amount: t.field({ type: moneyType, description: 'How much.', resolve: ({ asset, minor }) => ({ asset, minor }) }),
  }),
})
const lines = connectionOf(lineType, subGraphs)

const openingType = builder.objectRef<Opening>('Opening').implement({
  description: 'Balances that are brought along from another system together, by two persons.',
  subGraphs,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    cutOver: t.expose('cutOver', { type: 'DateTime', description: 'From when on the books are kept here.' }),
    reason: t.exposeString('reason', { description: 'Where they are from.' }),
    status: t.expose('status', { type: openingStatusType, description: 'What became of them.' }),
    lines: t.field({
      type: lines,
      description: 'The balances, in the order of the file.',
      args: pageArgs,
      resolve: (opening, args) => pageRows(opening.lines, pageIn(args)),
    }),
    proposedBy: t.exposeString('proposedBy', { description: 'Who proposed them.' }),
    proposedAt: t.expose('proposedAt', { type: 'DateTime', description: 'When.' }),
    decidedBy: t.exposeString('decidedBy', { nullable: true, description: 'Who approved or rejected them.' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true, description: 'When.' }),
    decisionReason: t.exposeString('decisionReason', { nullable: true, description: 'Why they were rejected.' }),
  }),
})
const openings = connectionOf(openingType, subGraphs)
const KEY = { required: true, description: 'The same again has one effect.' } as const
const approvePayload = payloadType('ApproveOpeningPayload', { field: 'opening', type: openingType, subGraphs })
const rejectPayload = payloadType('RejectOpeningPayload', { field: 'opening', type: openingType, subGraphs })

const approveInput = builder.inputType('ApproveOpeningInput', {
  description: 'Which opening balances are approved.',
  subGraphs,
  fields: (t) => ({ opening: t.id({ required: true, description: 'Their id.' }), idempotencyKey: t.string(KEY) }),
})
const rejectInput = builder.inputType('RejectOpeningInput', {
  description: 'Which opening balances are rejected, and why.',
  subGraphs,
  fields: (t) => ({
    opening: t.id({ required: true, description: 'Their id.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.queryFields((t) => ({
  openings: t.field({
    type: openings,
    description: 'Opening balances, the last proposed first, up to a hundred files. They are proposed by command line.',
    subGraphs,
    authScopes: { kind: 'staff' },
    args: pageArgs,
    resolve: async (_, args, { context }) => pageRows(await listOpenings(context), pageIn(args)),
  }),
}))

builder.mutationFields((t) => ({
  approveOpening: t.field({
    type: approvePayload,
    description: 'Brings balances along that another person proposed. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: approveInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => approveOpening(context, { ...input })),
  }),
  rejectOpening: t.field({
    type: rejectPayload,
    description: 'Rejects balances that another person proposed, for good. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: rejectInput, required: true, description: 'Which, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => rejectOpening(context, { ...input })),
  }),
}))
