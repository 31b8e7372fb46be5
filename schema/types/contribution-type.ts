import type { ContributionDecision } from '../../ledger/facts/confirmation.ts'
import type { Contribution } from '../../ledger/facts/contribution.ts'
import { builder, type GraphName } from '../builder.ts'
import { confirmationType, contributionKindType, contributionStatusType, decisionType } from './enums.ts'
import { moneyType } from './money.ts'
import { connectionOf } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'
import { recordOf, recordType } from './record.ts'

const subGraphs: GraphName[] = ['partner', 'operations']

/** Who may read contributions: the partner's own clients, and staff. */
export const contributionReaders = { $any: { scope: 'contributions:write', scopeOrStaff: 'statements:read' } } as const

const contributionDecisionType = builder.objectRef<ContributionDecision>('ContributionDecision').implement({
  description: 'What was decided on a contribution that waited for a confirmation.',
  subGraphs,
  authScopes: contributionReaders,
  fields: (t) => ({
    decision: t.expose('decision', { type: decisionType, description: 'Whether it counts.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why; there is one whenever it was rejected.' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', description: 'When that was stored.' }),
    record: t.exposeID('record', { description: 'Its record in the log, which can be proven.' }),
  }),
})

/** A contribution; by which pseudonym a partner knows the customer is shown to that partner alone. */
export const contributionType = builder.objectRef<Contribution>('Contribution').implement({
  description: 'What the partner did, as it reported it.',
  subGraphs,
  authScopes: contributionReaders,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    externalId: t.exposeString('externalId', { description: 'The partner’s own key.' }),
    kind: t.expose('kind', { type: contributionKindType, description: 'What was done.' }),
    status: t.expose('status', { type: contributionStatusType, description: 'Whether it counts.' }),
    confirmation: t.expose('confirmation', {
      type: confirmationType,
      description: 'What it waits for beside its customer.',
    }),
    decision: t.expose('decision', {
      type: contributionDecisionType,
      nullable: true,
      description: 'What was decided on it, where it waited for that.',
    }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      subGraphs: ['operations'],
      description: 'Whose it is.',
      resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
    }),
    subject: t.exposeID('subject', {
      nullable: true,
      subGraphs: ['partner'],
      description: 'Pseudonym of the customer.',
    }),
    lead: t.exposeString('lead', { nullable: true, description: 'The lead, where there is no subject.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it was done.' }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'When it was stored.' }),
    quantity: t.string({ description: 'How many, a whole number.', resolve: ({ quantity }) => `${quantity}` }),
    value: t.expose('value', { type: moneyType, nullable: true, description: 'What it was worth.' }),
    campaign: t.exposeString('campaign', { nullable: true, description: 'The campaign.' }),
    market: t.exposeString('market', { nullable: true, description: 'The market.' }),
    course: t.exposeString('course', { nullable: true, description: 'The course.' }),
    units: t.string({
      nullable: true,
      description: 'Units of the course in all; quantity is how many are done.',
      resolve: ({ units }) => units?.toString(),
    }),
    unit: t.exposeString('unit', { nullable: true, description: 'What traffic is counted in; quantity is how many.' }),
    score: t.string({
      nullable: true,
      description: 'How well a service went.',
      resolve: ({ score }) => score?.toString(),
    }),
    record: t.exposeID('record', { description: 'Its record in the log, which can be proven.' }),
    logRecord: t.field({
      type: recordType,
      nullable: true,
      description: 'The same, with its proof. Scope statements:read.',
      resolve: ({ record }, _, graph) => recordOf(graph, record),
    }),
  }),
})

/** Pages of contributions. */
export const contributionConnection = connectionOf(contributionType, subGraphs)
