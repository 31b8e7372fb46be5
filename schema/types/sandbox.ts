import { listSandboxCustomers } from '../../customers/sandbox/list-sandbox-customers.ts'
import { makeSandboxCustomers } from '../../customers/sandbox/make-sandbox-customers.ts'
import { revokeSandboxConsent } from '../../customers/sandbox/revoke-sandbox-consent.ts'
import type { SandboxCustomer } from '../../customers/sandbox/sandbox-account.ts'
import { Fault } from '../../kernel/fault.ts'
import { builder, type GraphName } from '../builder.ts'
import { type GraphContext, partnerOf } from '../graph-context.ts'
import { KEY } from './bank-details-input.ts'
import { partnerNamed } from './partner.ts'
import { payloadOf, payloadType } from './payloads.ts'

const both: GraphName[] = ['partner', 'operations']
const partner: GraphName[] = ['partner']
const operations: GraphName[] = ['operations']

const customerType = builder.objectRef<SandboxCustomer>('SandboxCustomer').implement({
  description: 'A synthetic customer that a partner’s engineers may play in the sandbox.',
  subGraphs: both,
  fields: (t) => ({
    account: t.exposeString('accountKey', { description: 'What to sign in with on the consent page.' }),
  }),
})

type Revoked = { readonly consent: string; readonly status: string }
const revokedType = builder.objectRef<Revoked>('RevokedSandboxConsent').implement({
  description: 'A consent that ended.',
  subGraphs: partner,
  fields: (t) => ({
    consent: t.exposeID('consent', { description: 'Its id.' }),
    status: t.exposeString('status', { description: 'REVOKED, unless it had ended otherwise before.' }),
  }),
})

const revokePayload = payloadType<Revoked>('RevokeSandboxConsentPayload', {
  ...{ field: 'revoked', type: revokedType, subGraphs: partner },
})
const revokeInput = builder.inputType('RevokeSandboxConsentInput', {
  description: 'Which consent of a synthetic customer ends.',
  subGraphs: partner,
  fields: (t) => ({ consentId: t.id({ required: true, description: 'Its id.' }), idempotencyKey: t.string(KEY) }),
})

type Made = { readonly customers: readonly SandboxCustomer[] }
const madeType = builder.objectRef<Made>('MadeSandboxCustomers').implement({
  description: 'The synthetic customers of a partner’s sandbox.',
  subGraphs: operations,
  fields: (t) => ({
    customers: t.field({ type: [customerType], description: 'All of them.', resolve: ({ customers }) => customers }),
  }),
})
const makePayload = payloadType<Made>('MakeSandboxCustomersPayload', {
  ...{ field: 'made', type: madeType, subGraphs: operations },
})
const makeInput = builder.inputType('MakeSandboxCustomersInput', {
  description: 'How many synthetic customers a partner’s sandbox shall have.',
  subGraphs: operations,
  fields: (t) => ({
    partner: t.string({ required: true, description: 'Its code or id.' }),
    count: t.int({
      required: true,
      description: '1 to 100; those that are there count, so the same again has one effect.',
    }),
  }),
})

builder.queryFields((t) => ({
  sandboxCustomers: t.field({
    type: [customerType],
    description: 'Synthetic customers that were made for the partner, who may sign in while it is in the sandbox.',
    subGraphs: partner,
    authScopes: { kind: 'partner' },
    resolve: async (_, __, graph) => listSandboxCustomers(graph.context, await codeOf(graph, partnerOf(graph).partner)),
  }),
}))

builder.mutationFields((t) => ({
  revokeSandboxConsent: t.field({
    type: revokePayload,
    description:
      'Ends a consent in the place of the synthetic customer who gave it, while the partner is in the sandbox.',
    subGraphs: partner,
    authScopes: { kind: 'partner' },
    args: { input: t.arg({ type: revokeInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(async () => {
        const { id, status } = await revokeSandboxConsent(graph.context, {
          ...input,
          partner: partnerOf(graph).partner,
        })
        return { consent: id, status }
      }),
  }),
  makeSandboxCustomers: t.field({
    type: makePayload,
    description: 'Makes synthetic customers for a partner’s sandbox. Role partner-manager.',
    subGraphs: operations,
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: makeInput, required: true, description: 'How many.' }) },
    resolve: (_, { input: { partner: named, count } }, graph) =>
      payloadOf(async () => {
        const partnerCode = await codeOf(graph, named)
        return { customers: await makeSandboxCustomers(graph.context, { partnerCode, count }) }
      }),
  }),
}))

async function codeOf(graph: GraphContext, named: string): Promise<string> {
  const found = await partnerNamed(graph, named)
  if (found === undefined) throw new Fault('NOT_FOUND', 'there is no such partner', { field: 'partner' })
  return found.code
}
