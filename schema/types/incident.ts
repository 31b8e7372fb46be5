import { findIncident, timelineOf } from '../../customers/incidents/find-incident.ts'
import type { Incident, IncidentEvent } from '../../customers/incidents/incident.ts'
import { tellingOf } from '../../customers/incidents/incident-status.ts'
import { listIncidents } from '../../customers/incidents/list-incidents.ts'
import { builder, type GraphName } from '../builder.ts'
import {
  incidentAudienceType,
  incidentEventKindType,
  incidentLevelType,
  incidentMeasureType,
  incidentStatusType,
} from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { role: 'compliance' } as const

const eventType = builder.objectRef<IncidentEvent>('IncidentEvent').implement({
  description: 'What was found, done or told of an incident.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    change: t.exposeInt('change', { description: 'The how manyth step it is.' }),
    event: t.expose('event', { type: incidentEventKindType, description: 'What it is.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was recorded.' }),
    by: t.exposeString('by', { description: 'By whom.' }),
    detail: t.expose('detail', { type: 'JSON', description: 'What its record says.' }),
    record: t.exposeID('record', { description: 'The record of the log that tells of it.' }),
  }),
})

export const incidentType = builder.objectRef<Incident>('Incident').implement({
  description: 'Somebody may have got what was not theirs.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    title: t.exposeString('title', { description: 'What it is.' }),
    status: t.expose('status', { type: incidentStatusType, description: 'Whether it is closed.' }),
    level: t.expose('level', { type: incidentLevelType, description: 'Follows from the customers that it touches.' }),
    customers: t.exposeInt('customers', { description: 'Different customers of whom something was given.' }),
    disclosures: t.field({
      type: 'String',
      description: 'How often something was given; a whole number as text.',
      resolve: ({ disclosures }) => `${disclosures}`,
    }),
    countedAt: t.expose('countedAt', { type: 'DateTime', description: 'When that was counted.' }),
    alert: t.exposeID('alert', { nullable: true, description: 'The alert that it came of.' }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When it was opened.' }),
    openedBy: t.exposeString('openedBy', { description: 'By whom.' }),
    discoveredAt: t.expose('discoveredAt', { type: 'DateTime', description: 'From here the deadlines run.' }),
    partners: t.field({
      type: [partnerType],
      description: 'The partners that it touches.',
      resolve: async ({ scope }, _, graph) =>
        (await Promise.all(scope.partners.map((id) => partnerNamed(graph, id)))).filter((each) => each !== undefined),
    }),
    clients: t.idList({
      description: 'Ids of the clients that are meant; all of the partners’ when empty.',
      resolve: ({ scope }) => scope.clients,
    }),
    consents: t.idList({
      description: 'Ids of the consents that are meant; all when empty.',
      resolve: ({ scope }) => scope.consents,
    }),
    from: t.field({ type: 'DateTime', description: 'From when.', resolve: ({ scope }) => scope.from }),
    to: t.field({ type: 'DateTime', description: 'Until when, exclusive.', resolve: ({ scope }) => scope.to }),
    measures: t.expose('measures', { type: [incidentMeasureType], description: 'What was ordered to contain it.' }),
    measuresLeft: t.expose('measuresLeft', {
      type: [incidentMeasureType],
      description: 'What of it is still under way.',
    }),
    containedAt: t.expose('containedAt', { type: 'DateTime', nullable: true, description: 'When nothing was left.' }),
    regulatorDueAt: t.field({
      type: 'DateTime',
      description: 'Until when the regulator is to be told.',
      resolve: (incident, _, { context }) => tellingOf(incident, context.clock.now()).regulatorDue,
    }),
    regulatorToldAt: t.expose('regulatorToldAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was told.',
    }),
    customersDueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when customers are to be told; absent where none is touched.',
      resolve: (incident, _, { context }) => tellingOf(incident, context.clock.now()).customersDue,
    }),
    customersToldAt: t.expose('customersToldAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When they were told.',
    }),
    overdue: t.field({
      type: [incidentAudienceType],
      description: 'Who should have been told by now.',
      resolve: (incident, _, { context }) => [...tellingOf(incident, context.clock.now()).overdue],
    }),
    closedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was closed.',
      resolve: ({ closed }) => closed?.at,
    }),
    report: t.string({ nullable: true, description: 'Its closing report.', resolve: ({ closed }) => closed?.report }),
    notTold: t.string({
      nullable: true,
      description: 'Why somebody was not told.',
      resolve: ({ closed }) => closed?.notTold,
    }),
    timeline: t.field({
      type: [eventType],
      description: 'Everything that was found, done and told, in its order.',
      resolve: ({ id }, _, { context }) => timelineOf(context, id),
    }),
  }),
})

const incidents = connectionOf(incidentType, subGraphs)

builder.queryFields((t) => ({
  incidents: t.field({
    type: incidents,
    description: 'Incidents, the last opened first. Role compliance.',
    subGraphs,
    authScopes,
    args: {
      status: t.arg({ type: incidentStatusType, description: 'Those alone in this status.' }),
      ...pageArgs,
    },
    resolve: (_, { status, ...args }, { context }) => listIncidents(context, { status, page: pageIn(args) }),
  }),
  incident: t.field({
    type: incidentType,
    nullable: true,
    description: 'An incident, or nothing. Role compliance.',
    subGraphs,
    authScopes,
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, { context }) => findIncident(context, id),
  }),
}))
