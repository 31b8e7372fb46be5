import type { Transaction } from '../../database/client.ts'

/** Removes up to so many expired rows of each kind; returns how many went. */
export async function deleteExpired(tx: Transaction, most: number): Promise<number> {
  const states = await tx`
    delete from oauth_state where ctid in (
      select ctid from oauth_state where expires_at <= now() order by expires_at limit ${most} for update skip locked)`
  const proofs = await tx`
    delete from dpop_replays where ctid in (
      select ctid from dpop_replays where expires_at <= now() order by expires_at limit ${most} for update skip locked)`
  const spent = await tx`
    delete from spent_points where ctid in (
      select ctid from spent_points where full_at <= now() limit ${most} for update skip locked)`
  return states.count + proofs.count + spent.count
}
