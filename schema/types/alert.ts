import type { Alert } from '../../customers/alarms/alert.ts'
import { findAlert } from '../../customers/alarms/find-alert.ts'
import { listAlerts } from '../../customers/alarms/list-alerts.ts'
import { builder, type GraphName } from '../builder.ts'
import { alertKindType, alertResolutionType, alertSpanType, alertStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { role: 'compliance' } as const

export const alertType = builder.objectRef<Alert>('Alert').implement({
  description: 'A partner reads otherwise than it does, and somebody should look.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'Who reads.',
      resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
    }),
    kind: t.expose('kind', { type: alertKindType, description: 'What is odd.' }),
    status: t.expose('status', { type: alertStatusType, description: 'Whether it waits for somebody.' }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When it was opened.' }),
    span: t.expose('span', { type: alertSpanType, description: 'Over how long was counted.' }),
    from: t.expose('from', { type: 'DateTime', description: 'Where the span begins.' }),
    to: t.expose('to', { type: 'DateTime', description: 'Where it ends, exclusive.' }),
    measured: t.exposeInt('measured', { description: 'How many customers were counted, or reads for MANY_MISSES.' }),
    expected: t.exposeInt('expected', { description: 'How many are usual for this partner.' }),
    allowed: t.exposeInt('allowed', { description: 'Above how many it is odd.' }),
    clients: t.exposeIDList('clients', { description: 'Ids of the clients that read in the span.' }),
    raisedAt: t.expose('raisedAt', {
      type: 'DateTime',
      description: 'When the measure was told last; it is told anew when it has grown by half.',
    }),
    quotaPermille: t.int({
      nullable: true,
      description: 'To how many thousandths of itself the quota was lowered, if it was.',
      resolve: ({ quota }) => quota?.permille,
    }),
    quotaUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when, unless the alert is closed before.',
      resolve: ({ quota }) => quota?.until,
    }),
    assignee: t.exposeString('assignee', { nullable: true, description: 'Who looks at it.' }),
    closedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was closed.',
      resolve: ({ closed }) => closed?.at,
    }),
    closedBy: t.string({ nullable: true, description: 'Who closed it.', resolve: ({ closed }) => closed?.by }),
    resolution: t.field({
      type: alertResolutionType,
      nullable: true,
      description: 'What it turned out to be.',
      resolve: ({ closed }) => closed?.resolution,
    }),
    reason: t.string({ nullable: true, description: 'Why it was closed.', resolve: ({ closed }) => closed?.reason }),
  }),
})

const alerts = connectionOf(alertType, subGraphs)

builder.queryFields((t) => ({
  alerts: t.field({
    type: alerts,
    description: 'Alerts of one partner or of all, the last opened first. Role compliance.',
    subGraphs,
    authScopes,
    args: {
      partner: t.arg.string({ description: 'Code or id; of all partners when absent.' }),
      status: t.arg({ type: alertStatusType, description: 'Those alone in this status.' }),
      ...pageArgs,
    },
    resolve: async (_, { partner, status, ...args }, graph) => {
      const named = partner == null ? undefined : await partnerNamed(graph, partner)
      return listAlerts(graph.context, {
        partner: partner == null ? null : (named?.id ?? ''),
        status,
        page: pageIn(args),
      })
    },
  }),
  alert: t.field({
    type: alertType,
    nullable: true,
    description: 'An alert, or nothing. Role compliance.',
    subGraphs,
    authScopes,
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, { context }) => findAlert(context, id),
  }),
}))
