import type { Transaction } from '../../../database/client.ts'

/** Gives the transaction up when it has to wait longer for another one. */
export async function waitAtMost(tx: Transaction, milliseconds: number): Promise<void> {
  await tx`select set_config('lock_timeout', ${`${milliseconds}ms`}, true)`
}
