import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { Dispute, DisputeEnd, DisputeStatus, Objection } from '../dispute.ts'

type DisputeRow = {
  readonly id: string
  readonly statement_id: string
  readonly number: string
  readonly partner_id: string
  readonly asset: Asset
  readonly rules: readonly number[]
  readonly lines: readonly string[]
  readonly held: string
  readonly reason: string
  readonly status: DisputeStatus
  readonly opened_by: Actor
  readonly opened_at: Date
  readonly closed_by: Actor | null
  readonly closed_at: Date | null
  readonly answer: string | null
  readonly adjustment_id: string | null
}

/** Who acted, by which record. */
type Act = { readonly by: Actor; readonly record: AppendedRecord }

export async function insertDispute(tx: Transaction, objection: Objection, { by, record }: Act): Promise<void> {
  const { id, statement, partner, rules, lines, held, reason } = objection
  await tx`
    insert into disputes (id, statement_id, partner_id, rules, lines, held, reason, opened_by, opened_at, record_id)
    values (${uuidOf(id)}, ${uuidOf(statement)}, ${uuidOf(partner)}, ${rules.map(String)}::text[]::smallint[],
      ${lines.map(uuidOf)}::uuid[], ${`${held}`}::text::numeric, ${reason}, ${by}, ${record.at.toISOString()},
      ${uuidOf(record.id)})`
}

/** Closes an open dispute; says whether there was one. */
export async function closeDisputeRow(
  tx: Transaction,
  { id, status, answer, adjustment, by, record }: DisputeEnd & Act & { readonly id: Id<'dsp'> },
): Promise<boolean> {
  const rows = await tx`
    update disputes set status = ${status}, answer = ${answer ?? null}, closed_by = ${by},
      closed_at = ${record.at.toISOString()}, closing_record_id = ${uuidOf(record.id)},
      adjustment_id = ${adjustment === undefined ? null : uuidOf(adjustment)}
    where id = ${uuidOf(id)} and status = 'OPEN'`
  return rows.count === 1
}

/** A dispute; with a partner, only one of its own. */
export async function selectDispute(
  sql: Reader,
  { id, partner }: { readonly id: Id<'dsp'>; readonly partner?: Id<'ptr'> | undefined },
): Promise<Dispute | undefined> {
  const owner = partner === undefined ? null : uuidOf(partner)
  const [row] = await sql<DisputeRow[]>`
    select ${columns(sql)} from disputes d join statements s on s.id = d.statement_id
    where d.id = ${uuidOf(id)} and (${owner}::uuid is null or d.partner_id = ${owner}::uuid)`
  return row && disputeOf(row)
}

/** Which disputes a list holds; absent means all. */
export type DisputeFilter = {
  readonly partner?: Id<'ptr'> | undefined
  readonly statement?: Id<'sta'> | undefined
  readonly status?: DisputeStatus | undefined
}

/** Up to one more than the page holds, in the page's direction; the last opened first. */
export async function selectDisputes(
  sql: Reader,
  { partner, statement, status }: DisputeFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly Dispute[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<DisputeRow[]>`
    select ${columns(sql)} from disputes d join statements s on s.id = d.statement_id
    where true
      ${partner === undefined ? sql`` : sql`and d.partner_id = ${uuidOf(partner)}`}
      ${statement === undefined ? sql`` : sql`and d.statement_id = ${uuidOf(statement)}`}
      ${status === undefined ? sql`` : sql`and d.status = ${status}`}
      ${from === undefined ? sql`` : forward ? sql`and d.id < ${from}::uuid` : sql`and d.id > ${from}::uuid`}
    order by d.id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(disputeOf)
}

/** All disputes of some statements, the first opened first; a statement has a bounded number of them. */
export async function selectDisputesOf(sql: Reader, statements: readonly Id<'sta'>[]): Promise<readonly Dispute[]> {
  const rows = await sql<DisputeRow[]>`
    select ${columns(sql)} from disputes d join statements s on s.id = d.statement_id
    where d.statement_id = any(${statements.map(uuidOf)}::uuid[]) order by d.id`
  return rows.map(disputeOf)
}

function columns(sql: Reader): Fragment {
  return sql`d.id, d.statement_id, s.number, d.partner_id, s.asset, d.rules, d.lines, d.held, d.reason, d.status,
    d.opened_by, d.opened_at, d.closed_by, d.closed_at, d.answer, d.adjustment_id`
}

function disputeOf(row: DisputeRow): Dispute {
  return {
    id: idOf('dsp', row.id),
    statement: idOf('sta', row.statement_id),
    number: row.number,
    partner: idOf('ptr', row.partner_id),
    asset: row.asset,
    rules: row.rules,
    lines: row.lines.map((uuid) => idOf('pol', uuid)),
    held: BigInt(row.held),
    reason: row.reason,
    status: row.status,
    openedBy: row.opened_by,
    openedAt: row.opened_at,
    closedBy: row.closed_by ?? undefined,
    closedAt: row.closed_at ?? undefined,
    answer: row.answer ?? undefined,
    adjustment: row.adjustment_id === null ? undefined : idOf('adj', row.adjustment_id),
  }
}
