import type { Fragment } from 'postgres'
import type { Transaction } from '../../database/client.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'
import type { SealedValue } from '../sealing/tag-keys.ts'

/** Whose values they are, which tags and whether each is sealed, and when they were observed where the file does not say. */
export type Observation = {
  readonly source: string
  readonly tagKeys: readonly string[]
  readonly sealed: readonly boolean[]
  readonly at: Date
}

/** A customer's UUID and a value, or none, for each of the tags. */
export type TagRow = {
  readonly id: string
  /** RFC 3339; absent when the file does not say. */
  readonly observedAt: string | undefined
  readonly values: readonly (string | SealedValue | undefined)[]
}

/** Adds tags of customers who were added in this transaction: nobody else can have written any for them. */
export async function addTags(tx: Transaction, added: readonly TagRow[], observation: Observation): Promise<void> {
  if (added.length === 0 || observation.tagKeys.length === 0) return
  await tx`
    insert into tags (customer_id, tag_key, value, sealed, key_version, source, observed_at)
    select customer_id, tag_key, value, sealed, key_version, ${observation.source}, observed_at from ${given(tx, added, observation)}`
}

/**
 * Tags of customers who are known, as the broker knows them itself: what is new or says otherwise is written, and nothing else is even locked. It says
 * otherwise when its value or source differs, or when the file dates it later; an older observation changes nothing.
 * Returns the UUIDs of the customers for whom something was written.
 */
export async function changeTags(
  tx: Transaction,
  known: readonly TagRow[],
  observation: Observation,
): Promise<ReadonlySet<string>> {
  if (known.length === 0 || observation.tagKeys.length === 0) return new Set()
  const { source } = observation
  const rows = await tx<{ customer_id: string }[]>`
    with written as (
      insert into tags as t (customer_id, tag_key, value, sealed, key_version, source, observed_at)
      select g.customer_id, g.tag_key, g.value, g.sealed, g.key_version, ${source}, g.observed_at
      from ${given(tx, known, observation)}
      left join tags k on k.customer_id = g.customer_id and k.tag_key = g.tag_key and k.supplier_id = nobody()
      where k.customer_id is null
        or g.observed_at >= k.observed_at and (
          g.value is distinct from k.value or g.sealed is distinct from k.sealed or k.source <> ${source})
        or g.observed_at > k.observed_at and g.dated
      order by g.customer_id, g.tag_key
      on conflict on constraint tags_pkey do update
      set value = excluded.value, sealed = excluded.sealed, key_version = excluded.key_version,
          source = excluded.source, observed_at = excluded.observed_at
      where excluded.observed_at >= t.observed_at
      returning t.customer_id
    )
    select distinct customer_id from written`
  return new Set(rows.map(({ customer_id }) => customer_id))
}

/**
 * Rows `g (customer_id, tag_key, value, sealed, key_version, observed_at, dated)` of all values, customer by customer. Columns
 * travel as one text each, joined by line breaks, which no value has; an empty line is no value, and a sealed one is its
 * version, a colon and base64. They are taken apart once, behind
 * `offset 0`, into arrays of fixed width; the planner then expects few rows and looks each of them up.
 */
function given(tx: Transaction, rows: readonly TagRow[], { tagKeys, sealed, at }: Observation): Fragment {
  const column = (value: (one: TagRow) => string | boolean): string => rows.map(value).join('\n')
  const values = column((row) => row.values.map(textOf).join('\n'))
  return tx`(
    select b.ids[n.customer] as customer_id, b.keys[n.tag] as tag_key, b.times[n.customer] as observed_at,
           b.dated[n.customer] as dated, case when not b.sealing[n.tag] then n.value end as value,
           case when b.sealing[n.tag] then decode(split_part(n.value, ':', 2), 'base64') end as sealed,
           case when b.sealing[n.tag] then split_part(n.value, ':', 1)::integer end as key_version
    from (
      select string_to_array(${column(({ id }) => id)}, E'\\n')::uuid[] as ids,
             string_to_array(${column(({ observedAt }) => observedAt ?? at.toISOString())}, E'\\n')::timestamptz[]
               as times,
             string_to_array(${column(({ observedAt }) => observedAt !== undefined)}, E'\\n')::boolean[] as dated,
             string_to_array(${tagKeys.join('\n')}, E'\\n') as keys,
             string_to_array(${sealed.join('\n')}, E'\\n')::boolean[] as sealing,
             string_to_array(${values}, E'\\n', '') as values
      offset 0
    ) as b
    cross join lateral (
      select v.value, (v.place - 1) / ${tagKeys.length}::integer + 1 as customer,
             (v.place - 1) % ${tagKeys.length}::integer + 1 as tag
      from unnest(b.values) with ordinality as v (value, place)
    ) as n
    where n.value is not null
  ) as g`
}

function textOf(value: string | SealedValue | undefined): string {
  return typeof value === 'object' ? `${value.keyVersion}:${value.sealed.toString('base64')}` : (value ?? '')
}

/** Takes away all that is known of a customer who is erased. */
export async function deleteTags(tx: Transaction, customer: Id<'cus'>): Promise<void> {
  await tx`delete from tags where customer_id = ${uuidOf(customer)}`
}
