import type { Context } from '../../../database/context.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { Supply } from '../../customer-view.ts'
import { type TagKeyRow, tagKeysJson } from '../../sealing/store/tag-keys.ts'
import { type KeptValue, keptValue, openerOf } from '../../store/kept-values.ts'
import { mayStand } from '../../store/value-now.ts'

/** A value that a partner supplied, as its customer sees it. */
export type SuppliedTag = Supply & {
  readonly key: string
  readonly value: string
  readonly receivedAt: Date
  /** Whether the customer lets the partner supply it still; what is not let is read by nobody. */
  readonly counts: boolean
}

type SuppliedTagRow = {
  readonly key: string
  readonly value: KeptValue
  readonly receivedAt: Date
  readonly counts: boolean
  readonly keys: readonly TagKeyRow[] | null
}

/** All of one customer. */
export async function selectSuppliedTags(context: Context, customer: Id<'cus'>): Promise<readonly SuppliedTag[]> {
  const sql = context.database.reads
  const rows = await sql<SuppliedTagRow[]>`
    select v.tag_key as key, ${keptValue(sql)} as value, v.received_at as "receivedAt", ${mayStand(sql)} as counts,
           ${tagKeysJson(sql)} as keys
    from tags v where v.customer_id = ${uuidOf(customer)} and v.supplier_id <> nobody()
    order by v.tag_key, v.supplier_id`
  const open = openerOf(context, rows[0]?.keys)
  return rows.flatMap(({ key, value, receivedAt, counts }) => {
    const opened = open({ customer, key }, value)
    return opened?.supply === undefined ? [] : [{ key, value: opened.value, receivedAt, counts, ...opened.supply }]
  })
}
