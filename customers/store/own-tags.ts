import type { Reader } from '../../database/client.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'

/** What is known now of one customer for some tags, by key. */
export async function selectOwnTags(
  sql: Reader,
  customer: Id<'cus'>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ tag_key: string; value: string }[]>`
    select tag_key, value from tags
    where customer_id = ${uuidOf(customer)} and tag_key = any (${[...keys]}::text[])`
  return new Map(rows.map((row) => [row.tag_key, row.value]))
}
