import { addWebhook, type EndpointWithSecret } from '../../partners/webhooks/add-webhook.ts'
import { removeWebhook, rotateWebhookSecret } from '../../partners/webhooks/change-webhook.ts'
import { EVENT_TYPES } from '../../partners/webhooks/event-types.ts'
import { listDeliveries, listWebhooks } from '../../partners/webhooks/list-webhooks.ts'
import { replayWebhooks } from '../../partners/webhooks/replay-webhooks.ts'
import type { WebhookDelivery, WebhookEndpoint } from '../../partners/webhooks/webhook-endpoint.ts'
import { builder, type GraphName } from '../builder.ts'
import { partnerOf, readerOf } from '../graph-context.ts'
import { KEY } from './bank-details-input.ts'
import { deliveryStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { payloadOf, payloadType } from './payloads.ts'

const both: GraphName[] = ['partner', 'operations']
const partner: GraphName[] = ['partner']
const operations: GraphName[] = ['operations']
/** A partner's client that may, or who looks after partners. */
const managers = { $any: { scope: 'webhooks:manage', role: 'partner-manager' } } as const

const endpointType = builder.objectRef<WebhookEndpoint>('WebhookEndpoint').implement({
  description: 'Where a partner is told of what happens, and of what.',
  subGraphs: both,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    url: t.exposeString('url', { description: 'Its address.' }),
    types: t.field({
      type: ['String'],
      description: 'Of what it is told, e.g. consent.revoked.',
      resolve: ({ types }) => types,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Since when.' }),
    record: t.exposeID('record', { description: 'Its record in the log.' }),
  }),
})

const shownType = builder.objectRef<EndpointWithSecret>('WebhookWithSecret').implement({
  description: 'An endpoint with its new secret.',
  subGraphs: both,
  fields: (t) => ({
    endpoint: t.expose('endpoint', { type: endpointType, description: 'The endpoint.' }),
    secret: t.exposeString('secret', {
      nullable: true,
      description: 'The new secret, whsec_…; shown in the first answer alone, and nowhere again.',
    }),
  }),
})

const deliveryType = builder.objectRef<WebhookDelivery>('WebhookDelivery').implement({
  description: 'One message to one endpoint, as it stands.',
  subGraphs: both,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its webhook-id, the same at each attempt.' }),
    endpoint: t.exposeID('endpoint', { description: 'To which endpoint.' }),
    type: t.exposeString('type', { description: 'What happened, e.g. consent.revoked.' }),
    about: t.exposeID('about', { nullable: true, description: 'The consent, statement or payout that it is about.' }),
    status: t.expose('status', { type: deliveryStatusType, description: 'Whether it was taken.' }),
    attempts: t.exposeInt('attempts', { description: 'How often it was sent.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was queued.' }),
    nextAt: t.expose('nextAt', { type: 'DateTime', nullable: true, description: 'When it is tried next.' }),
    deliveredAt: t.expose('deliveredAt', { type: 'DateTime', nullable: true, description: 'When it was taken.' }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'Why the last attempt was none: a status of HTTP, or a word such as TIMEOUT.',
    }),
  }),
})

const endpointPayload = payloadType<WebhookEndpoint>('RemoveWebhookPayload', {
  ...{ field: 'endpoint', type: endpointType, subGraphs: both },
})
const addPayload = payloadType<EndpointWithSecret>('AddWebhookPayload', {
  ...{ field: 'webhook', type: shownType, subGraphs: both },
})
const rotatePayload = payloadType<EndpointWithSecret>('RotateWebhookSecretPayload', {
  ...{ field: 'webhook', type: shownType, subGraphs: both },
})
const replayedType = builder.objectRef<{ readonly messages: number }>('ReplayedWebhooks').implement({
  description: 'What is sent again.',
  subGraphs: operations,
  fields: (t) => ({ messages: t.exposeInt('messages', { description: 'How many messages.' }) }),
})
const replayPayload = payloadType<{ readonly messages: number }>('ReplayWebhooksPayload', {
  ...{ field: 'replayed', type: replayedType, subGraphs: operations },
})

const addInput = builder.inputType('AddWebhookInput', {
  description: 'Where a partner wants to be told.',
  subGraphs: both,
  fields: (t) => ({
    partner: t.string({ description: 'For the staff: whose it is, by code or id. A partner adds its own.' }),
    url: t.string({ required: true, description: 'An https address on the public internet.' }),
    types: t.stringList({ description: `Of what: ${EVENT_TYPES.join(', ')}. Everything unless said.` }),
    idempotencyKey: t.string(KEY),
  }),
})
const removeInput = builder.inputType('RemoveWebhookInput', {
  description: 'Which endpoint ends.',
  subGraphs: both,
  fields: (t) => ({
    endpoint: t.id({ required: true, description: 'Its id.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const rotateInput = builder.inputType('RotateWebhookSecretInput', {
  description: 'Whose secret is renewed.',
  subGraphs: both,
  fields: (t) => ({
    endpoint: t.id({ required: true, description: 'Its id.' }),
    overlapHours: t.int({
      description: 'For how long the secret before it goes on signing: 24 unless said, 336 at most.',
    }),
    idempotencyKey: t.string(KEY),
  }),
})
const replayInput = builder.inputType('ReplayWebhooksInput', {
  description: 'What is sent again: one message, or all since a time.',
  subGraphs: operations,
  fields: (t) => ({
    partner: t.string({ required: true, description: 'Whose, by code or id.' }),
    delivery: t.id({ description: 'One message by its id.' }),
    since: t.field({ type: 'DateTime', description: 'All that were queued since then.' }),
  }),
})

const page = connectionOf(deliveryType, both)

builder.queryFields((t) => ({
  webhooks: t.field({
    type: [endpointType],
    description: 'Where the partner is told. Scope webhooks:manage.',
    subGraphs: partner,
    authScopes: { scope: 'webhooks:manage' },
    resolve: (_, _args, graph) => listWebhooks(graph.context, partnerOf(graph).partner),
  }),
  webhooksOf: t.field({
    type: [endpointType],
    description: 'Where a partner is told.',
    subGraphs: operations,
    authScopes: { kind: 'staff' },
    args: { partner: t.arg.string({ required: true, description: 'Its code or id.' }) },
    resolve: (_, { partner: named }, { context }) => listWebhooks(context, named),
  }),
  webhookDeliveries: t.field({
    type: page,
    description: 'Messages to partners, the latest first: a partner’s own (scope webhooks:manage), or all.',
    subGraphs: both,
    authScopes: { scopeOrStaff: 'webhooks:manage' },
    args: {
      ...pageArgs,
      partner: t.arg.string({ description: 'For the staff: of which partner, by code or id.' }),
      status: t.arg({ type: deliveryStatusType, description: 'Only those.' }),
    },
    resolve: (_, { partner: named, status, ...args }, graph) =>
      listDeliveries(graph.context, { partner: readerOf(graph) ?? named, status, page: pageIn(args) }),
  }),
}))

builder.mutationFields((t) => ({
  addWebhook: t.field({
    type: addPayload,
    description: 'Adds an address at which a partner is told. Scope webhooks:manage, or role partner-manager.',
    subGraphs: both,
    authScopes: managers,
    args: { input: t.arg({ type: addInput, required: true, description: 'Where, and of what.' }) },
    resolve: (_, { input: { partner: named, types, ...input } }, graph) =>
      payloadOf(() =>
        addWebhook(graph.context, {
          ...{ ...input, partner: readerOf(graph) ?? named ?? '' },
          ...(types != null && { types }),
        }),
      ),
  }),
  removeWebhook: t.field({
    type: endpointPayload,
    description: 'Ends an endpoint for good. Scope webhooks:manage, or role partner-manager.',
    subGraphs: both,
    authScopes: managers,
    args: { input: t.arg({ type: removeInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => removeWebhook(graph.context, { ...input, owner: readerOf(graph) })),
  }),
  rotateWebhookSecret: t.field({
    type: rotatePayload,
    description:
      'Makes a new secret, beside the one before it for a while. Scope webhooks:manage, or role partner-manager.',
    subGraphs: both,
    authScopes: managers,
    args: { input: t.arg({ type: rotateInput, required: true, description: 'Which.' }) },
    resolve: (_, { input: { overlapHours, ...input } }, graph) =>
      payloadOf(() =>
        rotateWebhookSecret(graph.context, {
          ...{ ...input, owner: readerOf(graph) },
          ...(overlapHours != null && { overlapHours }),
        }),
      ),
  }),
  replayWebhooks: t.field({
    type: replayPayload,
    description: 'Sends messages again that were taken or given up. Role partner-manager.',
    subGraphs: operations,
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: replayInput, required: true, description: 'Which.' }) },
    resolve: (_, { input: { since, ...input } }, { context }) =>
      payloadOf(async () => ({
        messages: await replayWebhooks(context, { ...input, since: since?.toISOString() }),
      })),
  }),
}))
