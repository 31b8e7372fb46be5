import type { ExitCode } from './exit-item.ts'

/** What is said of a code when nothing of it is open, and when something is; `CODE` in a command is the partner's. */
export type ExitWords = { readonly done: string; readonly open: string; readonly command?: string }

export const EXIT_WORDS: Readonly<Record<ExitCode, ExitWords>> = {
  EXIT_DATE: { done: 'the date of the exit has come', open: 'the date of the exit has not come' },
  CLIENTS: {
    done: 'the clients that it had are revoked',
    open: 'clients are not revoked yet',
    command: 'partner offboard continue CODE',
  },
  MEMBERSHIPS: {
    done: 'it is a member of no programme',
    open: 'memberships run, or were offered',
    command: 'partner offboard continue CODE',
  },
  CONSENTS: {
    done: 'all consents to it have ended, and its customers find it on their pages',
    open: 'consents to it stand',
    command: 'partner offboard continue CODE',
  },
  DELETIONS: {
    done: 'it has attested that all it read is deleted',
    open: 'it has not attested that what it read is deleted',
    command: 'partner offboard attest CODE --paper FILE',
  },
  COMPLAINTS: {
    done: 'no complaint about it waits for an answer',
    open: 'complaints about it are not decided',
    command: 'partner complaint list --partner CODE',
  },
  FINAL_PERIOD: {
    done: 'the last months of its memberships are locked',
    open: 'the last months of its memberships are not locked',
    command: 'period close --programme PROGRAMME --month MONTH',
  },
  EARNING_WINDOW: {
    done: 'nothing is earned any more by what it did',
    open: 'what it did may still earn until a month is locked',
    command: 'period close --programme PROGRAMME --month MONTH',
  },
  REFUND_WINDOW: {
    done: 'no refund takes anything back any more',
    open: 'refunds may take back what it earned until a month is locked',
    command: 'agreement reserve ID --amount AMOUNT --until MONTH --reason TEXT',
  },
  UNCONFIRMED: {
    done: 'no contribution of its waits for a confirmation',
    open: 'contributions wait for a confirmation',
    command: 'contribution list --undecided',
  },
  UNDECIDED: {
    done: 'all adjustments and write-offs are decided',
    open: 'adjustments or write-offs wait for a second person',
    command: 'adjustment list --status PROPOSED',
  },
  UNGIVEN: {
    done: 'all adjustments are given',
    open: 'adjustments are approved, and given by the next month that is locked',
    command: 'period close --programme PROGRAMME --month MONTH',
  },
  DISPUTES: {
    done: 'no statement is disputed',
    open: 'statements are disputed and wait for an answer',
    command: 'statement disputes --status OPEN',
  },
  DISPUTE_WINDOW: {
    done: 'no statement can be disputed any more',
    open: 'statements are not accepted, and may still be disputed',
    command: 'statement list --partner CODE',
  },
  HOLDBACK: { done: 'nothing is held back', open: 'a part of what it earned is held back until later months' },
  CARRIED: {
    done: 'nothing is carried to a next statement',
    open: 'something is carried to a next statement, which pays it',
    command: 'period close --programme PROGRAMME --month MONTH',
  },
  RECEIVABLE: {
    done: 'it owes nothing',
    open: 'it owes something: it pays, or two persons write it off',
    command: 'receivable write-off --agreement ID --reason TEXT',
  },
  UNPAID: {
    done: 'everything that was to be paid has reached it',
    open: 'statements have something to pay that has not reached it',
    command: 'payout payable',
  },
  BREAKS: {
    done: 'banks and ledger agree on its payouts',
    open: 'banks and ledger differ about its payouts',
    command: 'bank breaks',
  },
  ACCOUNTS: {
    done: 'all its accounts in the journal are at zero',
    open: 'something stands on its accounts in the journal',
    command: 'ledger balances',
  },
}
