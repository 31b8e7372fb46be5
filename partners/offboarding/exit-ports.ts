import type { Reader, Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { OpenThing } from '../../kernel/open-thing.ts'
import type { ExitCode } from './exit-item.ts'

/** What other folders know of that is open; what we know ourselves are the date, the clients and complaints. */
export type ForeignExitCode = Exclude<ExitCode, 'EXIT_DATE' | 'CLIENTS' | 'COMPLAINTS'>

/** What other folders do for an exit. Each does again without harm what was done already: nothing. */
export type ExitPorts = {
  /** Ends some of the consents to the partner; says how many it ended, and how many it had found: 0 when none is left. */
  readonly endConsents: (
    context: Context,
    input: { readonly partner: Id<'ptr'>; readonly reason: string },
  ) => Promise<{ readonly ended: number; readonly found: number }>
  /** How many consents to the partner have ended for its exit. */
  readonly countEndedConsents: (sql: Reader, partner: Id<'ptr'>) => Promise<number>
  /** Ends all memberships of the partner at a time, and says how many ended now. */
  readonly endMemberships: (
    context: Context,
    input: { readonly partner: Id<'ptr'>; readonly at: Date; readonly reason: string },
  ) => Promise<number>
  /** What is open, as the reader sees it. */
  readonly openThings: (
    sql: Reader,
    input: { readonly partner: Id<'ptr'>; readonly code: string; readonly now: Date },
  ) => Promise<Readonly<Record<ForeignExitCode, OpenThing>>>
  /** Keeps what stands on the partner's agreements as it is until the transaction ends. */
  readonly holdBalances: (tx: Transaction, partner: Id<'ptr'>) => Promise<void>
}
