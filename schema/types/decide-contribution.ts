import { decideContribution } from '../../ledger/facts/decide-contribution.ts'
import { surveyContributions } from '../../ledger/facts/survey-contributions.ts'
import { builder, type GraphName } from '../builder.ts'
import { contributionConnection, contributionType } from './contribution-type.ts'
import { decisionType } from './enums.ts'
import { pageArgs, pageIn } from './pages.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']

const decidePayload = payloadType('DecideContributionPayload', {
  field: 'contribution',
  type: contributionType,
  subGraphs,
})

const decideInput = builder.inputType('DecideContributionInput', {
  description: 'What becomes of a contribution that waits for a person’s word.',
  subGraphs,
  fields: (t) => ({
    contribution: t.id({ required: true, description: 'Its id.' }),
    decision: t.field({ type: decisionType, required: true, description: 'What becomes of it.' }),
    reason: t.string({ description: 'Why, up to 300 characters, which its partner reads; REJECTED needs it.' }),
    idempotencyKey: t.string({ required: true, description: 'The same again has one effect.' }),
  }),
})

builder.queryFields((t) => ({
  reportedContributions: t.field({
    type: contributionConnection,
    description: 'Contributions of one partner or of all, the last reported first.',
    subGraphs,
    authScopes: { kind: 'staff' },
    args: {
      partner: t.arg.string({ description: 'Code or id; of all partners when absent.' }),
      undecided: t.arg.boolean({ description: 'Whether to show those alone that wait for a confirmation.' }),
      ...pageArgs,
    },
    resolve: (_, { partner, undecided, ...args }, { context }) =>
      surveyContributions(context, { partner, undecided, page: pageIn(args) }),
  }),
}))

builder.mutationFields((t) => ({
  decideContribution: t.field({
    type: decidePayload,
    description: 'Confirms or rejects a contribution that waits for a person’s word. Role partner-manager.',
    subGraphs,
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: decideInput, required: true, description: 'What is decided.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => decideContribution(context, { ...input })),
  }),
}))
