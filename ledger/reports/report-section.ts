/** Parts of the report that must come to what the journal has on their accounts. */
export const REPORT_SECTIONS = [
  'MOVEMENTS',
  'EARNED',
  'ACCRUED',
  'PAYABLES',
  'RECEIVABLES',
  'HOLDBACKS',
  'POINTS',
  'PAYMENTS',
  'TAXES',
  'WRITTEN_OFF',
  'OPENING',
] as const
export type ReportSection = (typeof REPORT_SECTIONS)[number]
