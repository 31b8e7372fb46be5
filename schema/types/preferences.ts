import { findPreferences } from '../../customers/preferences/find-preferences.ts'
import type { Preferences } from '../../customers/preferences/preferences.ts'
import { switchRecommendations } from '../../customers/preferences/switch-recommendations.ts'
import { builder, type GraphName } from '../builder.ts'
import { customerOf } from '../graph-context.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['customer']
const authScopes = { kind: 'customer' } as const

const preferencesType = builder.objectRef<Preferences>('Preferences').implement({
  description: 'What the customer chose for all partners at once.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    recommendations: t.exposeBoolean('recommendations', {
      description: 'Whether partners may be told which products to recommend; true unless switched off.',
    }),
  }),
})

const switchRecommendationsInput = builder.inputType('SwitchRecommendationsInput', {
  description: 'Whether the customer wants products recommended.',
  subGraphs,
  fields: (t) => ({
    idempotencyKey: t.string({
      required: true,
      description: 'The same key with the same input has one effect; 1 to 200 characters.',
    }),
    on: t.boolean({ required: true, description: 'False: nothing is recommended by any partner from now on.' }),
  }),
})

const switchRecommendationsPayload = payloadType('SwitchRecommendationsPayload', {
  field: 'preferences',
  type: preferencesType,
  subGraphs,
})

builder.queryField('preferences', (t) =>
  t.field({
    type: preferencesType,
    description: 'What the customer chose for all partners at once.',
    subGraphs,
    authScopes,
    resolve: (_, __, graph) => findPreferences(graph.context, { accountKey: customerOf(graph).accountKey }),
  }),
)

builder.mutationField('switchRecommendations', (t) =>
  t.field({
    type: switchRecommendationsPayload,
    description: 'Switches recommendations off or on, for every partner, from the next read on.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: switchRecommendationsInput, required: true, description: 'Off or on.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => switchRecommendations(graph.context, { ...input, accountKey: customerOf(graph).accountKey })),
  }),
)
