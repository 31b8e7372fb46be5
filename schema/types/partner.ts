import { createPartner } from '../../partners/create-partner.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { goLive } from '../../partners/go-live.ts'
import { listPartners } from '../../partners/list-partners.ts'
import type { Partner } from '../../partners/partner.ts'
import { setJurisdiction } from '../../partners/set-jurisdiction.ts'
import { builder, GRAPHS, type GraphName } from '../builder.ts'
import { type GraphContext, partnerOf } from '../graph-context.ts'
import { perRequest } from '../per-request.ts'
import { partnerKindType, partnerStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { payloadOf, payloadType } from './payloads.ts'

const inner: GraphName[] = ['partner', 'operations']

/** A partner; a customer sees its name only. */
export const partnerType = builder.objectRef<Partner>('Partner').implement({
  description: 'A partner of the broker.',
  subGraphs: [...GRAPHS],
  fields: (t) => ({
    id: t.exposeID('id', { subGraphs: inner, description: 'Its id.' }),
    code: t.exposeString('code', { description: 'Its short name, which never changes.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    kind: t.expose('kind', { type: partnerKindType, subGraphs: inner, description: 'What it brings.' }),
    status: t.expose('status', { type: partnerStatusType, subGraphs: inner, description: 'Where it stands.' }),
    jurisdiction: t.exposeString('jurisdiction', { description: 'Where it is (ISO 3166-1 alpha-2), such as CN.' }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      subGraphs: ['operations'],
      description: 'When it was taken in.',
    }),
  }),
})

/** The partner with an id or code, asked for once per request. */
export const partnerNamed = perRequest(({ context }: GraphContext, named) => findPartner(context, named))

const partners = connectionOf(partnerType, ['operations'])
const partnerPayload = { field: 'partner', type: partnerType, subGraphs: ['operations'] } as const
const createPartnerPayload = payloadType('CreatePartnerPayload', partnerPayload)
const goLivePayload = payloadType('GoLivePayload', partnerPayload)
const setJurisdictionPayload = payloadType('SetJurisdictionPayload', partnerPayload)

const createPartnerInput = builder.inputType('CreatePartnerInput', {
  description: 'A new partner.',
  subGraphs: ['operations'],
  fields: (t) => ({
    code: t.string({
      required: true,
      description: '2 to 40 of a-z, 0-9 and -. Whoever has it already is a DUPLICATE.',
    }),
    name: t.string({ required: true, description: 'Its name.' }),
    kind: t.field({ type: partnerKindType, required: true, description: 'What it brings.' }),
    jurisdiction: t.string({ description: 'Where it is (ISO 3166-1 alpha-2); CN unless given.' }),
  }),
})

const goLiveInput = builder.inputType('GoLiveInput', {
  description: 'The partner that goes live.',
  subGraphs: ['operations'],
  fields: (t) => ({
    partner: t.string({ required: true, description: 'Its code or id.' }),
    idempotencyKey: t.string({ description: 'The same again has one effect; without one it is refused.' }),
  }),
})

const setJurisdictionInput = builder.inputType('SetJurisdictionInput', {
  description: 'Where a partner is from now on.',
  subGraphs: ['operations'],
  fields: (t) => ({
    idempotencyKey: t.string({
      required: true,
      description: 'The same key with the same input has one effect; 1 to 200 characters.',
    }),
    partner: t.string({ required: true, description: 'Its code or id.' }),
    jurisdiction: t.string({ required: true, description: 'ISO 3166-1 alpha-2, such as SG.' }),
    reason: t.string({ required: true, description: 'Why; the partner can read it.' }),
  }),
})

builder.queryFields((t) => ({
  me: t.field({
    type: partnerType,
    nullable: true,
    description: 'The partner that calls.',
    subGraphs: ['partner'],
    authScopes: { kind: 'partner' },
    resolve: (_, __, graph) => findPartner(graph.context, partnerOf(graph).partner),
  }),
  partners: t.field({
    type: partners,
    description: 'All partners, by code.',
    subGraphs: ['operations'],
    authScopes: { kind: 'staff' },
    args: pageArgs,
    resolve: (_, args, { context }) => listPartners(context, pageIn(args)),
  }),
  partner: t.field({
    type: partnerType,
    nullable: true,
    description: 'A partner by code or id, or nothing.',
    subGraphs: ['operations'],
    authScopes: { kind: 'staff' },
    args: { code: t.arg.string({ required: true, description: 'Its code or id.' }) },
    resolve: (_, { code }, { context }) => findPartner(context, code),
  }),
}))

builder.mutationFields((t) => ({
  createPartner: t.field({
    type: createPartnerPayload,
    description: 'Takes in a partner, in the sandbox. Role partner-manager.',
    subGraphs: ['operations'],
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: createPartnerInput, required: true, description: 'The partner.' }) },
    resolve: (_, { input: { jurisdiction, ...input } }, { context }) =>
      payloadOf(() => createPartner(context, { ...input, ...(jurisdiction && { jurisdiction }) })),
  }),
  goLive: t.field({
    type: goLivePayload,
    description: 'Takes a partner from the sandbox to real customers. Role partner-manager.',
    subGraphs: ['operations'],
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: goLiveInput, required: true, description: 'Which partner.' }) },
    resolve: (_, { input: { partner, idempotencyKey } }, { context }) =>
      payloadOf(() => goLive(context, { partner, ...(idempotencyKey != null && { idempotencyKey }) })),
  }),
  setJurisdiction: t.field({
    type: setJurisdictionPayload,
    description:
      'Says where a partner is. Consents that do not name that place stop to count, unless it is here. Role partner-manager.',
    subGraphs: ['operations'],
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: setJurisdictionInput, required: true, description: 'Which partner, and where.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => setJurisdiction(context, { ...input })),
  }),
}))
