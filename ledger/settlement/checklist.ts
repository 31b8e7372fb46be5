import { ACKNOWLEDGEABLE, type AcknowledgeableCode, CHECKLIST_CODES, type ChecklistCode } from './checklist-code.ts'

export const SEVERITIES = ['HINDERS_LOCK', 'HINDERS_CLOSE', 'TELLS'] as const
/** What an open item keeps from happening. */
export type Severity = (typeof SEVERITIES)[number]

/** One thing that a month is looked over for. */
export type ChecklistItem = {
  readonly code: ChecklistCode
  readonly severity: Severity
  readonly state: 'DONE' | 'OPEN'
  /** How many there are of what is open. */
  readonly count: number
  readonly sentence: string
  /** Ids of up to ten of them, or months. */
  readonly examples: readonly string[]
  /** What to run to get on with it. */
  readonly command: string | undefined
  /** Whether the month may be locked with it open, if somebody says so. */
  readonly acknowledgeable: boolean
}

/** What was found open, by code; what is absent is done. */
export type OpenThings = {
  readonly [code in ChecklistCode]?: { readonly count: number; readonly examples: readonly string[] }
}

type Told = { readonly severity: Severity; readonly done: string; readonly open: string; readonly command?: string }

/** `…` in a command stands for `--programme <code> --month <month>`. */
const TOLD: Readonly<Record<ChecklistCode, Told>> = {
  NOT_OVER: { severity: 'HINDERS_LOCK', done: 'the month is over', open: 'the month is not over yet' },
  EARLIER_MONTH_OPEN: {
    severity: 'HINDERS_LOCK',
    done: 'all earlier months are locked',
    open: 'earlier months are to be locked before this one',
    command: 'period close …',
  },
  NOT_CALCULATED: {
    severity: 'HINDERS_LOCK',
    done: 'its statements are drafted',
    open: 'its statements are not drafted, or their calculation was cut off',
    command: 'period calculate …',
  },
  CALCULATION_OUTDATED: {
    severity: 'HINDERS_LOCK',
    done: 'terms, memberships and balances are those it was calculated with',
    open: 'terms, memberships or balances have changed since it was calculated',
    command: 'period calculate …',
  },
  FACTS_SINCE_CALCULATION: {
    severity: 'HINDERS_LOCK',
    done: 'nothing has come since it was calculated',
    open: 'facts and approved adjustments have come since it was calculated; without them they are given by a later month',
    command: 'period calculate …',
  },
  UNCONFIRMED_CONTRIBUTIONS: {
    severity: 'HINDERS_LOCK',
    done: 'no contribution of the month waits for a confirmation',
    open: 'contributions of the month wait for a confirmation; confirmed later they are given by a later month',
    command: 'contribution list --undecided',
  },
  UNDECIDED_ADJUSTMENTS: {
    severity: 'HINDERS_LOCK',
    done: 'all adjustments are decided',
    open: 'adjustments wait for a second person; approved later they are given by a later month',
    command: 'adjustment list --status PROPOSED',
  },
  OTHER_ASSETS: {
    severity: 'TELLS',
    done: 'no event of a referred customer is in another asset',
    open: 'events of referred customers are in another asset than the programme’s, and are left out',
  },
  NOT_ACCRUING: {
    severity: 'TELLS',
    done: 'all members accrue',
    open: 'members do not accrue in their status, and have no statement',
    command: 'partner list',
  },
  OPEN_DISPUTES: {
    severity: 'HINDERS_CLOSE',
    done: 'no statement is disputed',
    open: 'statements are disputed and wait for an answer',
    command: 'statement list --month …',
  },
  UNANSWERED_STATEMENTS: {
    severity: 'HINDERS_CLOSE',
    done: 'no statement can be disputed any more',
    open: 'statements are not accepted, and may still be disputed',
    command: 'statement list --month …',
  },
  UNPAID_STATEMENTS: {
    severity: 'HINDERS_CLOSE',
    done: 'everything that was to be paid has reached its partner',
    open: 'statements have something to pay that has not reached its partner',
    command: 'statement list --month …',
  },
  UNSEALED_RECORDS: {
    severity: 'HINDERS_CLOSE',
    done: 'the records of the lock are sealed',
    open: 'records of the lock are not sealed yet; a running server seals them within a second',
    command: 'ledger status',
  },
}

/** The checklist of a month, all codes in their order. */
export function checklistOf(
  open: OpenThings,
  { programme, month }: { programme: string; month: string },
): readonly ChecklistItem[] {
  return CHECKLIST_CODES.map((code) => {
    const { severity, done, open: sentence, command } = TOLD[code]
    const { count, examples } = open[code] ?? { count: 0, examples: [] }
    return {
      ...{ code, severity, count, examples },
      state: count > 0 ? 'OPEN' : 'DONE',
      sentence: count > 0 ? sentence : done,
      command:
        count > 0
          ? command?.replace('--month …', `--month ${month}`).replace('…', `--programme ${programme} --month ${month}`)
          : undefined,
      acknowledgeable: isAcknowledgeable(code),
    }
  })
}

/** Items that are open and hinder a step; of those that can be acknowledged, the ones that were not. */
export function hindering(
  items: readonly ChecklistItem[],
  severity: Severity,
  acknowledged: readonly AcknowledgeableCode[] = [],
): readonly ChecklistItem[] {
  const accepted: readonly ChecklistCode[] = acknowledged
  return items.filter((item) => item.state === 'OPEN' && item.severity === severity && !accepted.includes(item.code))
}

/** Codes and counts in one line, `UNPAID_STATEMENTS (2), UNSEALED_RECORDS (3)`. */
export function codesAndCounts(items: readonly ChecklistItem[]): string {
  return items.map(({ code, count }) => `${code} (${count})`).join(', ')
}

/** Whether a month may be locked with this open, if somebody says so. */
export function isAcknowledgeable(code: ChecklistCode): code is AcknowledgeableCode {
  return ACKNOWLEDGEABLE.some((one) => one === code)
}
