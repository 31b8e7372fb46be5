import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { Staff } from '../../../kernel/require-staff.ts'
import { type TagKeyRow, tagKeysJson } from '../../sealing/store/tag-keys.ts'
import { type KeptValue, keptValue } from '../../store/kept-values.ts'
import { valueNow } from '../../store/value-now.ts'
import type { StaffCase, StaffRead } from '../staff-case.ts'

type CaseRow = {
  readonly id: string
  readonly customer_id: string
  readonly opened_by: Staff
  readonly reason: string | null
  readonly opened_at: Date
  readonly ends_at: Date
  readonly closed_at: Date | null
  readonly version: number
  readonly record_id: string
}

/** Writes a version of a case, unless a later one stands there; says whether its customer is known. */
export async function keepCase(tx: Transaction, kept: StaffCase): Promise<boolean> {
  const { id, customer, openedBy, reason, openedAt, endsAt, closedAt, version, record } = kept
  await tx`
    insert into staff_cases as c
      (id, customer_id, opened_by, reason, opened_at, ends_at, closed_at, version, record_id)
    select ${uuidOf(id)}::uuid, u.id, ${openedBy}, ${reason ?? null}, ${openedAt.toISOString()}::timestamptz,
      ${endsAt.toISOString()}::timestamptz, ${closedAt?.toISOString() ?? null}::timestamptz, ${version}, ${uuidOf(record)}::uuid
    from customers u where u.id = ${uuidOf(customer)}
    on conflict on constraint staff_cases_pkey do update
      set closed_at = excluded.closed_at, version = excluded.version, record_id = excluded.record_id
      where c.version < excluded.version`
  return (await tx`select from staff_cases where id = ${uuidOf(id)}`).length > 0
}

/** Holds a case of one opener until the transaction ends: nobody closes it while it is read, nor reads it while it is closed. */
export async function holdCase(
  tx: Transaction,
  { id, by }: { readonly id: Id<'cas'>; readonly by: Staff },
  strength: 'share' | 'no key update',
): Promise<StaffCase | undefined> {
  const lock = strength === 'share' ? tx`for share` : tx`for no key update`
  const [row] = await tx<CaseRow[]>`
    select * from staff_cases where id = ${uuidOf(id)} and opened_by = ${by} and closed_at is null
      and ends_at > clock_timestamp() ${lock}`
  return row && caseOf(row)
}

/** A case by its id. */
export async function selectCase(sql: Reader, id: Id<'cas'>): Promise<StaffCase | undefined> {
  const [row] = await sql<CaseRow[]>`select * from staff_cases where id = ${uuidOf(id)}`
  return row && caseOf(row)
}

/** What is known of a customer, as a statement has it: still exact, and perhaps sealed. */
export type KnownRow = { readonly key: string; readonly value: KeptValue; readonly keys: readonly TagKeyRow[] | null }

/**
 * All that is known of the customer of a case, by tag, in ONE statement that also writes down that it was read: nothing comes
 * of a case that is over at that moment. The case is held by the caller.
 */
export async function readCase(
  tx: Transaction,
  held: StaffCase,
  read: Omit<StaffRead, 'tags' | 'customer'>,
): Promise<readonly KnownRow[]> {
  return tx<KnownRow[]>`
    with held as (
      select customer_id from staff_cases
      where id = ${uuidOf(held.id)} and closed_at is null and ends_at > clock_timestamp()
    ), known as (
      select d.key, ${keptValue(tx)} as value
      from held cross join tag_definitions d
      cross join lateral (${valueNow(tx, { customer: tx`held.customer_id`, key: tx`d.key` })}) as v
      where d.retired_at is null
    ), logged as (
      insert into staff_reads (id, case_id, customer_id, by, at, tags, record_id)
      select ${uuidOf(read.id)}::uuid, ${uuidOf(held.id)}::uuid, held.customer_id, ${read.by}, ${read.at.toISOString()}::timestamptz,
             coalesce((select array_agg(key order by key) from known), '{}'), ${uuidOf(read.record)}::uuid
      from held
    )
    select key, value, ${tagKeysJson(tx)} as keys from known order by key`
}

/** Keeps a read out of the log. */
export async function insertRead(
  tx: Transaction,
  { id, case: of, customer, by, at, tags, record }: StaffRead,
): Promise<boolean> {
  const rows = await tx`
    insert into staff_reads (id, case_id, customer_id, by, at, tags, record_id)
    select ${uuidOf(id)}::uuid, c.id, ${uuidOf(customer)}::uuid, ${by}, ${at.toISOString()}::timestamptz, ${[...tags]}::text[], ${uuidOf(record)}::uuid
    from staff_cases c where c.id = ${uuidOf(of)}
    on conflict on constraint staff_reads_pkey do nothing returning id`
  return rows.length > 0
}

/** Who of the staff saw something of a customer, or of anybody; up to one more than the page holds, the latest first. */
export async function selectStaffReads(
  sql: Reader,
  customer: Id<'cus'> | undefined,
  { cursor, direction, limit }: Page,
): Promise<readonly StaffRead[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<
    {
      id: string
      case_id: string
      customer_id: string
      by: Staff
      at: Date
      tags: readonly string[]
      record_id: string
    }[]
  >`
    select id, case_id, customer_id, by, at, tags, record_id from staff_reads
    where true
      ${customer === undefined ? sql`` : sql`and customer_id = ${uuidOf(customer)}`}
      ${from === undefined ? sql`` : forward ? sql`and id < ${from}::uuid` : sql`and id > ${from}::uuid`}
    order by id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(({ id, case_id, customer_id, record_id, ...row }) => ({
    ...row,
    ...{ id: idOf('srd', id), case: idOf('cas', case_id), customer: idOf('cus', customer_id) },
    record: idOf('rec', record_id),
  }))
}

/** Forgets why customers who are erased were looked at; that they were stays. */
export async function forgetReasons(tx: Transaction, customers: readonly Id<'cus'>[]): Promise<void> {
  if (customers.length === 0) return
  await tx`
    update staff_cases set reason = null
    where customer_id = any (${customers.map(uuidOf)}::text[]::uuid[]) and reason is not null`
}

function caseOf(row: CaseRow): StaffCase {
  return {
    ...{ id: idOf('cas', row.id), customer: idOf('cus', row.customer_id), openedBy: row.opened_by },
    ...{ reason: row.reason ?? undefined, openedAt: row.opened_at, endsAt: row.ends_at },
    ...{ closedAt: row.closed_at ?? undefined, version: row.version, record: idOf('rec', row.record_id) },
  }
}
