import { amendConsent } from '../../customers/amend-consent.ts'
import type { Consent } from '../../customers/consent.ts'
import { resumeConsent } from '../../customers/resume-consent.ts'
import { revokeAll } from '../../customers/revoke-all.ts'
import { suspendConsent } from '../../customers/suspend-consent.ts'
import { builder, type GraphName } from '../builder.ts'
import { customerOf } from '../graph-context.ts'
import { consentType } from './consent.ts'
import { evidenceInput, evidenceOf, key, sharedTagInput } from './consent-mutations.ts'
import { type Payload, payloadOf, payloadType, userErrorType } from './payloads.ts'

const subGraphs: GraphName[] = ['customer']
const authScopes = { kind: 'customer' } as const

const suspendConsentInput = ownConsentInput('SuspendConsentInput', 'The consent that is stopped for a while.')
const resumeConsentInput = ownConsentInput('ResumeConsentInput', 'The consent that counts again.')

function ownConsentInput(name: string, description: string) {
  return builder.inputRef<{ idempotencyKey: string; consentId: string }>(name).implement({
    description,
    subGraphs,
    fields: (t) => ({
      idempotencyKey: t.string({ required: true, description: key }),
      consentId: t.id({ required: true, description: 'Its id.' }),
    }),
  })
}

const amendConsentInput = builder.inputType('AmendConsentInput', {
  description: 'What is left of a consent.',
  subGraphs,
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, description: key }),
    consentId: t.id({ required: true, description: 'Its id.' }),
    tags: t.field({
      type: [sharedTagInput],
      description: 'Some of its tags, no finer than they were; all unless given.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'No later than it was; the same unless given.' }),
    evidence: t.field({ type: evidenceInput, required: true, description: 'How the customer said so.' }),
  }),
})

const revokeAllInput = builder.inputType('RevokeAllConsentsInput', {
  description: 'Whose consents end.',
  subGraphs,
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, description: key }),
    partner: t.string({ description: 'Code of the one partner that is meant; all of them unless given.' }),
  }),
})

const thing = { field: 'consent', type: consentType, subGraphs } as const
const suspendConsentPayload = payloadType('SuspendConsentPayload', thing)
const resumeConsentPayload = payloadType('ResumeConsentPayload', thing)
const amendConsentPayload = payloadType('AmendConsentPayload', thing)

const revokeAllPayload = builder.objectRef<Payload<readonly Consent[]>>('RevokeAllConsentsPayload').implement({
  description: 'What RevokeAllConsents did.',
  subGraphs,
  fields: (t) => ({
    consents: t.field({
      type: [consentType],
      description: 'Those that were ended; empty when there are user errors.',
      resolve: ({ value }) => value ?? [],
    }),
    userErrors: t.field({
      type: [userErrorType],
      description: 'Why nothing was done; empty when it was.',
      resolve: ({ userErrors }) => userErrors,
    }),
  }),
})

builder.mutationFields((t) => ({
  suspendConsent: t.field({
    type: suspendConsentPayload,
    description: 'Stops a consent for a while: no read that begins afterwards sees anything under it.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: suspendConsentInput, required: true, description: 'Which consent.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => suspendConsent(graph.context, { ...input, accountKey: customerOf(graph).accountKey })),
  }),
  resumeConsent: t.field({
    type: resumeConsentPayload,
    description: 'Lets a consent count again that the customer had suspended.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: resumeConsentInput, required: true, description: 'Which consent.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => resumeConsent(graph.context, { ...input, accountKey: customerOf(graph).accountKey })),
  }),
  amendConsent: t.field({
    type: amendConsentPayload,
    description: 'Narrows a consent: the next version takes its place.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: amendConsentInput, required: true, description: 'What is left of it.' }) },
    resolve: (_, { input: { consentId, idempotencyKey, tags, expiresAt, evidence } }, graph) =>
      payloadOf(() =>
        amendConsent(graph.context, {
          accountKey: customerOf(graph).accountKey,
          consentId,
          idempotencyKey,
          tags: tags?.map((tag) => ({ ...tag })),
          expiresAt: expiresAt ?? undefined,
          evidence: evidenceOf(evidence),
        }),
      ),
  }),
  revokeAllConsents: t.field({
    type: revokeAllPayload,
    description: 'Ends every consent of the customer that stands, also those that are suspended.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: revokeAllInput, required: true, description: 'Whose.' }) },
    resolve: (_, { input: { idempotencyKey, partner } }, graph) =>
      payloadOf(() =>
        revokeAll(graph.context, {
          accountKey: customerOf(graph).accountKey,
          partnerCode: partner ?? undefined,
          idempotencyKey,
        }),
      ),
  }),
}))
