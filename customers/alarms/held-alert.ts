import type { Transaction } from '../../database/client.ts'
import { Fault } from '../../kernel/fault.ts'
import { isId } from '../../kernel/ids.ts'
import type { Alert } from './alert.ts'
import { holdAlert } from './store/alerts.ts'

/** Holds an open alert until the transaction ends. Throws `NOT_FOUND`, and `WRONG_STATE` for one that is closed. */
export async function requireOpenAlert(tx: Transaction, id: string): Promise<Alert> {
  const alert = isId('alr', id) ? await holdAlert(tx, id) : undefined
  if (alert === undefined) throw new Fault('NOT_FOUND', 'there is no such alert', { field: 'alert' })
  if (alert.status === 'CLOSED') throw new Fault('WRONG_STATE', `alert ${alert.id} was closed already`)
  return alert
}
