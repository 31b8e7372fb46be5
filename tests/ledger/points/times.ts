/** When January 2026 is closed, and points are earned. */
export const LOCKED_AT = '2026-02-03T04:05:06.000Z'
/** The end of points that were earned then and can be used for 30 days. */
export const ENDS_AT = '2026-03-05T04:05:06.000Z'
