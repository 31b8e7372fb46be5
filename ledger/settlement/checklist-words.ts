import type { ChecklistCode } from './checklist-code.ts'

export const SEVERITIES = ['HINDERS_LOCK', 'HINDERS_CLOSE', 'TELLS'] as const
/** What an open item keeps from happening. */
export type Severity = (typeof SEVERITIES)[number]

/** What is said of a code when nothing of it is open, and when something is. */
export type ChecklistWords = {
  readonly severity: Severity
  readonly done: string
  readonly open: string
  readonly command?: string
}

/** `PLACE` in a command stands for `--programme <code> --month <month>`, `MONTH` for the month alone. */
export const CHECKLIST_WORDS: Readonly<Record<ChecklistCode, ChecklistWords>> = {
  NOT_OVER: { severity: 'HINDERS_LOCK', done: 'the month is over', open: 'the month is not over yet' },
  EARLIER_MONTH_OPEN: {
    severity: 'HINDERS_LOCK',
    done: 'all earlier months are locked',
    open: 'earlier months are to be locked before this one',
    command: 'period close PLACE',
  },
  NOT_CALCULATED: {
    severity: 'HINDERS_LOCK',
    done: 'its statements are drafted',
    open: 'its statements are not drafted, or their calculation was cut off',
    command: 'period calculate PLACE',
  },
  CALCULATION_OUTDATED: {
    severity: 'HINDERS_LOCK',
    done: 'terms, memberships and balances are those it was calculated with',
    open: 'terms, memberships or balances have changed since it was calculated',
    command: 'period calculate PLACE',
  },
  FACTS_SINCE_CALCULATION: {
    severity: 'HINDERS_LOCK',
    done: 'nothing has come since it was calculated',
    open: 'facts and approved adjustments have come since it was calculated; without them they are given by a later month',
    command: 'period calculate PLACE',
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
  UNMATCHED_BANK_ENTRIES: {
    severity: 'TELLS',
    done: 'all entries of banks in its asset are matched',
    open: 'entries of banks in its asset match nothing, whichever month they belong to',
    command: 'bank breaks',
  },
  OPEN_DISPUTES: {
    severity: 'HINDERS_CLOSE',
    done: 'no statement is disputed',
    open: 'statements are disputed and wait for an answer',
    command: 'statement disputes',
  },
  UNANSWERED_STATEMENTS: {
    severity: 'HINDERS_CLOSE',
    done: 'no statement can be disputed any more',
    open: 'statements are not accepted, and may still be disputed',
    command: 'statement list --month MONTH',
  },
  UNPAID_STATEMENTS: {
    severity: 'HINDERS_CLOSE',
    done: 'everything that was to be paid has reached its partner',
    open: 'statements have something to pay that has not reached its partner',
    command: 'payout payable PLACE',
  },
  OPEN_BREAKS: {
    severity: 'HINDERS_CLOSE',
    done: 'banks and ledger agree on its payouts',
    open: 'banks and ledger differ about its payouts',
    command: 'bank breaks',
  },
  UNSEALED_RECORDS: {
    severity: 'HINDERS_CLOSE',
    done: 'the records of the lock are sealed',
    open: 'records of the lock are not sealed yet; a running server seals them within a second',
    command: 'ledger status',
  },
}
