import { DateTime } from 'luxon'
import { invariant } from '../../kernel/invariant.ts'

/** The day that it is where this machine is (`TZ`), `2026-02-10`. */
export function localDate(at: Date): string {
  const date = DateTime.fromJSDate(at).toISODate()
  invariant(date, 'a moment has a day')
  return date
}
