import type { Registry } from 'prom-client'
import { type AlarmStatus, alarmStatus } from '../../customers/alarms/alarm-status.ts'
import { type IncidentStatusCounts, incidentStatus } from '../../customers/incidents/incident-status.ts'
import type { Context } from '../../database/context.ts'
import { shareGauges } from './shared-gauges.ts'

/** Gauges of what waits for compliance, read when they are asked for. */
export function measureAlarms(registry: Registry, context: Context): void {
  shareGauges<AlarmStatus>(registry, context, {
    read: () => alarmStatus(context),
    failed: 'alarms cannot be measured',
    gauges: {
      tributary_alerts_open: { help: 'Alerts that nobody has closed.', measure: ({ open }) => open },
      tributary_alerts_unassigned: {
        help: 'Open alerts that nobody looks at.',
        measure: ({ unassigned }) => unassigned,
      },
      tributary_alerts_oldest_seconds: {
        help: 'For how long the oldest open alert has been open.',
        measure: ({ oldestSeconds }) => oldestSeconds,
      },
    },
  })
  shareGauges<IncidentStatusCounts>(registry, context, {
    read: () => incidentStatus(context),
    failed: 'incidents cannot be measured',
    gauges: {
      tributary_incidents_open: { help: 'Incidents without a closing report.', measure: ({ open }) => open },
      tributary_incidents_containing: {
        help: 'Open incidents of which something that was ordered is not done yet.',
        measure: ({ containing }) => containing,
      },
      tributary_incident_notifications_overdue: {
        help: 'Deadlines of open incidents that passed without the regulator or the customers being told.',
        measure: ({ overdue }) => overdue.length,
      },
    },
  })
}
