import type { Transaction } from '../../database/client.ts'
import type { Actor } from '../../kernel/actor.ts'
import { type Id, type IdPrefix, uuidOf } from '../../kernel/ids.ts'
import type { AppendedRecord } from '../../records/append-records.ts'
import type { Proposal, ProposalStatus } from '../proposal.ts'

/** Who acted, by which record. */
export type Act = { readonly by: Actor; readonly record: AppendedRecord }

/** How a table keeps what became of a proposal. */
export type ProposalRow = {
  readonly status: ProposalStatus
  readonly proposed_by: Actor
  readonly proposed_at: Date
  readonly decided_by: Actor | null
  readonly decided_at: Date | null
  readonly decision_reason: string | null
}

/** Tables of proposals, whose columns for that are the same. */
export type ProposalTable = 'adjustments' | 'write_offs' | 'openings'

export type Decision = Act & {
  readonly id: Id<IdPrefix>
  /** Why it is rejected; approved without one. */
  readonly because: string | undefined
}

/** Decides what was proposed; says whether there was something. */
export async function decideRow(
  tx: Transaction,
  table: ProposalTable,
  { id, because, by, record }: Decision,
): Promise<boolean> {
  const rows = await tx`
    update ${tx(table)} set status = ${because === undefined ? 'APPROVED' : 'REJECTED'}, decided_by = ${by},
      decided_at = ${record.at.toISOString()}, decision_record_id = ${uuidOf(record.id)},
      decision_reason = ${because ?? null}
    where id = ${uuidOf(id)} and status = 'PROPOSED'`
  return rows.count === 1
}

/** Holds a proposal until the transaction ends. */
export async function holdRow(tx: Transaction, table: ProposalTable, id: Id<IdPrefix>): Promise<void> {
  await tx`select from ${tx(table)} where id = ${uuidOf(id)} for no key update`
}

export function proposalOf(row: ProposalRow): Proposal {
  return {
    status: row.status,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    decidedBy: row.decided_by ?? undefined,
    decidedAt: row.decided_at ?? undefined,
    decisionReason: row.decision_reason ?? undefined,
  }
}
