import { assignAlert } from '../../customers/alarms/assign-alert.ts'
import { closeAlert } from '../../customers/alarms/close-alert.ts'
import { builder, type GraphName } from '../builder.ts'
import { quotas } from '../quotas.ts'
import { alertType } from './alert.ts'
import { alertResolutionType } from './enums.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { role: 'compliance' } as const
const KEY = { required: true, description: 'The same again has one effect.' } as const

const assignPayload = payloadType('AssignAlertPayload', { field: 'alert', type: alertType, subGraphs })
const closePayload = payloadType('CloseAlertPayload', { field: 'alert', type: alertType, subGraphs })

const assignInput = builder.inputType('AssignAlertInput', {
  description: 'Who looks at an alert.',
  subGraphs,
  fields: (t) => ({
    alert: t.id({ required: true, description: 'Its id.' }),
    to: t.string({ required: true, description: 'Name of a member of the staff.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const closeInput = builder.inputType('CloseAlertInput', {
  description: 'What an alert turned out to be, and why.',
  subGraphs,
  fields: (t) => ({
    alert: t.id({ required: true, description: 'Its id.' }),
    resolution: t.field({ type: alertResolutionType, required: true, description: 'What it was.' }),
    reason: t.string({ required: true, description: 'Why, up to 500 characters; for the staff alone.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.mutationFields((t) => ({
  assignAlert: t.field({
    type: assignPayload,
    description: 'Says who looks at an alert. Role compliance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: assignInput, required: true, description: 'Which, and who.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => assignAlert(context, { ...input })),
  }),
  closeAlert: t.field({
    type: closePayload,
    description:
      'Closes an alert for good; the partner has its quota back, unless it was an INCIDENT. Role compliance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: closeInput, required: true, description: 'Which, and what it was.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => closeAlert(context, { ...input }, quotas)),
  }),
}))
