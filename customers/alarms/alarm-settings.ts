/** From when on alarms look at a partner. Each count has to be above its floor and far above the partner's own past. */
export type AlarmSettings = {
  /** IANA time zone in which days and hours of the day are told. */
  readonly timeZone: string
  /** Different customers in an hour, and in a day. */
  readonly hourCustomers: number
  readonly dayCustomers: number
  /** Customers never read before in a week, though their consents are older than that. */
  readonly weekFirstReads: number
  /** The sum of a week's different customers of each day, of consents older than a week. */
  readonly weekCustomers: number
  /** Customers in a day at hours which the partner does not use. */
  readonly oddHourCustomers: number
  /** Reads that got nothing in a day. */
  readonly dayMisses: number
  /** How many times the median is far above it. */
  readonly factor: number
  /** To how much of itself the quota is lowered; 1000 leaves it as it is. */
  readonly quotaPermille: number
  /** For how long, unless a person closes the alert before. */
  readonly quotaHours: number
}

export const DEFAULT_ALARMS: AlarmSettings = {
  timeZone: 'Asia/Shanghai',
  hourCustomers: 1000,
  dayCustomers: 3000,
  weekFirstReads: 300,
  weekCustomers: 1500,
  oddHourCustomers: 100,
  dayMisses: 200,
  factor: 3,
  quotaPermille: 100,
  quotaHours: 24,
}
