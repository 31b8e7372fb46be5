import { z } from 'zod'
import { type AlarmSettings, DEFAULT_ALARMS } from '../../customers/alarms/alarm-settings.ts'
import { isTimeZone } from '../../kernel/month.ts'

const count = z.coerce.number().int().min(1).max(1_000_000_000)

/** What alarms are told by the environment. */
export const ALARM_SETTINGS = {
  TRIBUTARY_TIME_ZONE: {
    schema: z.string().refine(isTimeZone, { error: 'an IANA time zone, such as Asia/Shanghai' }),
    fallback: DEFAULT_ALARMS.timeZone,
    about: 'in which days and hours of the day alarms are told',
  },
  TRIBUTARY_ALARM_HOUR_CUSTOMERS: {
    schema: count,
    fallback: `${DEFAULT_ALARMS.hourCustomers}`,
    about: 'different customers up to which an hour of a partner opens no alert, whatever it usually reads',
  },
  TRIBUTARY_ALARM_DAY_CUSTOMERS: {
    schema: count,
    fallback: `${DEFAULT_ALARMS.dayCustomers}`,
    about: 'the same for a day, of consents older than a week',
  },
  TRIBUTARY_ALARM_WEEK_FIRST_READS: {
    schema: count,
    fallback: `${DEFAULT_ALARMS.weekFirstReads}`,
    about: 'the same for customers of old consents who are read for the first time, in a week; twice as many in four',
  },
  TRIBUTARY_ALARM_WEEK_CUSTOMERS: {
    schema: count,
    fallback: `${DEFAULT_ALARMS.weekCustomers}`,
    about: "the same for the sum of a week's different customers of each day, of old consents",
  },
  TRIBUTARY_ALARM_ODD_HOUR_CUSTOMERS: {
    schema: count,
    fallback: `${DEFAULT_ALARMS.oddHourCustomers}`,
    about: 'the same for a day at hours which the partner does not use',
  },
  TRIBUTARY_ALARM_DAY_MISSES: {
    schema: count,
    fallback: `${DEFAULT_ALARMS.dayMisses}`,
    about: 'the same for reads of a day that got nothing',
  },
  TRIBUTARY_ALARM_FACTOR: {
    schema: z.coerce.number().int().min(2).max(100),
    fallback: `${DEFAULT_ALARMS.factor}`,
    about: 'how many times what is usual for a partner opens an alert',
  },
  TRIBUTARY_ALARM_QUOTA_PERMILLE: {
    schema: z.coerce.number().int().min(1).max(1000),
    fallback: `${DEFAULT_ALARMS.quotaPermille}`,
    about: "thousandths to which an alert lowers the partner's quota; 1000 leaves it",
  },
  TRIBUTARY_ALARM_QUOTA_HOURS: {
    schema: z.coerce.number().int().min(1).max(8760),
    fallback: `${DEFAULT_ALARMS.quotaHours}`,
    about: 'for how long, unless the alert is closed before',
  },
} as const

/** The settings of alarms, out of the texts of the environment. */
export function alarmsOf(read: (name: keyof typeof ALARM_SETTINGS) => string): AlarmSettings {
  return {
    timeZone: read('TRIBUTARY_TIME_ZONE'),
    hourCustomers: Number(read('TRIBUTARY_ALARM_HOUR_CUSTOMERS')),
    dayCustomers: Number(read('TRIBUTARY_ALARM_DAY_CUSTOMERS')),
    weekFirstReads: Number(read('TRIBUTARY_ALARM_WEEK_FIRST_READS')),
    weekCustomers: Number(read('TRIBUTARY_ALARM_WEEK_CUSTOMERS')),
    oddHourCustomers: Number(read('TRIBUTARY_ALARM_ODD_HOUR_CUSTOMERS')),
    dayMisses: Number(read('TRIBUTARY_ALARM_DAY_MISSES')),
    factor: Number(read('TRIBUTARY_ALARM_FACTOR')),
    quotaPermille: Number(read('TRIBUTARY_ALARM_QUOTA_PERMILLE')),
    quotaHours: Number(read('TRIBUTARY_ALARM_QUOTA_HOURS')),
  }
}
