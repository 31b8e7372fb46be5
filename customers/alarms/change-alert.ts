import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { type AlertChange, alertRecord } from './alert-record.ts'
import { writeChange } from './store/write-alerts.ts'

/** Changes an alert that is held, or opens one: its record, and its row. */
export async function changeAlert(
  context: Context,
  tx: Transaction,
  { alert, change, told }: { readonly alert: Id<'alr'>; readonly change: number; readonly told: AlertChange },
): Promise<void> {
  const [record] = await appendRecords(context, tx, [alertRecord(alert, change, told)])
  invariant(record, 'a record was appended')
  const written = await writeChange(tx, alert, change, told, { by: context.actor, record })
  invariant(written, 'an alert that is held changes by one record after the other')
}
