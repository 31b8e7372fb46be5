import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { ProposalStatus } from '../../proposal.ts'
import { type Act, type ProposalRow, proposalOf } from '../../store/proposals.ts'
import type { Adjustment } from '../adjustment.ts'
import type { ProposedAdjustment } from '../adjustment-record.ts'

type AdjustmentRow = ProposalRow & {
  readonly id: string
  readonly agreement_id: string
  readonly programme_id: string
  readonly partner_id: string
  readonly asset: Asset
  readonly amount: string
  readonly reason: string
  readonly statement_id: string | null
}

export async function insertAdjustment(tx: Transaction, proposed: ProposedAdjustment, act: Act): Promise<void> {
  const { id, agreement, programme, partner, asset, minor, reason } = proposed
  await tx`
    insert into adjustments (id, agreement_id, programme_id, partner_id, asset, amount, reason, proposed_by, proposed_at,
      record_id)
    values (${uuidOf(id)}, ${uuidOf(agreement)}, ${uuidOf(programme)}, ${uuidOf(partner)}, ${asset},
      ${`${minor}`}::text::numeric, ${reason}, ${act.by}, ${act.record.at.toISOString()}, ${uuidOf(act.record.id)})`
}

export async function selectAdjustment(sql: Reader, id: Id<'adj'>): Promise<Adjustment | undefined> {
  const [row] = await sql<AdjustmentRow[]>`
    select ${columns(sql)} from adjustments a ${givenBy(sql)} where a.id = ${uuidOf(id)}`
  return row && adjustmentOf(row)
}

/** Which adjustments a list holds; absent means all. */
export type AdjustmentFilter = {
  readonly programme?: Id<'prg'> | undefined
  readonly status?: ProposalStatus | undefined
}

/** Up to one more than the page holds, in the page's direction; the last proposed first. */
export async function selectAdjustments(
  sql: Reader,
  { programme, status }: AdjustmentFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly Adjustment[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<AdjustmentRow[]>`
    select ${columns(sql)} from adjustments a ${givenBy(sql)}
    where true
      ${programme === undefined ? sql`` : sql`and a.programme_id = ${uuidOf(programme)}`}
      ${status === undefined ? sql`` : sql`and a.status = ${status}`}
      ${from === undefined ? sql`` : forward ? sql`and a.id < ${from}::uuid` : sql`and a.id > ${from}::uuid`}
    order by a.id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(adjustmentOf)
}

/** Approved adjustments of a programme that no issued statement has, in the order of their proposals. */
export async function selectUngiven(sql: Reader, programme: Id<'prg'>): Promise<readonly Adjustment[]> {
  const rows = await sql<AdjustmentRow[]>`
    select ${columns(sql)} from adjustments a ${givenBy(sql)}
    where a.programme_id = ${uuidOf(programme)} and a.status = 'APPROVED' and g.statement_id is null
    order by a.id limit 10000`
  return rows.map(adjustmentOf)
}

function givenBy(sql: Reader): Fragment {
  return sql`left join lateral (
    select s.id as statement_id from earnings e join statements s on s.id = e.statement_id and s.issued_at is not null
    where e.adjustment_id = a.id limit 1) g on true`
}

function columns(sql: Reader): Fragment {
  return sql`a.id, a.agreement_id, a.programme_id, a.partner_id, a.asset, a.amount::text as amount, a.reason, a.status,
    a.proposed_by, a.proposed_at, a.decided_by, a.decided_at, a.decision_reason, g.statement_id`
}

function adjustmentOf(row: AdjustmentRow): Adjustment {
  return {
    id: idOf('adj', row.id),
    agreement: idOf('agr', row.agreement_id),
    programme: idOf('prg', row.programme_id),
    partner: idOf('ptr', row.partner_id),
    asset: row.asset,
    minor: BigInt(row.amount),
    reason: row.reason,
    ...proposalOf(row),
    statement: row.statement_id === null ? undefined : idOf('sta', row.statement_id),
  }
}
