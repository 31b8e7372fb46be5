import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { StatementLine, StatementRule } from '../../ledger/settlement/statement.ts'
import { tellLine } from '../../ledger/splits/explain/tell-line.ts'
import { tellRule } from '../../ledger/splits/explain/tell-rule.ts'
import type { RuleExplanation } from '../../ledger/splits/explanation.ts'
import { builder, type GraphName } from '../builder.ts'
import { ruleKindType } from './enums.ts'
import { languageArgs } from './language-args.ts'
import { moneyType } from './money.ts'
import { programmeNamed } from './programme.ts'
import { termsOf, termsVersionType } from './terms-version.ts'

/** What it takes to tell of a part: the statement's asset, and the programme for its time zone. */
type Told = { readonly asset: Asset; readonly programme: Id<'prg'> }
type TellableRule = StatementRule & Told

/** A line with its rule's explanation. */
export type TellableLine = StatementLine & Told & { readonly rule: RuleExplanation | undefined }

const subGraphs: GraphName[] = ['partner', 'operations']
const authScopes = { scopeOrStaff: 'statements:read' } as const

/** What one rule gave. */
export const statementRuleType = builder.objectRef<TellableRule>('StatementRule').implement({
  description: 'What one rule gave in a statement.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    ruleNo: t.exposeInt('ruleNo', { description: 'Its place within the statement, from 1.' }),
    kind: t.expose('kind', { type: ruleKindType, description: 'How it reckons.' }),
    originPeriod: t.exposeString('originPeriod', {
      nullable: true,
      description: 'The locked month that it corrects, e.g. 2026-02; none of the statement’s own month.',
    }),
    total: t.field({
      type: moneyType,
      description: 'What it gave; of a locked month, by how much it differs from what was settled.',
      resolve: ({ minor, asset }) => ({ minor, asset }),
    }),
    forgone: t.field({
      type: moneyType,
      description: 'What caps and limits took away.',
      resolve: ({ forgone, asset }) => ({ minor: forgone, asset }),
    }),
    lineCount: t.exposeInt('lineCount', { description: 'Lines behind it; of a locked month, those that changed.' }),
    commitment: t.exposeString('commitment', { description: 'SHA-256 that commits to its lines, hexadecimal.' }),
    sentence: t.string({
      description: 'How it came to its total, in sentences.',
      args: languageArgs,
      nullable: true,
      resolve: async ({ explanation, asset, programme }, { language }, graph) => {
        const known = await programmeNamed(graph, programme)
        return known && tellRule(explanation, { asset, timeZone: known.timeZone, language })
      },
    }),
    explanation: t.expose('explanation', { type: 'JSON', description: 'The same as data.' }),
    terms: t.field({
      type: termsVersionType,
      nullable: true,
      description: 'The terms that it is a rule of: those in force at its facts, or where their window opened.',
      resolve: ({ programme, explanation: { terms } }, _, graph) =>
        termsOf(graph, { programme, version: terms.version }),
    }),
  }),
})

/** One line of a statement. */
export const statementLineType = builder.objectRef<TellableLine>('StatementLine').implement({
  description: 'One contribution, or one member’s earnings, what it gave, and why.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    ruleNo: t.exposeInt('ruleNo', { description: 'The rule that it falls under.' }),
    lineNo: t.exposeInt('lineNo', { description: 'Its place within the rule, from 1.' }),
    contributionExternalId: t.exposeString('contributionExternalId', {
      nullable: true,
      description: 'The partner’s key of what it did; none where a rule looks at what members earn.',
    }),
    subject: t.exposeID('subject', { nullable: true, description: 'Pseudonym of the customer.' }),
    earned: t.field({
      type: moneyType,
      description: 'What it earned.',
      resolve: ({ minor, asset }) => ({ minor, asset }),
    }),
    sentence: t.string({
      description: 'Why it earned that, in sentences.',
      args: languageArgs,
      nullable: true,
      resolve: async ({ rule, minor, explanation, asset, programme }, { language }, graph) => {
        const known = await programmeNamed(graph, programme)
        return known && rule && tellLine({ minor, explanation }, rule, { asset, timeZone: known.timeZone, language })
      },
    }),
    explanation: t.expose('explanation', { type: 'JSON', description: 'The same as data.' }),
  }),
})
