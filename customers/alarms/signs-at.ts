import type { AlarmSettings } from './alarm-settings.ts'
import { bulkSigns } from './bulk-signs.ts'
import { type HourOfReads, outlookAt } from './hour-of-reads.ts'
import { missSigns } from './miss-signs.ts'
import { oddHourSigns } from './odd-hour-signs.ts'
import type { Alarm, Sign } from './sign.ts'
import { slowSigns } from './slow-signs.ts'

const ALARMS: readonly Alarm[] = [bulkSigns, slowSigns, oddHourSigns, missSigns]

/**
 * What is odd at the last of a partner's hours, which ascend and reach back up to `DAYS_BACK` days: at most one sign of each
 * kind, the one that is furthest above what is allowed. Numbers are whole, and rounded up.
 */
export function signsAt(hours: readonly HourOfReads[], settings: AlarmSettings): readonly Sign[] {
  const outlook = outlookAt(hours)
  if (outlook === undefined) return []
  return ALARMS.flatMap((alarm) => {
    const [worst] = alarm(outlook, settings)
      .filter(({ measured, allowed }) => measured > Math.ceil(allowed))
      .toSorted((a, b) => b.measured / b.allowed - a.measured / a.allowed)
    if (worst === undefined) return []
    return [{ ...worst, expected: Math.ceil(worst.expected), allowed: Math.ceil(worst.allowed) }]
  })
}
