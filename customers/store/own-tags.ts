import type { Context } from '../../database/context.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'
import { type TagKeyRow, tagKeysJson } from '../sealing/store/tag-keys.ts'
import { type KeptValue, keptValue, openerOf } from './kept-values.ts'
import { valueNow } from './value-now.ts'

type OwnRow = { readonly key: string; readonly value: KeptValue; readonly keys: readonly TagKeyRow[] | null }

/** What is known now of one customer for some tags, by key, opened. */
export async function selectOwnTags(
  context: Context,
  customer: Id<'cus'>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const sql = context.database.reads
  const rows = await sql<OwnRow[]>`
    select k.key, ${keptValue(sql)} as value, ${tagKeysJson(sql)} as keys
    from unnest(${[...keys]}::text[]) as k (key)
    cross join lateral (${valueNow(sql, { customer: sql`${uuidOf(customer)}::uuid`, key: sql`k.key` })}) as v`
  const open = openerOf(context, rows[0]?.keys)
  const opened = rows.map(({ key, value }) => [key, open({ customer, key }, value)?.value] as const)
  return new Map(opened.filter((one): one is [string, string] => one[1] !== undefined))
}
