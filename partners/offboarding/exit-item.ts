import type { Money } from '../../kernel/money.ts'

/** What an exit is looked over for, in the order in which it is done. */
export const EXIT_CODES = [
  ...(['EXIT_DATE', 'CLIENTS', 'MEMBERSHIPS', 'CONSENTS', 'DELETIONS', 'COMPLAINTS', 'FINAL_PERIOD'] as const),
  ...(['EARNING_WINDOW', 'REFUND_WINDOW', 'UNCONFIRMED', 'UNDECIDED', 'UNGIVEN', 'DISPUTES'] as const),
  ...(['DISPUTE_WINDOW', 'HOLDBACK', 'CARRIED', 'RECEIVABLE', 'UNPAID', 'BREAKS', 'ACCOUNTS'] as const),
] as const
export type ExitCode = (typeof EXIT_CODES)[number]

/** What may stay open when an exit is closed, if somebody says so: none of it is money that is known. */
export const ACKNOWLEDGEABLE_EXITS = [
  'DELETIONS',
  'EARNING_WINDOW',
  'REFUND_WINDOW',
] as const satisfies readonly ExitCode[]
export type AcknowledgeableExit = (typeof ACKNOWLEDGEABLE_EXITS)[number]

/** Whether something of an item is open; `NOT_YET` is not asked before the exit's date. */
export const EXIT_STATES = ['DONE', 'OPEN', 'NOT_YET'] as const
export type ExitState = (typeof EXIT_STATES)[number]

/** One thing that hinders that a partner's exit is closed, or does not any more. */
export type ExitItem = {
  readonly code: ExitCode
  readonly state: ExitState
  /** How many there are of what is open. */
  readonly count: number
  readonly sentence: string
  /** Ids of up to ten of them, numbers of statements, or accounts. */
  readonly examples: readonly string[]
  readonly amounts: readonly Money[]
  /** When it ends by itself, where that is known. */
  readonly until: Date | undefined
  /** What to run to get on with it. */
  readonly command: string | undefined
  /** Whether the exit may be closed with it open, if somebody says so. */
  readonly acknowledgeable: boolean
}
