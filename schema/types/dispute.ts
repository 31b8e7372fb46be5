import { acceptStatement } from '../../ledger/disputes/accept-statement.ts'
import { answerDispute } from '../../ledger/disputes/answer-dispute.ts'
import { disputeStatement } from '../../ledger/disputes/dispute-statement.ts'
import { listDisputes } from '../../ledger/disputes/list-disputes.ts'
import { withdrawDispute } from '../../ledger/disputes/withdraw-dispute.ts'
import { builder, type GraphName } from '../builder.ts'
import { type GraphContext, partnerOf, readerOf } from '../graph-context.ts'
import { disputeType } from './dispute-type.ts'
import { disputeStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { payloadOf, payloadType } from './payloads.ts'
import { statementType } from './statement.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
/** The partner itself answers, or finance on its behalf. */
const answerers = { $any: { scope: 'statements:answer', role: 'finance' } } as const
const KEY = { required: true, description: 'The same again has one effect.' } as const

const acceptPayload = payloadType('AcceptStatementPayload', { field: 'statement', type: statementType, subGraphs })
const disputePayload = payloadType('DisputeStatementPayload', { field: 'dispute', type: disputeType, subGraphs })
const withdrawPayload = payloadType('WithdrawDisputePayload', { field: 'dispute', type: disputeType, subGraphs })
const answerPayload = payloadType('AnswerDisputePayload', {
  field: 'dispute',
  type: disputeType,
  subGraphs: ['operations'],
})

const acceptInput = builder.inputType('AcceptStatementInput', {
  description: 'Which statement is accepted.',
  subGraphs,
  fields: (t) => ({
    statement: t.id({ required: true, description: 'Its id or number.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const disputeInput = builder.inputType('DisputeStatementInput', {
  description: 'What of a statement is disputed, and why. Without rules and lines, the whole of it is.',
  subGraphs,
  fields: (t) => ({
    statement: t.id({ required: true, description: 'Its id or number.' }),
    rules: t.intList({ description: 'Places of rules, up to 100.' }),
    lines: t.idList({ description: 'Ids of lines that the partner may see, up to 100.' }),
    amount: t.string({
      description:
        'How much of the payout is in doubt, a decimal such as 12.50; what the parts gave above zero when absent.',
    }),
    reason: t.string({ required: true, description: 'Why, up to 500 characters; finance reads it.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const withdrawInput = builder.inputType('WithdrawDisputeInput', {
  description: 'Which dispute is withdrawn.',
  subGraphs,
  fields: (t) => ({
    dispute: t.id({ required: true, description: 'Its id.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const answerInput = builder.inputType('AnswerDisputeInput', {
  description: 'What becomes of a dispute.',
  subGraphs: ['operations'],
  fields: (t) => ({
    dispute: t.id({ required: true, description: 'Its id.' }),
    upheld: t.boolean({ required: true, description: 'Whether the partner is right.' }),
    amount: t.string({
      description:
        'What it is to be given, a decimal above zero, of what is upheld: an adjustment that another person approves.',
    }),
    answer: t.string({ required: true, description: 'Up to 300 characters; the partner reads it.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.queryFields((t) => ({
  disputes: t.field({
    type: connectionOf(disputeType, subGraphs),
    description: 'Disputes, the last opened first: a partner’s own, or all. Scope statements:read.',
    subGraphs,
    authScopes: { scopeOrStaff: 'statements:read' },
    args: {
      status: t.arg({ type: disputeStatusType, description: 'Those alone in this status.' }),
      ...pageArgs,
    },
    resolve: (_, { status, ...args }, graph) =>
      listDisputes(graph.context, {
        partner: readerOf(graph),
        status: status ?? undefined,
        page: pageIn(args),
      }),
  }),
}))

builder.mutationFields((t) => ({
  acceptStatement: t.field({
    type: acceptPayload,
    description:
      'Accepts a statement: it can be paid, and not be disputed any more. Scope statements:answer; or finance, on the partner’s behalf.',
    subGraphs,
    authScopes: answerers,
    args: { input: t.arg({ type: acceptInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => acceptStatement(graph.context, { ...input, caller: answererIn(graph) })),
  }),
  disputeStatement: t.field({
    type: disputePayload,
    description:
      'Disputes rules or lines of a statement, or the whole of it: what is in doubt is not paid until it is answered. Scope statements:answer; or finance, on the partner’s behalf.',
    subGraphs,
    authScopes: answerers,
    args: { input: t.arg({ type: disputeInput, required: true, description: 'What, and why.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => disputeStatement(graph.context, { ...input, caller: answererIn(graph) })),
  }),
  withdrawDispute: t.field({
    type: withdrawPayload,
    description: 'Withdraws a dispute. Scope statements:answer; or finance, on the partner’s behalf.',
    subGraphs,
    authScopes: answerers,
    args: { input: t.arg({ type: withdrawInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => withdrawDispute(graph.context, { ...input, caller: answererIn(graph) })),
  }),
  answerDispute: t.field({
    type: answerPayload,
    description: 'Answers a dispute, for good; the statement stays as it is. Role finance.',
    subGraphs: ['operations'],
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: answerInput, required: true, description: 'The answer.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => answerDispute(context, { ...input })),
  }),
}))

function answererIn(graph: GraphContext): ReturnType<typeof partnerOf> | undefined {
  return graph.caller.kind === 'staff' ? undefined : partnerOf(graph)
}
