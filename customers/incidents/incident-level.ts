export const INCIDENT_LEVELS = ['GENERAL', 'SERIOUS', 'MAJOR'] as const
/** 一般, 较大, 重大: how many customers an incident touches decides. */
export type IncidentLevel = (typeof INCIDENT_LEVELS)[number]

const MAJOR_ABOVE = 100_000
const SERIOUS_FROM = 10_000
const HOUR_MS = 3_600_000
/** Hours from the discovery until the regulator is to be told. */
const REGULATOR_HOURS: Readonly<Record<IncidentLevel, number>> = { GENERAL: 24, SERIOUS: 2, MAJOR: 2 }
const CUSTOMERS_HOURS = 24

/** The level of an incident that touches so many customers: above 100,000, from 10,000 on, or fewer. */
export function levelOf(customers: number): IncidentLevel {
  if (customers > MAJOR_ABOVE) return 'MAJOR'
  return customers >= SERIOUS_FROM ? 'SERIOUS' : 'GENERAL'
}

/** Until when who is to be told; customers only where some are touched. */
export type Dues = { readonly regulator: Date; readonly customers: Date | undefined }

/** The deadlines of an incident, from its discovery on. */
export function duesOf(level: IncidentLevel, customers: number, discoveredAt: Date): Dues {
  const after = (hours: number): Date => new Date(discoveredAt.getTime() + hours * HOUR_MS)
  return { regulator: after(REGULATOR_HOURS[level]), customers: customers > 0 ? after(CUSTOMERS_HOURS) : undefined }
}
