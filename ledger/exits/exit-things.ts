import type { Reader, Transaction } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import type { OpenThing } from '../../kernel/open-thing.ts'
import { holdBalances } from '../receivables/store/agreement-owes.ts'
import { type ExitAccounts, exitAccounts } from './exit-accounts.ts'
import { type ExitWindows, exitWindows } from './exit-windows.ts'
import {
  findBreaksOf,
  findDisputable,
  findMemberships,
  findOpenDisputes,
  findUnconfirmedOf,
  findUndecidedOf,
  findUngivenOf,
  findUnpaidOf,
  selectProgrammesOf,
} from './store/exit-things.ts'

/** What of a partner's money is open, by what it is. */
export type LedgerExitThings = ExitWindows &
  ExitAccounts & {
    readonly MEMBERSHIPS: OpenThing
    readonly DISPUTES: OpenThing
    readonly DISPUTE_WINDOW: OpenThing
    readonly UNCONFIRMED: OpenThing
    readonly UNDECIDED: OpenThing
    readonly UNGIVEN: OpenThing
    readonly UNPAID: OpenThing
    readonly BREAKS: OpenThing
  }

/** The partner that leaves, and as of when. */
export type ExitOf = { readonly partner: Id<'ptr'>; readonly code: string; readonly now: Date }

/** All that hinders that a partner's account with us is at its end, as the reader sees it. */
export async function ledgerExitThings(sql: Reader, { partner, code, now }: ExitOf): Promise<LedgerExitThings> {
  return {
    MEMBERSHIPS: await findMemberships(sql, partner, now),
    ...(await exitWindows(sql, partner)),
    DISPUTES: await findOpenDisputes(sql, partner),
    DISPUTE_WINDOW: await findDisputable(sql, partner, now),
    UNCONFIRMED: await findUnconfirmedOf(sql, partner),
    UNDECIDED: await findUndecidedOf(sql, partner),
    UNGIVEN: await findUngivenOf(sql, partner),
    UNPAID: await findUnpaidOf(sql, partner),
    BREAKS: await findBreaksOf(sql, partner),
    ...(await exitAccounts(sql, { partner, code })),
  }
}

/**
 * Keeps what stands on a partner's agreements as it is until the transaction ends: no month is locked, nothing is written off or
 * paid back meanwhile.
 */
export async function holdExitBalances(tx: Transaction, partner: Id<'ptr'>): Promise<void> {
  for (const programme of await selectProgrammesOf(tx, partner)) await holdBalances(tx, programme)
}
