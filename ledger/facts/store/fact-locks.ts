import type { Transaction } from '../../../database/client.ts'
import type { Id } from '../../../kernel/ids.ts'

/** Those whose facts are written one transaction after the other. */
export type FactLock = `source:${string}` | `partner:${Id<'ptr'>}`

/**
 * Makes the writers of facts of one source, or of one partner, take turns until their transactions end: what the next
 * statement reads is then what stands, so that of two reports of one fact the later meets the earlier, and a lead's
 * binding meets every contribution with that lead. All locks are taken here, in one order, so that no two transactions
 * wait for each other. It is a statement of its own: waiting for a lock does not refresh a statement's snapshot.
 */
export async function takeFactLocks(tx: Transaction, locks: readonly FactLock[]): Promise<void> {
  await tx`
    select pg_advisory_xact_lock(l.key)
    from (select distinct hashtextextended('facts:' || name, 0) as key
          from unnest(${[...locks]}::text[]) as n (name) order by key) l`
}
