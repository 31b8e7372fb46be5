import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { SealedValue } from '../../sealing/tag-keys.ts'
import { mayHave } from '../../store/shared-tags.ts'
import type { Supplied } from '../supplied-record.ts'

/** A value on its way into the table, sealed where its tag is sensitive. */
export type SuppliedRow = Supplied & { readonly sealed: SealedValue | undefined }

/** The same as its supplier names it. */
export type NamedRow = SuppliedRow & { readonly subject: string }

/** What became of a value: kept, or let be since a newer one of the supplier's stands there. */
export type Written = { readonly record: Id<'rec'>; readonly kept: boolean }

/** Customers by the subjects under which a partner knows them. */
export async function selectSubjects(
  sql: Reader,
  partner: Id<'ptr'>,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, Id<'cus'>>> {
  const rows = await sql<{ subject: string; customer_id: string }[]>`
    select subject, customer_id from known_subjects
    where partner_id = ${uuidOf(partner)} and subject = any (${[...subjects]}::text[])`
  return new Map(rows.map((row) => [row.subject, idOf('cus', row.customer_id)]))
}

/** The partner's code, where it may supply at all now. */
export async function selectSupplier(sql: Reader, partner: Id<'ptr'>): Promise<string | undefined> {
  const [row] = await sql<{ code: string }[]>`
    select s.code from partner_suppliers s join partner_duties d on d.partner_id = s.partner_id
    where s.partner_id = ${uuidOf(partner)} and d.discloses`
  return row?.code
}

/**
 * Writes values of one supplier in ONE statement that also checks, for each, what must hold at that moment: the subject is
 * the partner's, the partner is live and of kind DATA, the tag's definition names it, and a consent of the customer to it
 * covers the tag for a purpose that is made for supplying. Those for which it does not hold are left out of the answer.
 */
export async function writeSupplied(
  tx: Transaction,
  supplier: Id<'ptr'>,
  rows: readonly NamedRow[],
  receivedAt: Date,
): Promise<readonly Written[]> {
  if (rows.length === 0) return []
  const partner = tx`${uuidOf(supplier)}::uuid`
  const written = await tx<{ record: string; kept: boolean }[]>`
    with allowed as (
      select i.* from ${given(tx, rows)}
      where exists (
          select from known_subjects s where s.subject = i.subject and s.partner_id = ${partner} and s.customer_id = i.customer)
        and exists (
          select from partner_suppliers s
          join partner_duties d on d.partner_id = s.partner_id
          join tag_definitions f on s.code = any (f.suppliers)
          join customers u on u.id = i.customer
          where s.partner_id = ${partner} and f.key = i.key and f.retired_at is null
            and d.discloses and (u.synthetic or not d.synthetic_only))
        and exists (
          select from consents c join consent_tags t on t.consent_id = c.id
          where c.customer_id = i.customer and c.partner_id = ${partner} and t.tag_key = i.key
            and c.purpose = any (array(select key from purposes where direction = 'SUPPLY'))
            and c.status = 'AUTHORISED' and c.expires_at > clock_timestamp() and ${mayHave(tx, partner)})
    ), written as (
      ${upsert(
        tx,
        partner,
        receivedAt,
        tx`(
        select distinct on (customer, key) * from allowed order by customer, key, observed_at desc, record desc) as i`,
      )}
      returning t.record_id
    )
    select a.record, w.record_id is not null as kept from allowed a left join written w on w.record_id = a.record`
  return written.map(({ record, kept }) => ({ record: idOf('rec', record), kept }))
}

/** Keeps a value that the log tells of, unless a newer one of the supplier's stands there. */
export async function keepSupplied(tx: Transaction, row: SuppliedRow, receivedAt: Date): Promise<void> {
  await upsert(tx, tx`${uuidOf(row.supplier)}::uuid`, receivedAt, given(tx, [{ ...row, subject: '' }]))
}

/** Of two values the newer observation stands, then the one that came later: in whatever order they are written. */
function upsert(tx: Transaction, partner: Fragment, receivedAt: Date, rows: Fragment) {
  return tx`
    insert into tags as t (customer_id, tag_key, supplier_id, value, sealed, key_version, source, observed_at, received_at,
      quality, record_id)
    select i.customer, i.key, ${partner}, i.value, decode(i.sealed, 'base64'), i.version, 'partner', i.observed_at,
           ${receivedAt.toISOString()}::text::timestamptz, i.quality, i.record
    from ${rows}
    order by i.customer, i.key
    on conflict (customer_id, tag_key, supplier_id) do update
    set value = excluded.value, sealed = excluded.sealed, key_version = excluded.key_version,
        observed_at = excluded.observed_at, received_at = excluded.received_at, quality = excluded.quality,
        record_id = excluded.record_id
    where (excluded.observed_at, excluded.received_at, excluded.record_id) > (t.observed_at, t.received_at, t.record_id)`
}

/** The rows as `i`. */
function given(tx: Transaction, rows: readonly NamedRow[]): Fragment {
  const items = rows.map(({ subject, customer, key, value, sealed, observedAt, quality, record }) => ({
    ...{
      subject,
      customer: uuidOf(customer),
      key,
      quality,
      record: uuidOf(record),
      observed_at: observedAt.toISOString(),
    },
    ...(sealed === undefined ? { value } : { sealed: sealed.sealed.toString('base64'), version: sealed.keyVersion }),
  }))
  return tx`json_to_recordset(${JSON.stringify(items)}::json) as i (
    subject text, customer uuid, key text, value text, sealed text, version integer, observed_at timestamptz,
    quality smallint, record uuid)`
}
