import type { Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'

/** A mail that somebody has taken to send. */
export type WaitingMail = { readonly id: Id<'eml'>; readonly sealed: Buffer; readonly attempts: number }

export async function insertMail(
  tx: Transaction,
  { id, sealed, hours }: { readonly id: Id<'eml'>; readonly sealed: Buffer; readonly hours: number },
): Promise<void> {
  await tx`
    insert into mails (id, sealed, ends_at)
    values (${uuidOf(id)}, ${sealed}, clock_timestamp() + make_interval(hours => ${hours}))`
}

/** Takes mails that are due, the ones that wait longest first, and says when each is due again unless it is deleted. */
export async function leaseMails(tx: Transaction, most: number): Promise<readonly WaitingMail[]> {
  const rows = await tx<{ id: string; sealed: Buffer; attempts: number }[]>`
    update mails set attempts = attempts + 1,
      next_at = clock_timestamp() + make_interval(secs => least(60 * 2 ^ least(attempts, 10), 900))
    where id in (
      select id from mails where next_at <= clock_timestamp()
      order by next_at, id limit ${most} for update skip locked)
    returning id, sealed, attempts`
  return rows.map(({ id, ...row }) => ({ ...row, id: idOf('eml', id) }))
}

export async function deleteMail(tx: Transaction, id: Id<'eml'>): Promise<void> {
  await tx`delete from mails where id = ${uuidOf(id)}`
}

/** Forgets mails that are of no use any more; says how many. */
export async function deleteOver(tx: Transaction): Promise<number> {
  const { count } = await tx`delete from mails where ends_at <= clock_timestamp()`
  return count
}
