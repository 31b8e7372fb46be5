import { closeIncident } from '../../customers/incidents/close-incident.ts'
import { containIncident } from '../../customers/incidents/contain-incident.ts'
import { notifyIncident } from '../../customers/incidents/notify-incident.ts'
import { openIncident } from '../../customers/incidents/open-incident.ts'
import { rescopeIncident } from '../../customers/incidents/rescope-incident.ts'
import { builder, type GraphName } from '../builder.ts'
import { partnerContainment } from '../containment.ts'
import { incidentAudienceType, incidentMeasureType } from './enums.ts'
import { incidentType } from './incident.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { role: 'compliance' } as const
const KEY = { required: true, description: 'The same again has one effect.' } as const
const WHICH = { required: true, description: 'Its id.' } as const

const payloadNamed = (name: string) => payloadType(name, { field: 'incident', type: incidentType, subGraphs })
const openPayload = payloadNamed('OpenIncidentPayload')
const rescopePayload = payloadNamed('RescopeIncidentPayload')
const containPayload = payloadNamed('ContainIncidentPayload')
const notifyPayload = payloadNamed('NotifyIncidentPayload')
const closePayload = payloadNamed('CloseIncidentPayload')

type Scope = {
  partners?: string[] | null
  clients?: string[] | null
  consents?: string[] | null
  from?: Date | null
  to?: Date | null
}
type OpenInput = Scope & { title: string; alert?: string | null; discoveredAt?: Date | null; idempotencyKey: string }

const openInput = builder.inputRef<OpenInput>('OpenIncidentInput').implement({
  description: 'What an incident is, and what it touches; an alert says what is not said.',
  subGraphs,
  fields: (t) => ({
    title: t.string({ required: true, description: 'What it is, up to 200 characters; it names no customer.' }),
    alert: t.id({ description: 'The alert that it comes of.' }),
    discoveredAt: t.field({ type: 'DateTime', description: 'When we came to know of it; now, or with the alert.' }),
    partners: t.stringList({ description: 'Codes or ids of the partners.' }),
    clients: t.idList({ description: 'Ids of the clients; all when absent.' }),
    consents: t.idList({ description: 'Ids of the consents; all when absent.' }),
    from: t.field({ type: 'DateTime', description: 'From when.' }),
    to: t.field({ type: 'DateTime', description: 'Until when, exclusive; now when absent.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const rescopeInput = builder
  .inputRef<Scope & { incident: string; idempotencyKey: string }>('RescopeIncidentInput')
  .implement({
    description: 'What an incident touches; what is absent stays as it was.',
    subGraphs,
    fields: (t) => ({
      incident: t.id(WHICH),
      partners: t.stringList({ description: 'Codes or ids of the partners.' }),
      clients: t.idList({ description: 'Ids of the clients; all when empty.' }),
      consents: t.idList({ description: 'Ids of the consents; all when empty.' }),
      from: t.field({ type: 'DateTime', description: 'From when.' }),
      to: t.field({ type: 'DateTime', description: 'Until when, exclusive.' }),
      idempotencyKey: t.string(KEY),
    }),
  })
const containInput = builder.inputType('ContainIncidentInput', {
  description: 'What is to be done to contain an incident.',
  subGraphs,
  fields: (t) => ({
    incident: t.id(WHICH),
    measures: t.field({ type: [incidentMeasureType], required: true, description: 'At least one.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters; the partner reads it.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const notifyInput = builder.inputType('NotifyIncidentInput', {
  description: 'Who was told of an incident.',
  subGraphs,
  fields: (t) => ({
    incident: t.id(WHICH),
    audience: t.field({ type: incidentAudienceType, required: true, description: 'Who.' }),
    to: t.string({ required: true, description: 'Which office, or by which way; it names no customer.' }),
    reference: t.string({ description: 'Number of the filing or of the mailing.' }),
    toldAt: t.field({ type: 'DateTime', description: 'When; now when absent.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const closeInput = builder.inputType('CloseIncidentInput', {
  description: 'The closing report of an incident.',
  subGraphs,
  fields: (t) => ({
    incident: t.id(WHICH),
    report: t.string({ required: true, description: 'What happened, what was done, what follows.' }),
    notTold: t.string({ description: 'Why the regulator or customers were not told, where they were not.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.mutationFields((t) => ({
  openIncident: t.field({
    type: openPayload,
    description: 'Opens an incident, by hand or from an alert. Role compliance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: openInput, required: true, description: 'What it is.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => openIncident(context, given(input))),
  }),
  rescopeIncident: t.field({
    type: rescopePayload,
    description: 'Says anew what an incident touches, and counts. Role compliance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: rescopeInput, required: true, description: 'What it touches.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => rescopeIncident(context, given(input))),
  }),
  containIncident: t.field({
    type: containPayload,
    description: 'Orders what contains an incident, and stops its partners before it answers. Role compliance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: containInput, required: true, description: 'What is to be done.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => containIncident(context, { ...input }, partnerContainment)),
  }),
  notifyIncident: t.field({
    type: notifyPayload,
    description: 'Records that somebody was told. Role compliance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: notifyInput, required: true, description: 'Who was told, and when.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => notifyIncident(context, given(input))),
  }),
  closeIncident: t.field({
    type: closePayload,
    description: 'Closes an incident with a report, for good. Role compliance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: closeInput, required: true, description: 'The report.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => closeIncident(context, given(input))),
  }),
}))

type Given<T> = { [K in keyof T]: Exclude<T[K], null> }

/** Leaves out what was given as null, which says the same as nothing. Safe because no null is left. */
function given<T extends object>(input: T): Given<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as Given<T>
}
