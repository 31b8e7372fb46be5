import type { Transaction } from '../../../database/client.ts'

/** Makes those who pay a partner for rewards take turns until their transactions end. */
export async function holdRewardsOwed(tx: Transaction, partnerCode: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`rewards:${partnerCode}`}, 0))`
}
