import { Fault } from '../../kernel/fault.ts'
import type { Capability, CapabilityNow } from '../../partners/capabilities/capability.ts'
import { changeCapability } from '../../partners/capabilities/change-capability.ts'
import { listCapabilities } from '../../partners/capabilities/list-capabilities.ts'
import { builder, type GraphName } from '../builder.ts'
import type { GraphContext } from '../graph-context.ts'
import { capabilityKindType, capabilityStatusType } from './enums.ts'
import { partnerType } from './partner.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const operations: GraphName[] = ['operations']

/** What a partner may do, as it counts now. */
export const capabilityType = builder.objectRef<CapabilityNow>('Capability').implement({
  description: 'What a partner may ask for, see or do, as it counts now.',
  subGraphs,
  fields: (t) => ({
    kind: t.expose('kind', { type: capabilityKindType, description: 'What it is about.' }),
    key: t.exposeString('key', {
      description:
        'A category of tags or of products, a scope, granted or lowered of a quota; * for whatever nothing is said of.',
    }),
    status: t.expose('status', { type: capabilityStatusType, description: 'Only what is ACTIVE may be used.' }),
    due: t.exposeString('due', { nullable: true, description: 'What has to be done first, where it is PENDING.' }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'When permission ends, or a restriction is lifted.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why; absent for a default.' }),
    permille: t.exposeInt('permille', { nullable: true, description: 'Of the ordinary quota, where it is one.' }),
    changedAt: t.expose('changedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when; absent for a default.',
    }),
    record: t.exposeID('record', { nullable: true, description: 'Its record; absent for a default.' }),
  }),
})

const changePayload = payloadType<CapabilityNow>('ChangeCapabilityPayload', {
  ...{ field: 'capability', type: capabilityType, subGraphs: operations },
})

const changeInput = builder.inputType('ChangeCapabilityInput', {
  description: 'What a partner may do from now on.',
  subGraphs: operations,
  fields: (t) => ({
    partner: t.string({ required: true, description: 'Its code or id.' }),
    kind: t.field({ type: capabilityKindType, required: true, description: 'What it is about.' }),
    key: t.string({
      required: true,
      description: 'A category of tags or of products, a scope, or granted or lowered of a quota.',
    }),
    status: t.field({ type: capabilityStatusType, required: true, description: 'Compliance may only restrict.' }),
    due: t.string({ description: 'What has to be done first; with PENDING alone.' }),
    until: t.field({ type: 'DateTime', description: 'When permission ends, or a restriction is lifted.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters; the partner reads it.' }),
    permille: t.int({ description: 'Of the ordinary quota, 0 to 10000; with a QUOTA alone.' }),
    idempotencyKey: t.string({ required: true, description: 'The same again has one effect.' }),
  }),
})

builder.objectFields(partnerType, (t) => ({
  capabilities: t.field({
    type: [capabilityType],
    subGraphs,
    description: 'What it may ask for, see and do, and how much: the defaults first, then what is said of it.',
    resolve: ({ id }, _, { context }) => listCapabilities(context, id),
  }),
}))

builder.mutationFields((t) => ({
  changeCapability: t.field({
    type: changePayload,
    description: 'Says what a partner may do. Role partner-manager; compliance may restrict.',
    subGraphs: operations,
    authScopes: { restrictor: true },
    args: { input: t.arg({ type: changeInput, required: true, description: 'Which capability, and what of it.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf<Capability>(() => {
        refuseWidening(graph, input.status)
        return changeCapability(graph.context, { ...input, until: input.until?.toISOString() })
      }),
  }),
}))

/** Compliance takes away what somebody else gives. */
function refuseWidening({ caller }: GraphContext, status: Capability['status']): void {
  if (status === 'RESTRICTED' || (caller.kind === 'staff' && caller.roles.has('partner-manager'))) return
  throw new Fault('FORBIDDEN', 'compliance may restrict a capability; the role partner-manager gives it')
}
