/** As of when a report is: after all entries up to an instant, by their own time; all that there is when absent. */
export type ReportMoment = Date | undefined

/** The instant for SQL: what is dated later, too, when there is none. */
export function instantText(at: ReportMoment): string {
  return at === undefined ? 'infinity' : at.toISOString()
}
