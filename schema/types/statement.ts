import { isId, parseId } from '../../kernel/ids.ts'
import { parseMonth } from '../../kernel/month.ts'
import type { PageResult } from '../../kernel/pages.ts'
import type { Dispute } from '../../ledger/disputes/dispute.ts'
import { findAnswers } from '../../ledger/disputes/find-answers.ts'
import { findDisputes } from '../../ledger/disputes/find-disputes.ts'
import type { StatementAnswer } from '../../ledger/disputes/statement-answer.ts'
import { findClaim } from '../../ledger/distribution/find-claim.ts'
import { listPayoutsOfStatement } from '../../ledger/payouts/list-payouts-of-statement.ts'
import { findStatement, type StatementDetail } from '../../ledger/settlement/find-statement.ts'
import { listStatementLines } from '../../ledger/settlement/list-statement-lines.ts'
import { listStatements } from '../../ledger/settlement/list-statements.ts'
import type { Statement } from '../../ledger/settlement/statement.ts'
import { batched } from '../batched.ts'
import { builder, type GraphName } from '../builder.ts'
import { type GraphContext, partnerOf, readerOf } from '../graph-context.ts'
import { perRequest } from '../per-request.ts'
import { disputeType } from './dispute-type.ts'
import { statementStatusType } from './enums.ts'
import { languageArgs } from './language-args.ts'
import { moneyType } from './money.ts'
import { onChainClaimType } from './on-chain-claim.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'
import { payoutType } from './payout.ts'
import { programmeNamed, programmeType } from './programme.ts'
import { recordOf, recordType } from './record.ts'
import { statementDocumentsType } from './statement-documents.ts'
import { statementLineType, statementRuleType, type TellableLine } from './statement-parts.ts'
import { termsOf, termsVersionType } from './terms-version.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const authScopes = { scopeOrStaff: 'statements:read' } as const

/** What a statement's amounts mean. */
const AMOUNTS = {
  opening: 'Carried in from the statement before.',
  earned: 'Earned in the month.',
  holdback: 'Held back of it.',
  released: 'Held back earlier, and due now.',
  clawbacks: 'Taken back; not above zero.',
  payout: 'Paid, before tax.',
  vat: 'Value added tax on the payout.',
  withholding: 'Tax withheld from the payout.',
  transfer: 'What goes to the bank.',
  closing: 'Carried out; negative when the partner owes it.',
  held: 'All that is held back after this month.',
} as const

const lines = connectionOf(statementLineType, subGraphs)
/** A statement; what else hangs on it adds its own fields. */
export const statementType = builder.objectRef<Statement>('Statement')

statementType.implement({
  description: 'What one partner earned in one month of a programme, and is paid.',
  subGraphs,
  // whoever accepts one is shown it
  authScopes: { $any: { ...authScopes, scope: 'statements:answer' } },
  fields: (t) => {
    const amount = (name: keyof typeof AMOUNTS) =>
      t.field({
        type: moneyType,
        description: AMOUNTS[name],
        resolve: (statement) => ({ minor: statement[name], asset: statement.asset }),
      })
    return {
      id: t.exposeID('id', { description: 'Its id.' }),
      number: t.exposeString('number', { description: 'Its number, for people.' }),
      month: t.exposeString('month', { description: 'The month, e.g. 2026-01.' }),
      status: t.expose('status', { type: statementStatusType, description: 'Where it stands.' }),
      issuedAt: t.expose('issuedAt', { type: 'DateTime', nullable: true, description: 'When it was issued.' }),
      releaseMonth: t.exposeString('releaseMonth', { description: 'The month that releases what is held back.' }),
      record: t.exposeID('record', { nullable: true, description: 'Its record in the log, which can be proven.' }),
      logRecord: t.field({
        type: recordType,
        nullable: true,
        description: 'The same, with its proof. Staff: roles finance and compliance.',
        resolve: ({ record }, _, graph) => (record === undefined ? null : recordOf(graph, record)),
      }),
      lineCount: t.exposeInt('lineCount', { description: 'Lines in all.' }),
      opening: amount('opening'),
      earned: amount('earned'),
      holdback: amount('holdback'),
      released: amount('released'),
      clawbacks: amount('clawbacks'),
      payout: amount('payout'),
      vat: amount('vat'),
      withholding: amount('withholding'),
      transfer: amount('transfer'),
      closing: amount('closing'),
      held: amount('held'),
      programme: t.field({
        type: programmeType,
        nullable: true,
        description: 'What it shares in.',
        resolve: ({ programme }, _, graph) => programmeNamed(graph, programme),
      }),
      terms: t.field({
        type: termsVersionType,
        nullable: true,
        description: 'The terms that settle the month; a rule is of those in force at its own facts.',
        resolve: ({ programme, terms: { version } }, _, graph) => termsOf(graph, { programme, version }),
      }),
      partner: t.field({
        type: partnerType,
        nullable: true,
        description: 'Who earned it.',
        resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
      }),
      rules: t.field({
        type: [statementRuleType],
        description: 'What each rule gave.',
        resolve: async ({ id, asset, programme }, _, graph) =>
          ((await detailOf(graph, id))?.rules ?? []).map((rule) => ({ ...rule, asset, programme })),
      }),
      disputeEndsAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Until when, exclusively, it may be disputed; unanswered, it counts as accepted from then on.',
        resolve: async ({ id }, _, graph) => (await answerTo(graph, id))?.disputeEndsAt,
      }),
      disputed: t.field({
        type: moneyType,
        description: 'Of the payout, before tax: what open disputes hold. The rest is paid.',
        resolve: async ({ id, asset }, _, graph) => ({ minor: (await answerTo(graph, id))?.disputed ?? 0n, asset }),
      }),
      disputes: t.field({
        type: [disputeType],
        description: 'Its disputes, the first opened first; at most 100 there are.',
        resolve: async ({ id }, _, graph) => (await disputesOf(graph, id)) ?? [],
      }),
      documents: t.field({
        type: statementDocumentsType,
        description: 'Where it is had as a file.',
        args: languageArgs,
        resolve: ({ id }, { language }) => ({ id, language }),
      }),
      onChainClaim: t.field({
        type: onChainClaimType,
        nullable: true,
        subGraphs: ['partner'],
        description: 'How it is claimed on a chain, once the contract has the money.',
        resolve: ({ id }, _, graph) => findClaim(graph.context, { statement: id, partner: partnerOf(graph).partner }),
      }),
      payouts: t.field({
        type: [payoutType],
        description: 'How it is paid by bank, attempt by attempt. A partner sees those that may have left.',
        resolve: async ({ id }, _, graph) => [
          ...(await listPayoutsOfStatement(graph.context, { statement: id, partner: readerOf(graph) })),
        ],
      }),
      lines: t.field({
        type: lines,
        description:
          'Its lines. A partner sees those whose customer lets it (purpose SETTLEMENT), and each is disclosed.',
        args: pageArgs,
        resolve: (statement, args, graph) => linesOf(graph, statement, pageIn(args)),
      }),
    }
  },
})

const statements = connectionOf(statementType, subGraphs)

builder.queryFields((t) => ({
  statements: t.field({
    type: statements,
    nullable: true,
    description:
      'Statements that were issued, oldest first: a partner’s own, or all. Nothing for an unknown programme. Scope statements:read.',
    subGraphs,
    authScopes,
    args: {
      programme: t.arg.string({ description: 'Of this programme only, by code or id.' }),
      month: t.arg.string({ description: 'Of this month only, e.g. 2026-01.' }),
      ...pageArgs,
    },
    resolve: async (_, { programme, month, ...args }, graph) => {
      const known = programme == null ? undefined : await programmeNamed(graph, programme)
      if (programme != null && known === undefined) return null
      const only = {
        partner: readerOf(graph),
        programme: known?.id,
        month: month == null ? undefined : parseMonth(month),
      }
      return listStatements(graph.context, { ...only, page: pageIn(args) })
    },
  }),
  statement: t.field({
    type: statementType,
    nullable: true,
    description: 'A statement by its id; nothing for another partner’s. Scope statements:read.',
    subGraphs,
    authScopes,
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, graph) => detailOf(graph, id),
  }),
}))

const answerTo = batched(
  ({ context }: GraphContext, ids): Promise<ReadonlyMap<string, StatementAnswer>> =>
    findAnswers(
      context,
      ids.map((id) => parseId('sta', id)),
    ),
)

const disputesOf = batched(
  ({ context }: GraphContext, ids): Promise<ReadonlyMap<string, readonly Dispute[]>> =>
    findDisputes(
      context,
      ids.map((id) => parseId('sta', id)),
    ),
)

const detailOf = perRequest((graph: GraphContext, id): Promise<StatementDetail | undefined> => {
  if (!isId('sta', id)) return Promise.resolve(undefined)
  return findStatement(graph.context, { id, partner: readerOf(graph) })
})

async function linesOf(
  graph: GraphContext,
  { id, asset, programme }: Statement,
  page: ReturnType<typeof pageIn>,
): Promise<PageResult<TellableLine>> {
  const caller = graph.caller.kind === 'staff' ? undefined : partnerOf(graph)
  const { edges, ...rest } = await listStatementLines(graph.context, { statement: id, caller, page })
  const rules = new Map((await detailOf(graph, id))?.rules.map((rule) => [rule.ruleNo, rule.explanation]))
  return {
    ...rest,
    edges: edges.map(({ node, cursor }) => ({
      node: { ...node, asset, programme, rule: rules.get(node.ruleNo) },
      cursor,
    })),
  }
}
