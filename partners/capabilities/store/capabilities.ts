import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import {
  ANY_KEY,
  type Capability,
  type CapabilityKind,
  type CapabilityNow,
  type CapabilityStatus,
} from '../capability.ts'

type Row = {
  readonly partner_id: string
  readonly kind: CapabilityKind
  readonly key: string
  readonly status: CapabilityStatus
  readonly due: string | null
  readonly until: Date | null
  readonly reason: string
  readonly permille: number | null
  readonly version: number
  readonly changed_at: Date
  readonly record_id: string
}

/** Names one capability of one partner. */
export type CapabilityPlace = Pick<Capability, 'partner' | 'kind' | 'key'>

/** Holds a partner's capabilities until the transaction ends: nobody else says the next version of one. */
export async function lockCapabilities(tx: Transaction, partner: Id<'ptr'>): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`capabilities:${partner}`}, 0))`
}

/** What was last said, whether or not its time is over; and the database's time. */
export async function selectCapability(
  sql: Reader,
  { partner, kind, key }: CapabilityPlace,
): Promise<{ readonly now: Date; readonly said: Capability | undefined }> {
  const [row] = await sql<({ readonly now: Date } & Row)[]>`
    select clock_timestamp() as now, c.* from (values (true)) as one
    left join capabilities c on c.partner_id = ${uuidOf(partner)} and c.kind = ${kind} and c.key = ${key}`
  return { now: row?.now ?? new Date(Number.NaN), said: row?.partner_id ? capabilityOf(row) : undefined }
}

/** Of each partner the defaults, and then what is said of it, by kind and key, as it counts now. */
export async function selectCapabilities(
  sql: Reader,
  partners: readonly Id<'ptr'>[],
): Promise<ReadonlyMap<Id<'ptr'>, readonly CapabilityNow[]>> {
  const rows = await sql<
    (Omit<Row, 'version' | 'reason' | 'changed_at' | 'record_id'> & {
      readonly reason: string | null
      readonly changed_at: Date | null
      readonly record_id: string | null
    })[]
  >`
    with asked as (select unnest(${partners.map(uuidOf)}::text[]::uuid[]) as partner_id)
    select partner_id, kind, ${ANY_KEY} as key, status, null as due, null::timestamptz as until, null as reason,
           null::integer as permille, null::timestamptz as changed_at, null::uuid as record_id, 0 as place
    from asked cross join capability_defaults
    union all
    select partner_id, kind, key, status, due, until, reason, permille, changed_at, record_id, 1
    from partner_capabilities join asked using (partner_id)
    order by partner_id, kind, place, key`
  const said = rows.map(({ partner_id, kind, key, status, due, until, reason, permille, changed_at, record_id }) => ({
    ...{ kind, key, status, due: due ?? undefined, until: until ?? undefined, reason: reason ?? undefined },
    ...{ permille: permille ?? undefined, changedAt: changed_at ?? undefined },
    record: record_id === null ? undefined : idOf('rec', record_id),
    partner: idOf('ptr', partner_id),
  }))
  const byPartner = Map.groupBy(said, ({ partner }) => partner)
  return new Map([...byPartner].map(([id, all]) => [id, all.map(({ partner: _, ...one }) => one)]))
}

/** Those of the keys that are active for the partner now. */
export async function selectAllowed(
  sql: Reader,
  {
    partner,
    kind,
    keys,
  }: { readonly partner: Id<'ptr'>; readonly kind: CapabilityKind; readonly keys: readonly string[] },
): Promise<ReadonlySet<string>> {
  const rows = await sql<{ key: string }[]>`
    select k.key from unnest(${[...keys]}::text[]) as k (key)
    where coalesce(
      (select c.status from partner_capabilities c
       where c.partner_id = ${uuidOf(partner)} and c.kind = ${kind} and c.key = k.key),
      (select f.status from capability_defaults f where f.kind = ${kind})) = 'ACTIVE'`
  return new Set(rows.map(({ key }) => key))
}

/** Whether anything has this key: a category that tags or products are of. */
export async function isCategory(sql: Reader, kind: 'TAGS' | 'PRODUCTS', key: string): Promise<boolean> {
  const view = kind === 'TAGS' ? sql`tag_categories` : sql`product_categories`
  const rows = await sql`select from ${view} as c where c.category = ${key} limit 1`
  return rows.length > 0
}

/** Writes a version, unless a later one stands there. */
export async function keepCapability(tx: Transaction, said: Capability): Promise<void> {
  const { partner, kind, key, status, due, until, reason, permille, version, changedAt, record } = said
  await tx`
    insert into capabilities as c
      (partner_id, kind, key, status, due, until, reason, permille, version, changed_at, record_id)
    values (${uuidOf(partner)}, ${kind}, ${key}, ${status}, ${due ?? null}, ${until?.toISOString() ?? null}, ${reason},
      ${permille ?? null}, ${version}, ${changedAt.toISOString()}, ${uuidOf(record)})
    on conflict on constraint capabilities_pkey do update
      set status = excluded.status, due = excluded.due, until = excluded.until, reason = excluded.reason,
          permille = excluded.permille, version = excluded.version, changed_at = excluded.changed_at,
          record_id = excluded.record_id
      where c.version < excluded.version`
}

function capabilityOf(row: Row): Capability {
  const { kind, key, status, reason, version } = row
  return {
    ...{ partner: idOf('ptr', row.partner_id), kind, key, status, reason, version },
    ...{ due: row.due ?? undefined, until: row.until ?? undefined, permille: row.permille ?? undefined },
    ...{ changedAt: row.changed_at, record: idOf('rec', row.record_id) },
  }
}
