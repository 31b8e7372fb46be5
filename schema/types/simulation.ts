import type { Asset } from '../../kernel/money.ts'
import { parseStrictJson } from '../../kernel/strict-json.ts'
import { simulateTerms } from '../../ledger/settlement/simulate-terms.ts'
import type {
  Outcome,
  SimulatedMonth,
  SimulatedPartner,
  SimulatedRule,
  Simulation,
} from '../../ledger/settlement/simulation.ts'
import { builder, type GraphName } from '../builder.ts'
import { ruleKindType } from './enums.ts'
import { moneyType } from './money.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { kind: 'staff' } as const

/** A request is answered or refused in this time; the command line has an hour. */
const PATIENCE_SECONDS = 20

type In<T> = T & { readonly asset: Asset }

const outcomeType = builder.objectRef<In<Outcome>>('SimulatedOutcome').implement({
  description: 'What is earned under the terms in force and under those that are tried.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    today: t.field({
      type: moneyType,
      description: 'By the terms in force.',
      resolve: ({ today, asset }) => ({ minor: today, asset }),
    }),
    tried: t.field({
      type: moneyType,
      description: 'By the terms that are tried.',
      resolve: ({ tried, asset }) => ({ minor: tried, asset }),
    }),
    change: t.field({
      type: moneyType,
      description: 'What would be more; negative: less.',
      resolve: ({ change, asset }) => ({ minor: change, asset }),
    }),
  }),
})

const ruleType = builder.objectRef<In<SimulatedRule>>('SimulatedRule').implement({
  description: 'What one rule gives a partner in all of the months.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Version of the terms it stands in.' }),
    place: t.exposeInt('place', { description: 'Its place among the rules of those terms, from 0.' }),
    kind: t.expose('kind', { type: ruleKindType, description: 'How it reckons.' }),
    total: t.field({
      type: moneyType,
      description: 'What it gives.',
      resolve: ({ total, asset }) => ({ minor: total, asset }),
    }),
    forgone: t.field({
      type: moneyType,
      description: 'What caps and limits take away.',
      resolve: ({ forgone, asset }) => ({ minor: forgone, asset }),
    }),
    lineCount: t.exposeInt('lines', { description: 'Lines behind it.' }),
  }),
})

const monthType = builder.objectRef<In<SimulatedMonth>>('SimulatedMonth').implement({
  description: 'What a month comes to.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    month: t.exposeString('month', { description: 'The month, e.g. 2026-01.' }),
    outcome: t.field({ type: outcomeType, description: 'Of all members.', resolve: (month) => month }),
  }),
})

const partnerType = builder.objectRef<In<SimulatedPartner>>('SimulatedPartner').implement({
  description: 'What a partner would earn.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    partner: t.exposeString('partner', { description: 'Its code.' }),
    outcome: t.field({ type: outcomeType, description: 'In all of the months.', resolve: (partner) => partner }),
    rulesToday: t.field({
      type: [ruleType],
      description: 'What gives it that today.',
      resolve: ({ rules, asset }) => rules.today.map((rule) => ({ ...rule, asset })),
    }),
    rulesTried: t.field({
      type: [ruleType],
      description: 'What would give it that.',
      resolve: ({ rules, asset }) => rules.tried.map((rule) => ({ ...rule, asset })),
    }),
  }),
})

const simulationType = builder.objectRef<Simulation>('Simulation').implement({
  description:
    'What terms would have earned members over some months, beside what those in force earn. Nothing is written.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    hash: t.exposeString('hash', {
      description: 'SHA-256 of the terms that were tried, by which they would be known.',
    }),
    facts: t.exposeInt('facts', { description: 'Facts that were read; each once for either terms.' }),
    months: t.field({
      type: [monthType],
      description: 'Every month.',
      resolve: ({ months, programme: { asset } }) => months.map((month) => ({ ...month, asset })),
    }),
    partners: t.field({
      type: [partnerType],
      description: 'Who earns anything under either, by code.',
      resolve: ({ partners, programme: { asset } }) => partners.map((partner) => ({ ...partner, asset })),
    }),
    total: t.field({
      type: outcomeType,
      description: 'Of all members and months.',
      resolve: ({ total, programme: { asset } }) => ({ ...total, asset }),
    }),
  }),
})

const simulateTermsInput = builder.inputType('SimulateTermsInput', {
  description: 'Which terms are tried on which facts.',
  subGraphs,
  fields: (t) => ({
    programme: t.string({ required: true, description: 'Its code or id.' }),
    terms: t.string({ required: true, description: 'The terms, as the text of their JSON.' }),
    from: t.string({ required: true, description: 'The first month, e.g. 2026-01.' }),
    to: t.string({ description: 'The last month, at most 24 in all; the first alone unless given.' }),
    partner: t.string({ description: 'Code or id: this partner is told of alone.' }),
  }),
})

builder.queryFields((t) => ({
  simulateTerms: t.field({
    type: simulationType,
    description: `Tries terms on the facts that are stored; refused as TIMEOUT after ${PATIENCE_SECONDS} seconds.`,
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: simulateTermsInput, required: true, description: 'What is tried.' }) },
    resolve: (_, { input: { programme, terms, from, to, partner } }, { context }) =>
      simulateTerms(context, {
        ...{ programme, from, terms: parseStrictJson(terms), patienceSeconds: PATIENCE_SECONDS },
        ...{ to: to ?? undefined, partner: partner ?? undefined },
      }),
  }),
}))
