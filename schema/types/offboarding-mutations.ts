import { attestForPartner } from '../../customers/exits/attest-for-partner.ts'
import { cancelOffboarding, postponeOffboarding } from '../../partners/offboarding/change-offboarding.ts'
import { closeOffboarding } from '../../partners/offboarding/close-offboarding.ts'
import type { Offboarding } from '../../partners/offboarding/offboarding.ts'
import { planOffboarding } from '../../partners/offboarding/plan-offboarding.ts'
import { requireOffboarding } from '../../partners/offboarding/require-offboarding.ts'
import { builder, type GraphName } from '../builder.ts'
import { exitPorts } from '../exit-ports.ts'
import { acknowledgeableExitType } from './enums.ts'
import { offboardingType } from './offboarding.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']
const payload = { field: 'offboarding', type: offboardingType, subGraphs } as const
const planPayload = payloadType<Offboarding>('PlanOffboardingPayload', payload)
const postponePayload = payloadType<Offboarding>('PostponeOffboardingPayload', payload)
const cancelPayload = payloadType<Offboarding>('CancelOffboardingPayload', payload)
const attestPayload = payloadType<Offboarding>('AttestForPartnerPayload', payload)
const closePayload = payloadType<Offboarding>('CloseOffboardingPayload', payload)

const PARTNER = { required: true, description: 'Its code or id.' } as const
const REASON = { required: true, description: 'Why, up to 300 characters, which the partner reads.' } as const
const KEY = { required: true, description: 'The same again has one effect.' } as const

const dateInput = builder.inputType('OffboardingDateInput', {
  description: 'When a partner leaves.',
  subGraphs,
  fields: (t) => ({
    partner: t.string(PARTNER),
    exitAt: t.field({ type: 'DateTime', required: true, description: 'From then on it is OFFBOARDING; not past.' }),
    reason: t.string(REASON),
    idempotencyKey: t.string(KEY),
  }),
})

const cancelInput = builder.inputType('CancelOffboardingInput', {
  description: 'Whose exit is called off.',
  subGraphs,
  fields: (t) => ({ partner: t.string(PARTNER), reason: t.string(REASON), idempotencyKey: t.string(KEY) }),
})

const attestInput = builder.inputType('AttestForPartnerInput', {
  description: 'The paper in which a partner says that it has deleted what it read.',
  subGraphs,
  fields: (t) => ({
    partner: t.string(PARTNER),
    sha256: t.string({ required: true, description: 'The paper’s SHA-256, in hexadecimal digits, lower case.' }),
    name: t.string({ required: true, description: 'What its file is called.' }),
  }),
})

const closeInput = builder.inputType('CloseOffboardingInput', {
  description: 'Whose exit is closed.',
  subGraphs,
  fields: (t) => ({
    partner: t.string(PARTNER),
    acknowledged: t.field({ type: [acknowledgeableExitType], description: 'What may be open all the same.' }),
    reason: t.string(REASON),
    idempotencyKey: t.string(KEY),
  }),
})

builder.mutationFields((t) => ({
  planOffboarding: t.field({
    type: planPayload,
    subGraphs,
    description: 'Sets the date at which a partner leaves; the rest follows by itself then. Role partner-manager.',
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: dateInput, required: true, description: 'Who, when and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => planOffboarding(context, dated(input))),
  }),
  postponeOffboarding: t.field({
    type: postponePayload,
    subGraphs,
    description: 'Gives an exit that has not begun another date. Role partner-manager.',
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: dateInput, required: true, description: 'Who, when and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => postponeOffboarding(context, dated(input))),
  }),
  cancelOffboarding: t.field({
    type: cancelPayload,
    subGraphs,
    description: 'Calls off an exit that has not begun. Role partner-manager.',
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: cancelInput, required: true, description: 'Who, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => cancelOffboarding(context, { ...input })),
  }),
  attestForPartner: t.field({
    type: attestPayload,
    subGraphs,
    description: 'Enters that a partner which leaves says on paper that it deleted what it read. Role compliance.',
    authScopes: { role: 'compliance' },
    args: { input: t.arg({ type: attestInput, required: true, description: 'Whose paper.' }) },
    resolve: (_, { input: { partner, ...paper } }, { context }) =>
      payloadOf(async () => {
        const offboarding = await requireOffboarding(context, partner)
        await attestForPartner(context, { partner: offboarding.partner, paper })
        return offboarding
      }),
  }),
  closeOffboarding: t.field({
    type: closePayload,
    subGraphs,
    description: 'Ends an exit of which nothing is open, for good, by another person than planned it. Role finance.',
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: closeInput, required: true, description: 'Whose, and why.' }) },
    resolve: (_, { input: { acknowledged, ...input } }, { context }) =>
      payloadOf(() => closeOffboarding(context, { ...input, acknowledged: [...(acknowledged ?? [])] }, exitPorts)),
  }),
}))

function dated<T extends { readonly exitAt: Date }>({
  exitAt,
  ...input
}: T): Omit<T, 'exitAt'> & { readonly exitAt: string } {
  return { ...input, exitAt: exitAt.toISOString() }
}
