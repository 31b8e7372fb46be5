import { grantConsent } from '../../customers/grant-consent.ts'
import { revokeConsent } from '../../customers/revoke-consent.ts'
import { builder, type GraphName } from '../builder.ts'
import { customerOf } from '../graph-context.ts'
import { consentType } from './consent.ts'
import { granularityType } from './enums.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['customer']
const authScopes = { kind: 'customer' } as const
const key = 'The same key with the same input has one effect; 1 to 200 characters.'

const sharedTagInput = builder.inputType('SharedTagInput', {
  description: 'A tag to share, and how exactly.',
  subGraphs,
  fields: (t) => ({
    key: t.string({ required: true, description: 'Its key.' }),
    granularity: t.field({ type: granularityType, required: true, description: 'How exactly.' }),
  }),
})

const evidenceInput = builder.inputType('EvidenceInput', {
  description: 'How the customer agreed.',
  subGraphs,
  fields: (t) => ({
    textHash: t.string({ description: 'SHA-256 of the wording that was shown, hexadecimal.' }),
    locale: t.string({ required: true, description: 'Language of the wording, e.g. zh-CN.' }),
    channel: t.string({ required: true, description: 'Where, e.g. app.' }),
  }),
})

const grantConsentInput = builder.inputType('GrantConsentInput', {
  description: 'Who may read what, for what and until when.',
  subGraphs,
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, description: key }),
    partner: t.string({ required: true, description: 'The partner’s code.' }),
    purpose: t.string({ required: true, description: 'What for.' }),
    tags: t.field({ type: [sharedTagInput], required: true, description: 'What.' }),
    expiresAt: t.field({ type: 'DateTime', required: true, description: 'Until when, at most 12 months ahead.' }),
    evidence: t.field({ type: evidenceInput, required: true, description: 'How the customer agreed.' }),
  }),
})

const revokeConsentInput = builder.inputType('RevokeConsentInput', {
  description: 'The consent that ends.',
  subGraphs,
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, description: key }),
    consentId: t.id({ required: true, description: 'Its id.' }),
  }),
})

const thing = { field: 'consent', type: consentType, subGraphs } as const
const grantConsentPayload = payloadType('GrantConsentPayload', thing)
const revokeConsentPayload = payloadType('RevokeConsentPayload', thing)

builder.mutationFields((t) => ({
  grantConsent: t.field({
    type: grantConsentPayload,
    description: 'Lets a partner read. An earlier consent for the same partner and purpose is superseded.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: grantConsentInput, required: true, description: 'The consent.' }) },
    resolve: (_, { input: { partner, evidence, tags, ...rest } }, graph) => {
      const { accountKey } = customerOf(graph)
      const { textHash, ...shown } = evidence
      const given = { ...rest, accountKey, tags: tags.map((tag) => ({ ...tag })), partnerCode: partner }
      return payloadOf(() =>
        grantConsent(graph.context, { ...given, evidence: { ...shown, textHash: textHash ?? undefined } }),
      )
    },
  }),
  revokeConsent: t.field({
    type: revokeConsentPayload,
    description: 'Ends a consent: no read that begins afterwards sees anything under it.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: revokeConsentInput, required: true, description: 'Which consent.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => revokeConsent(graph.context, { ...input, accountKey: customerOf(graph).accountKey })),
  }),
}))
