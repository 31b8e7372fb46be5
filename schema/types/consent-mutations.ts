import { grantConsent } from '../../customers/grant-consent.ts'
import { revokeConsent } from '../../customers/revoke-consent.ts'
import { builder, type GraphName } from '../builder.ts'
import { customerOf } from '../graph-context.ts'
import { consentType } from './consent.ts'
import { consentUsageType, granularityType } from './enums.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['customer']
const authScopes = { kind: 'customer' } as const
export const key = 'The same key with the same input has one effect; 1 to 200 characters.'

export const sharedTagInput = builder.inputType('SharedTagInput', {
  description: 'A tag to share, and how exactly.',
  subGraphs,
  fields: (t) => ({
    key: t.string({ required: true, description: 'Its key.' }),
    granularity: t.field({ type: granularityType, required: true, description: 'How exactly.' }),
  }),
})

export const evidenceInput = builder.inputType('EvidenceInput', {
  description: 'How the customer agreed.',
  subGraphs,
  fields: (t) => ({
    textHash: t.string({ description: 'SHA-256 of the wording that was shown, hexadecimal.' }),
    locale: t.string({ required: true, description: 'Language of the wording, e.g. zh-CN.' }),
    channel: t.string({ required: true, description: 'Where, e.g. app.' }),
  }),
})

/** Evidence as the verbs take it. */
export function evidenceOf({ textHash, locale, channel }: typeof evidenceInput.$inferInput): {
  readonly textHash: string | undefined
  readonly locale: string
  readonly channel: string
} {
  return { textHash: textHash ?? undefined, locale, channel }
}

const grantConsentInput = builder.inputType('GrantConsentInput', {
  description: 'Who may read what, for what and until when.',
  subGraphs,
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, description: key }),
    partner: t.string({ required: true, description: 'The partner’s code.' }),
    purpose: t.string({ required: true, description: 'What for.' }),
    tags: t.field({ type: [sharedTagInput], required: true, description: 'What.' }),
    expiresAt: t.field({ type: 'DateTime', required: true, description: 'Until when, at most 12 months ahead.' }),
    usage: t.field({
      type: consentUsageType,
      description: 'Whether it may be used more than once; RECURRING unless given.',
    }),
    maxPerDay: t.int({ description: 'Answers in one day (UTC) that give something.' }),
    retentionDays: t.int({ description: 'How many days the partner may keep what it read.' }),
    noticeVersion: t.int({ description: 'The notice that was shown; needed where the purpose has one.' }),
    crossBorder: t.boolean({
      description: 'That the data may leave the country, agreed to by itself; needed where the partner is not here.',
    }),
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
      const { usage, maxPerDay, retentionDays, noticeVersion, crossBorder, ...given } = rest
      const terms = {
        usage: usage ?? undefined,
        maxPerDay: maxPerDay ?? undefined,
        retentionDays: retentionDays ?? undefined,
        noticeVersion: noticeVersion ?? undefined,
        crossBorder: crossBorder ?? undefined,
      }
      const shared = { tags: tags.map((tag) => ({ ...tag })), evidence: evidenceOf(evidence) }
      const { accountKey } = customerOf(graph)
      return payloadOf(() =>
        grantConsent(graph.context, { ...given, ...terms, ...shared, accountKey, partnerCode: partner }),
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
