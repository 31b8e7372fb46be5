import type { Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { AlertChange, Told } from '../alert-record.ts'

/** The record of a change: by whom it was made, and when. */
export type AlertAct = { readonly by: Actor; readonly record: { readonly id: Id<'rec'>; readonly at: Date } }

/** Writes a change of an alert; says whether it was the next one. The first makes the row. */
export async function writeChange(
  tx: Transaction,
  alert: Id<'alr'>,
  change: number,
  told: AlertChange,
  act: AlertAct,
): Promise<boolean> {
  switch (told.event) {
    case 'OPENED':
      await insertAlert(tx, alert, told, act)
      return true
    case 'RAISED':
      return updateAlert(tx, alert, change, act, { ...measureRow(told), raised_at: act.record.at })
    case 'ASSIGNED':
      return updateAlert(tx, alert, change, act, { assignee: told.to })
    case 'CLOSED':
      return updateAlert(tx, alert, change, act, {
        ...{ status: 'CLOSED', closed_at: act.record.at, closed_by: act.by },
        ...{ resolution: told.resolution, reason: told.reason },
      })
    default:
      return told satisfies never
  }
}

type Opened = Extract<AlertChange, { readonly event: 'OPENED' }>

async function insertAlert(tx: Transaction, id: Id<'alr'>, told: Opened, { record }: AlertAct): Promise<void> {
  const row = {
    ...{
      id: uuidOf(id),
      partner_id: uuidOf(told.partner),
      kind: told.kind,
      opened_at: record.at,
      raised_at: record.at,
    },
    ...{ ...measureRow(told), record_id: uuidOf(record.id) },
  }
  await tx`insert into alerts ${tx(row)}`
}

async function updateAlert(
  tx: Transaction,
  id: Id<'alr'>,
  change: number,
  { record }: AlertAct,
  columns: Readonly<Record<string, string | number | Date | null | string[]>>,
): Promise<boolean> {
  const row = { ...columns, version: change, record_id: uuidOf(record.id) }
  const changed = await tx`
    update alerts set ${tx(row)} where id = ${uuidOf(id)} and version = ${change - 1} returning id`
  return changed.length === 1
}

function measureRow({ measure, clients, quota }: Told) {
  const { span, from, to, measured, expected, allowed } = measure
  return {
    ...{ span, span_from: from, span_to: to, measured, expected, allowed, clients: clients.map(uuidOf) },
    ...{ quota_permille: quota?.permille ?? null, quota_until: quota?.until ?? null },
  }
}
