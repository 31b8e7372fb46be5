import type { Context } from '../../database/context.ts'
import type { Incident } from './incident.ts'
import { duesOf } from './incident-level.ts'
import { selectOpenIncidents } from './store/incidents.ts'

/** What is still to be told of an incident, and what should have been by now. */
export type Telling = {
  readonly regulatorDue: Date
  /** None where no customer is touched. */
  readonly customersDue: Date | undefined
  readonly overdue: readonly ('REGULATOR' | 'CUSTOMERS')[]
}

/** The deadlines of an incident as they are at a moment; one that is closed is never overdue. */
export function tellingOf(incident: Incident, now: Date): Telling {
  const { level, customers, discoveredAt, status, regulatorToldAt, customersToldAt } = incident
  const { regulator, customers: customersDue } = duesOf(level, customers, discoveredAt)
  const isLate = (due: Date | undefined, told: Date | undefined): boolean =>
    status === 'OPEN' && due !== undefined && told === undefined && now > due
  const overdue = [
    ...(isLate(regulator, regulatorToldAt) ? (['REGULATOR'] as const) : []),
    ...(isLate(customersDue, customersToldAt) ? (['CUSTOMERS'] as const) : []),
  ]
  return { regulatorDue: regulator, customersDue, overdue }
}

/** How many incidents are open, how many of them are not contained though they shall be, and what is overdue. */
export type IncidentStatusCounts = {
  readonly open: number
  readonly containing: number
  readonly overdue: readonly { readonly incident: Incident['id']; readonly audience: 'REGULATOR' | 'CUSTOMERS' }[]
}

/** How incidents stand now. */
export async function incidentStatus({ clock, database: { reads } }: Context): Promise<IncidentStatusCounts> {
  const open = await selectOpenIncidents(reads)
  const now = clock.now()
  return {
    open: open.length,
    containing: open.filter(({ measuresLeft }) => measuresLeft.length > 0).length,
    overdue: open.flatMap((incident) =>
      tellingOf(incident, now).overdue.map((audience) => ({ incident: incident.id, audience })),
    ),
  }
}
