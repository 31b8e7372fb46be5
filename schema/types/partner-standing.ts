import type { Partner } from '../../partners/partner.ts'
import { resumePartner } from '../../partners/resume-partner.ts'
import { suspendPartner } from '../../partners/suspend-partner.ts'
import { builder, type GraphName } from '../builder.ts'
import { KEY } from './bank-details-input.ts'
import { partnerType } from './partner.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']
const payload = { field: 'partner', type: partnerType, subGraphs } as const
const suspendPayload = payloadType<Partner>('SuspendPartnerPayload', payload)
const resumePayload = payloadType<Partner>('ResumePartnerPayload', payload)

const holdInput = builder.inputType('PartnerHoldInput', {
  description: 'Which partner is suspended or comes back, and why.',
  subGraphs,
  fields: (t) => ({
    partner: t.string({ required: true, description: 'Its code or id.' }),
    reason: t.string({ required: true, description: 'Why, up to 500 characters; the partner can read it.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.mutationFields((t) => ({
  suspendPartner: t.field({
    type: suspendPayload,
    subGraphs,
    description:
      'Suspends a live partner: from its next request on it reads nothing, and payouts are on hold. Role partner-manager or compliance.',
    authScopes: { restrictor: true },
    args: { input: t.arg({ type: holdInput, required: true, description: 'Whom, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => suspendPartner(context, { ...input })),
  }),
  resumePartner: t.field({
    type: resumePayload,
    subGraphs,
    description: 'Takes a suspended partner back to live; NOT_READY says what it lacks. Role partner-manager.',
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: holdInput, required: true, description: 'Whom, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => resumePartner(context, { ...input })),
  }),
}))
