import type { Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/**
 * Keeps the programme's periods from being closed until the transaction ends; false when one is being closed right now.
 * The closing of a period takes the same lock, alone, from before it reads terms until the period is locked.
 */
export async function holdOffClosing(tx: Transaction, programme: Id<'prg'>): Promise<boolean> {
  const [row] = await tx<{ held: boolean }[]>`
    select pg_try_advisory_xact_lock_shared(hashtextextended(${`closing:${programme}`}, 0)) as held`
  return row?.held ?? false
}

/** The last month that is settled for good at a time or after it, if there is one. */
export async function selectLockedSince(tx: Transaction, programme: Id<'prg'>, at: Date): Promise<string | undefined> {
  const [row] = await tx<{ month: string }[]>`
    select p.month from periods p
    where p.programme_id = ${uuidOf(programme)} and p.locked_at is not null and p.ends_at > ${at.toISOString()}
    order by p.ends_at desc limit 1`
  return row?.month
}
