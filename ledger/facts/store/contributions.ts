import type { PendingQuery, Row } from 'postgres'
import type { Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { Confirmation } from '../confirmation.ts'
import type { ContributionStatus } from '../contribution.ts'
import type { FactId, KnownFact } from '../decide-facts.ts'
import { fingerprintWith } from '../fingerprint-with.ts'
import type { ReportedContribution } from '../parse-contribution.ts'

/** Whether the partner may report now. Source: the view of the folder of partners. */
export async function mayReport(tx: Transaction, partner: Id<'ptr'>): Promise<boolean> {
  const rows = await tx`select from partner_duties d where d.partner_id = ${uuidOf(partner)} and d.reports`
  return rows.length === 1
}

/**
 * Contributions of the partner that stand under these external ids; who referred the customer is told apart from the
 * rest, and is part of what was reported ({@link fingerprintWith}).
 */
export async function selectKnownContributions(
  tx: Transaction,
  partner: Id<'ptr'>,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, KnownFact>> {
  const rows = await tx<KnownRow[]>`
    select c.external_id, c.id, c.fingerprint, c.referrer_customer_id from contributions c
    where c.partner_id = ${uuidOf(partner)} and c.external_id = any(${[...externalIds]}::text[])`
  return new Map(
    rows.map(({ external_id, id, fingerprint, referrer_customer_id: referrer }) => [
      external_id,
      {
        id: idOf('ctr', id),
        fingerprint: fingerprintWith(fingerprint, referrer === null ? undefined : idOf('cus', referrer)),
      },
    ]),
  )
}

type KnownRow = {
  readonly external_id: string
  readonly id: string
  readonly fingerprint: string
  readonly referrer_customer_id: string | null
}

/** A contribution that is to be stored. */
export type NewContribution = {
  readonly id: FactId
  readonly reported: ReportedContribution
  readonly customer: Id<'cus'> | undefined
  /** Who referred the customer, where it was a customer and is known already. */
  readonly referrer?: Id<'cus'> | undefined
  readonly confirmation: Confirmation
  readonly status: ContributionStatus
  readonly record: AppendedRecord
}

/**
 * Stores contributions of a partner who may report at the moment of this statement; returns how many, which is all or
 * none. They travel as one JSON text: one statement, however many there are.
 */
export async function insertContributions(
  tx: Transaction,
  partner: Id<'ptr'>,
  contributions: readonly NewContribution[],
): Promise<number> {
  const rows = contributions.map((contribution) => ({ ...contribution, partner }))
  const inserted = await tx`
    ${insertRows(tx, rows)} join partner_duties d on d.partner_id = r.partner_id and d.reports`
  return inserted.count
}

/** A contribution as its record tells it. */
export type ToldContribution = NewContribution & { readonly partner: Id<'ptr'> }

/** Stores contributions as their records tell them: whether the partner may report now is not asked again. */
export async function keepContributions(tx: Transaction, contributions: readonly ToldContribution[]): Promise<void> {
  if (contributions.length > 0) await insertRows(tx, contributions)
}

/** Inserts rows `r`; what follows may narrow them. */
function insertRows(tx: Transaction, contributions: readonly ToldContribution[]): PendingQuery<Row[]> {
  return tx`
    insert into contributions (id, partner_id, external_id, kind, subject, lead, customer_id, agreement_id, occurred_at,
      quantity, asset, amount, campaign, market, product_source, product_external_id, status, fingerprint, record_id,
      recorded_at, course, units, unit, score, referrer_customer_id, confirmation)
    select r.id, r.partner_id, r.external_id, r.kind, r.subject, r.lead, r.customer_id, r.agreement_id, r.occurred_at,
      r.quantity, r.asset, r.amount, r.campaign, r.market, r.product_source, r.product_external_id, r.status,
      r.fingerprint, r.record_id, r.recorded_at, r.course, r.units, r.unit, r.score, r.referrer_customer_id, r.confirmation
    from jsonb_to_recordset(${JSON.stringify(contributions.map(rowOf))}::jsonb) as r (id uuid, partner_id uuid,
      external_id text, kind text, subject text, lead text, customer_id uuid, agreement_id uuid, occurred_at timestamptz,
      quantity numeric, asset text, amount numeric, campaign text, market text, product_source text,
      product_external_id text, status text, fingerprint text, record_id uuid, recorded_at timestamptz,
      course text, units numeric, unit text, score numeric, referrer_customer_id uuid, confirmation text)`
}

function rowOf({ id, partner, reported, customer, referrer, confirmation, status, record }: ToldContribution): object {
  const { externalId, kind, subject, lead, agreement, occurredAt, quantity, value, campaign, market, product } =
    reported
  const { course, units, unit, score } = reported
  return {
    id: uuidOf(id),
    partner_id: uuidOf(partner),
    external_id: externalId,
    kind,
    subject,
    lead,
    customer_id: customer && uuidOf(customer),
    agreement_id: agreement && uuidOf(agreement),
    occurred_at: occurredAt.toISOString(),
    quantity: String(quantity),
    asset: value?.asset,
    amount: value && String(value.minor),
    campaign,
    market,
    product_source: product?.source,
    product_external_id: product?.externalId,
    confirmation,
    status,
    fingerprint: reported.fingerprint,
    record_id: uuidOf(record.id),
    recorded_at: record.at.toISOString(),
    course,
    units: units === undefined ? undefined : String(units),
    unit,
    score: score === undefined ? undefined : String(score),
    referrer_customer_id: referrer && uuidOf(referrer),
  }
}

/** Who referred a contribution's customer. */
export type ContributionReferrer = { readonly contribution: Id<'ctr'>; readonly customer: Id<'cus'> }

/** Names who referred, in contributions that stand. */
export async function nameReferrers(tx: Transaction, referrers: readonly ContributionReferrer[]): Promise<void> {
  if (referrers.length === 0) return
  await tx`
    update contributions c set referrer_customer_id = r.customer_id
    from unnest(
      ${referrers.map(({ contribution }) => uuidOf(contribution))}::uuid[],
      ${referrers.map(({ customer }) => uuidOf(customer))}::uuid[]
    ) as r (id, customer_id)
    where c.id = r.id`
}
