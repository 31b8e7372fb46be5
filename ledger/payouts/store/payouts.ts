import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { FoundOutcome, Payout, PayoutStatus } from '../payout.ts'

type Row = {
  readonly id: string
  readonly batch_id: string
  readonly place: number
  readonly statement_id: string
  readonly statement_number: string
  readonly partner_id: string
  readonly partner_code: string
  readonly asset: Asset
  readonly attempt: number
  readonly gross: string
  readonly vat: string
  readonly withholding: string
  readonly transfer: string
  readonly account_id: string
  readonly end_to_end_id: string
  readonly status: PayoutStatus
  readonly live: boolean
  readonly step: number
  readonly prepared_by: Actor
  readonly prepared_at: Date
  readonly settled_at: Date | null
  readonly settled_entry_id: string | null
  readonly ended_at: Date | null
  readonly ended_entry_id: string | null
  readonly reason: string | null
  readonly found_outcome: FoundOutcome | null
  readonly found_evidence: string | null
  readonly found_by: Actor | null
  readonly found_at: Date | null
  readonly moved_at: Date
}

/** A payout, or nothing. */
export async function findPayoutRow(sql: Reader, id: Id<'pyt'>): Promise<Payout | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from payouts p ${named(sql)} where p.id = ${uuidOf(id)}`
  return row && payoutOf(row)
}

/** A payout by its id. Throws `NOT_FOUND`. */
export async function requirePayout(sql: Reader, id: string): Promise<Payout> {
  const payout = isId('pyt', id) ? await findPayoutRow(sql, id) : undefined
  if (payout !== undefined) return payout
  throw new Fault('NOT_FOUND', `there is no payout ${JSON.stringify(id.slice(0, 60))}`, { field: 'payout' })
}

/** All payouts of a batch in their places. */
export async function selectPayoutsOfBatch(sql: Reader, batch: Id<'pob'>): Promise<readonly Payout[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from payouts p ${named(sql)} where p.batch_id = ${uuidOf(batch)} order by p.place`
  return rows.map(payoutOf)
}

/** All attempts to pay a statement, in their order; with a partner, only of one of its own, and what may have left. */
export async function selectPayoutsOfStatement(
  sql: Reader,
  { statement, partner }: { readonly statement: Id<'sta'>; readonly partner?: Id<'ptr'> | undefined },
): Promise<readonly Payout[]> {
  const owner = partner === undefined ? null : uuidOf(partner)
  const rows = await sql<Row[]>`
    select ${columns(sql)} from payouts p ${named(sql)}
    where p.statement_id = ${uuidOf(statement)} and (
      ${owner}::uuid is null
      or (p.partner_id = ${owner}::uuid and p.status not in ('DRAFT', 'APPROVED', 'CANCELLED'))
    )
    order by p.attempt`
  return rows.map(payoutOf)
}

/** Which payouts a list holds; absent means all. */
export type PayoutFilter = {
  readonly batch?: Id<'pob'> | undefined
  readonly status?: PayoutStatus | undefined
}

/** Up to one more than the page holds, in the page's direction, in the order of their making. */
export async function selectPayouts(
  sql: Reader,
  { batch, status }: PayoutFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly Payout[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    select ${columns(sql)} from payouts p ${named(sql)}
    where true
      ${batch === undefined ? sql`` : sql`and p.batch_id = ${uuidOf(batch)}`}
      ${status === undefined ? sql`` : sql`and p.status = ${status}`}
      ${from === undefined ? sql`` : forward ? sql`and p.id > ${from}::uuid` : sql`and p.id < ${from}::uuid`}
    order by p.id ${forward ? sql`asc` : sql`desc`} limit ${limit + 1}`
  return rows.map(payoutOf)
}

/** How many payouts of a batch may still move at the bank. */
export async function countUnderWay(sql: Reader, batch: Id<'pob'>): Promise<number> {
  const [row] = await sql<{ count: string }[]>`
    select count(*) from payouts p where p.batch_id = ${uuidOf(batch)} and p.status in ('INSTRUCTED', 'SENT', 'UNKNOWN')`
  return Number(row?.count ?? 0)
}

/** Sent payouts of which nothing was heard since a moment, the longest silent first. */
export async function selectSilent(sql: Reader, since: Date, limit: number): Promise<readonly Payout[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from payouts p ${named(sql)}
    where p.status = 'SENT' and p.moved_at < ${since.toISOString()}
    order by p.moved_at, p.id limit ${limit}`
  return rows.map(payoutOf)
}

/** What the journal does not have yet of the tax of those parts of statements that are instructed or settled. */
export async function selectTaxToPost(
  sql: Reader,
  batch: Id<'pob'>,
): Promise<ReadonlyMap<Id<'pyt'>, { readonly vat: bigint; readonly withholding: bigint }>> {
  const rows = await sql<{ id: string; vat: string; withholding: string }[]>`
    select p.id, greatest(l.vat - t.vat, 0) as vat, greatest(l.withholding - t.withholding, 0) as withholding
    from payouts p
    join statement_tax_posted t on t.statement_id = p.statement_id
    cross join lateral (
      select sum(o.vat) as vat, sum(o.withholding) as withholding from payouts o
      where o.statement_id = p.statement_id and o.live and (o.id = p.id or o.status not in ('DRAFT', 'APPROVED'))
    ) l
    where p.batch_id = ${uuidOf(batch)}`
  return new Map(
    rows.map((row) => [idOf('pyt', row.id), { vat: BigInt(row.vat), withholding: BigInt(row.withholding) }]),
  )
}

function named(sql: Reader): Fragment {
  return sql`join statements s on s.id = p.statement_id join partner_duties d on d.partner_id = p.partner_id`
}

function columns(sql: Reader): Fragment {
  return sql`p.id, p.batch_id, p.place, p.statement_id, s.number as statement_number, p.partner_id, d.code as partner_code,
    p.asset, p.attempt, p.gross, p.vat, p.withholding, p.transfer, p.account_id, p.end_to_end_id, p.status, p.live, p.step,
    p.prepared_by, p.prepared_at, p.settled_at, p.settled_entry_id, p.ended_at, p.ended_entry_id, p.reason,
    p.found_outcome, p.found_evidence, p.found_by, p.found_at, p.moved_at`
}

function payoutOf(row: Row): Payout {
  return {
    id: idOf('pyt', row.id),
    batch: idOf('pob', row.batch_id),
    place: row.place,
    statement: idOf('sta', row.statement_id),
    statementNumber: row.statement_number,
    partner: idOf('ptr', row.partner_id),
    partnerCode: row.partner_code,
    asset: row.asset,
    attempt: row.attempt,
    gross: BigInt(row.gross),
    vat: BigInt(row.vat),
    withholding: BigInt(row.withholding),
    transfer: BigInt(row.transfer),
    account: idOf('bka', row.account_id),
    endToEndId: row.end_to_end_id,
    status: row.status,
    live: row.live,
    step: row.step,
    preparedBy: row.prepared_by,
    preparedAt: row.prepared_at,
    settledAt: row.settled_at ?? undefined,
    settledEntry: row.settled_entry_id === null ? undefined : idOf('bke', row.settled_entry_id),
    endedAt: row.ended_at ?? undefined,
    endedEntry: row.ended_entry_id === null ? undefined : idOf('bke', row.ended_entry_id),
    reason: row.reason ?? undefined,
    finding: findingOf(row),
    movedAt: row.moved_at,
  }
}

function findingOf({
  found_outcome: outcome,
  found_evidence: evidence,
  found_by: by,
  found_at: at,
}: Row): Payout['finding'] {
  if (outcome === null || evidence === null || by === null || at === null) return undefined
  return { outcome, evidence, by, at }
}
