import type { Context } from '../../database/context.ts'
import { type Age, ageAt } from './ageing.ts'
import { type ReceivableRow, selectReceivables } from './store/agreement-balances.ts'

/** What partners owe now, by agreement, with its age. Minor units. */
export async function listReceivables({ clock, database }: Context): Promise<readonly (ReceivableRow & Age)[]> {
  const now = clock.now()
  const rows = await selectReceivables(database.reads, undefined)
  return rows.map((row) => ({ ...row, ...ageAt(row.since, now) }))
}
