/**
 * What a month is looked over for. A code is public: it is never renamed. Those that can be acknowledged hinder the lock
 * until somebody says that it may stand open; the others are mended, or hinder nothing.
 */
export const CHECKLIST_CODES = [
  'NOT_OVER',
  'EARLIER_MONTH_OPEN',
  'NOT_CALCULATED',
  'CALCULATION_OUTDATED',
  'FACTS_SINCE_CALCULATION',
  'UNCONFIRMED_CONTRIBUTIONS',
  'UNDECIDED_ADJUSTMENTS',
  'OTHER_ASSETS',
  'NOT_ACCRUING',
  'UNMATCHED_BANK_ENTRIES',
  'OPEN_DISPUTES',
  'UNANSWERED_STATEMENTS',
  'UNPAID_STATEMENTS',
  'OPEN_BREAKS',
  'UNSEALED_RECORDS',
] as const
export type ChecklistCode = (typeof CHECKLIST_CODES)[number]

export const ACKNOWLEDGEABLE = [
  'FACTS_SINCE_CALCULATION',
  'UNCONFIRMED_CONTRIBUTIONS',
  'UNDECIDED_ADJUSTMENTS',
] as const satisfies readonly ChecklistCode[]
/** What may stand open when a month is locked, if somebody says so. */
export type AcknowledgeableCode = (typeof ACKNOWLEDGEABLE)[number]
