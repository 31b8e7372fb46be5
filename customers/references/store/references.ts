import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { ReferencePlace } from '../seal-reference.ts'

/** A reference that is kept. */
export type KeptReference = ReferencePlace & {
  readonly fingerprint: Buffer
  readonly sealed: Buffer
  readonly consent: Id<'cns'>
  readonly linkedAt: Date
  readonly record: Id<'rec'>
}

/** What is known of a reference that is held. */
export type HeldReference = ReferencePlace & { readonly fingerprint: Buffer; readonly consent: Id<'cns'> }

type HeldRow = {
  readonly partner_id: string
  readonly customer_id: string
  readonly fingerprint: Buffer
  readonly consent_id: string
}

/** Keeps a reference; says whether it is there now: not when it, or its place, is taken. */
export async function insertReference(tx: Transaction, kept: KeptReference): Promise<boolean> {
  const rows = await tx`
    insert into subject_references (partner_id, customer_id, fingerprint, sealed, consent_id, linked_at, record_id)
    values (${uuidOf(kept.partner)}, ${uuidOf(kept.customer)}, ${kept.fingerprint}, ${kept.sealed},
            ${uuidOf(kept.consent)}, ${kept.linkedAt.toISOString()}, ${uuidOf(kept.record)})
    on conflict do nothing returning partner_id`
  return rows.length === 1
}

/**
 * Holds the reference of a place, if there is one. It is looked for again once it is held: whoever held it before may have
 * taken it away.
 */
export async function holdReference(tx: Transaction, place: ReferencePlace): Promise<HeldReference | undefined> {
  await hold(tx, [place])
  const [row] = await tx<HeldRow[]>`
    select partner_id, customer_id, fingerprint, consent_id from subject_references
    where partner_id = ${uuidOf(place.partner)} and customer_id = ${uuidOf(place.customer)}`
  return row && heldOf(row)
}

/** Takes references away whose customer has no consent to the partner any more that keeps its place. */
export async function deleteUnfounded(
  tx: Transaction,
  places: readonly ReferencePlace[],
): Promise<readonly HeldReference[]> {
  await hold(tx, places)
  const rows = await tx<HeldRow[]>`
    delete from subject_references r
    using unnest(${partnersOf(places)}::text[]::uuid[], ${customersOf(places)}::text[]::uuid[]) as p (partner_id, customer_id)
    where r.partner_id = p.partner_id and r.customer_id = p.customer_id and not exists (
      select from consents c
      where c.customer_id = r.customer_id and c.partner_id = r.partner_id and c.status in ('AUTHORISED', 'SUSPENDED'))
    returning r.partner_id, r.customer_id, r.fingerprint, r.consent_id`
  return rows.map(heldOf)
}

/** Takes one away, if it was joined with this consent; says whether it was. */
export async function deleteReference(
  tx: Transaction,
  { partner, customer, consent }: ReferencePlace & { readonly consent: Id<'cns'> },
): Promise<boolean> {
  const rows = await tx`
    delete from subject_references
    where partner_id = ${uuidOf(partner)} and customer_id = ${uuidOf(customer)} and consent_id = ${uuidOf(consent)}
    returning partner_id`
  return rows.length === 1
}

/** The subject that a partner's reference stands for. */
export async function selectReferredSubject(
  sql: Reader,
  partner: Id<'ptr'>,
  fingerprint: Buffer,
): Promise<string | undefined> {
  const [row] = await sql<{ subject: string }[]>`
    select s.subject from subject_references r
    join subjects s on s.partner_id = r.partner_id and s.customer_id = r.customer_id
    where r.partner_id = ${uuidOf(partner)} and r.fingerprint = ${fingerprint}`
  return row?.subject
}

/** References that are kept for a partner's subjects. */
export async function selectReferences(
  sql: Reader,
  partner: Id<'ptr'>,
  subjects: readonly string[],
): Promise<readonly { readonly subject: string; readonly customer: Id<'cus'>; readonly sealed: Buffer }[]> {
  const rows = await sql<{ subject: string; customer_id: string; sealed: Buffer }[]>`
    select s.subject, r.customer_id, r.sealed from known_subjects s
    join subject_references r on r.partner_id = s.partner_id and r.customer_id = s.customer_id
    where s.partner_id = ${uuidOf(partner)} and s.subject = any (${[...subjects]}::text[])`
  return rows.map(({ subject, customer_id, sealed }) => ({ subject, customer: idOf('cus', customer_id), sealed }))
}

async function hold(tx: Transaction, places: readonly ReferencePlace[]): Promise<void> {
  await tx`
    select from subject_references r
    where (r.partner_id, r.customer_id) in (
      select * from unnest(${partnersOf(places)}::text[]::uuid[], ${customersOf(places)}::text[]::uuid[]))
    order by r.partner_id, r.customer_id for update`
}

function partnersOf(places: readonly ReferencePlace[]): string[] {
  return places.map(({ partner }) => uuidOf(partner))
}

function customersOf(places: readonly ReferencePlace[]): string[] {
  return places.map(({ customer }) => uuidOf(customer))
}

function heldOf({ partner_id, customer_id, fingerprint, consent_id }: HeldRow): HeldReference {
  return {
    partner: idOf('ptr', partner_id),
    customer: idOf('cus', customer_id),
    consent: idOf('cns', consent_id),
    fingerprint,
  }
}
