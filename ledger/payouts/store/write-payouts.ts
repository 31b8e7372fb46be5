import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { Payout, PayoutAmounts } from '../payout.ts'
import type { PayoutEvent } from '../payout-records.ts'

/** What is prepared, without who and when: that says the record. */
export type PreparedPayout = PayoutAmounts &
  Pick<Payout, 'id' | 'batch' | 'place' | 'statement' | 'partner' | 'asset' | 'attempt' | 'account' | 'endToEndId'>

/** Inserts payouts, each with its record. */
export async function insertPayouts(
  tx: Transaction,
  payouts: readonly { readonly payout: PreparedPayout; readonly by: Actor; readonly record: AppendedRecord }[],
): Promise<void> {
  const all = payouts.map(({ payout }) => payout)
  const texts = (name: 'gross' | 'vat' | 'withholding' | 'transfer') => all.map((payout) => String(payout[name]))
  await tx`
    insert into payouts (id, batch_id, place, statement_id, partner_id, asset, attempt, gross, vat, withholding, transfer,
      account_id, end_to_end_id, prepared_by, prepared_at, moved_at, record_id)
    select id, batch_id, place, statement_id, partner_id, asset, attempt, gross, vat, withholding, transfer, account_id,
      end_to_end_id, prepared_by, at, at, record_id
    from unnest(
      ${all.map(({ id }) => uuidOf(id))}::uuid[], ${all.map(({ batch }) => uuidOf(batch))}::uuid[],
      ${all.map(({ place }) => place)}::integer[], ${all.map(({ statement }) => uuidOf(statement))}::uuid[],
      ${all.map(({ partner }) => uuidOf(partner))}::uuid[], ${all.map(({ asset }) => asset)}::text[],
      ${all.map(({ attempt }) => attempt)}::integer[], ${texts('gross')}::text[]::numeric[],
      ${texts('vat')}::text[]::numeric[], ${texts('withholding')}::text[]::numeric[],
      ${texts('transfer')}::text[]::numeric[], ${all.map(({ account }) => uuidOf(account))}::uuid[],
      ${all.map(({ endToEndId }) => endToEndId)}::text[], ${payouts.map(({ by }) => by)}::text[],
      ${payouts.map(({ record }) => record.at.toISOString())}::text[]::timestamptz[],
      ${payouts.map(({ record }) => uuidOf(record.id))}::uuid[]
    ) as p (id, batch_id, place, statement_id, partner_id, asset, attempt, gross, vat, withholding, transfer, account_id,
      end_to_end_id, prepared_by, at, record_id)`
}

/** Who told what of a payout, by which record. */
export type Told = { readonly payout: Id<'pyt'>; readonly record: AppendedRecord }

/** Writes what happened to payouts: the same to all of them, each with its record. */
export async function updatePayouts(
  tx: Transaction,
  told: readonly Told[],
  { event, by }: { readonly event: PayoutEvent; readonly by: Actor },
): Promise<void> {
  const finding = event.event === 'FOUND' ? event : undefined
  const settled = event.event === 'SETTLED' ? event : undefined
  const ended = event.event === 'REJECTED' || event.event === 'RETURNED' ? event : undefined
  // money that came back before it was seen to leave stays returned
  const status = event.event === 'FOUND' ? 'UNKNOWN' : event.event
  await tx`
    update payouts p set
      status = case when p.status = 'RETURNED' then p.status else ${status} end,
      step = p.step + 1,
      settled_at = coalesce(${settled?.at.toISOString() ?? null}::timestamptz, p.settled_at),
      settled_entry_id = coalesce(${settled === undefined ? null : uuidOf(settled.entry)}::uuid, p.settled_entry_id),
      ended_at = coalesce(${ended?.at.toISOString() ?? null}::timestamptz, p.ended_at),
      ended_entry_id = coalesce(${ended?.entry === undefined ? null : uuidOf(ended.entry)}::uuid, p.ended_entry_id),
      reason = case when p.status = 'RETURNED' or ${finding !== undefined} then p.reason
        else ${'reason' in event ? event.reason : null} end,
      found_outcome = ${finding?.outcome ?? null},
      found_evidence = ${finding?.evidence ?? null},
      found_by = ${finding === undefined ? null : by},
      found_at = case when ${finding !== undefined} then t.at end,
      moved_at = t.at,
      record_id = t.record_id
    from unnest(
      ${told.map(({ payout }) => uuidOf(payout))}::uuid[], ${told.map(({ record }) => uuidOf(record.id))}::uuid[],
      ${told.map(({ record }) => record.at.toISOString())}::text[]::timestamptz[]
    ) as t (id, record_id, at)
    where p.id = t.id`
}

/** Whether a payout is there, and how many records told of it. */
export async function selectStep(sql: Reader, id: Id<'pyt'>): Promise<number | undefined> {
  const [row] = await sql<{ step: number }[]>`select p.step from payouts p where p.id = ${uuidOf(id)}`
  return row?.step
}

/** Whether a payout's batch and the attempt before it are there, and it fits into its statement beside the live ones. */
export async function canBeInserted(
  sql: Reader,
  { batch, statement, attempt, gross }: Pick<PreparedPayout, 'batch' | 'statement' | 'attempt' | 'gross'>,
): Promise<boolean> {
  const rows = await sql`
    select from statements s join payout_batches b on b.id = ${uuidOf(batch)}
    where s.id = ${uuidOf(statement)} and s.issued_at is not null
      and s.payout >= ${String(gross)}::text::numeric
        + (select coalesce(sum(p.gross), 0) from payouts p where p.statement_id = s.id and p.live)
      and ${attempt - 1} = (select count(*) from payouts p where p.statement_id = s.id)
      and not exists (select from payout_claims c where c.statement_id = s.id and c.live)`
  return rows.length > 0
}
