import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { WriteOff, WriteOffStatus } from '../write-off.ts'
import type { ProposedWriteOff } from '../write-off-record.ts'

type WriteOffRow = {
  readonly id: string
  readonly agreement_id: string
  readonly programme_id: string
  readonly partner_id: string
  readonly asset: Asset
  readonly amount: string
  readonly reason: string
  readonly status: WriteOffStatus
  readonly proposed_by: Actor
  readonly proposed_at: Date
  readonly decided_by: Actor | null
  readonly decided_at: Date | null
  readonly decision_reason: string | null
}

/** Who acted, by which record. */
type Act = { readonly by: Actor; readonly record: AppendedRecord }

export async function insertWriteOff(tx: Transaction, proposed: ProposedWriteOff, act: Act): Promise<void> {
  const { id, agreement, programme, partner, asset, minor, reason } = proposed
  await tx`
    insert into write_offs (id, agreement_id, programme_id, partner_id, asset, amount, reason, proposed_by, proposed_at,
      record_id)
    values (${uuidOf(id)}, ${uuidOf(agreement)}, ${uuidOf(programme)}, ${uuidOf(partner)}, ${asset},
      ${`${minor}`}::text::numeric, ${reason}, ${act.by}, ${act.record.at.toISOString()}, ${uuidOf(act.record.id)})`
}

/** Decides a proposed write-off; says whether there was one. */
export async function decideWriteOffRow(
  tx: Transaction,
  { id, because, by, record }: Act & { readonly id: Id<'wof'>; readonly because: string | undefined },
): Promise<boolean> {
  const rows = await tx`
    update write_offs set status = ${because === undefined ? 'APPROVED' : 'REJECTED'}, decided_by = ${by},
      decided_at = ${record.at.toISOString()}, decision_record_id = ${uuidOf(record.id)},
      decision_reason = ${because ?? null}
    where id = ${uuidOf(id)} and status = 'PROPOSED'`
  return rows.count === 1
}

/** The write-off with this id, held until the transaction ends, or nothing. */
export async function holdWriteOff(tx: Transaction, id: Id<'wof'>): Promise<WriteOff | undefined> {
  await tx`select from write_offs where id = ${uuidOf(id)} for no key update`
  return selectWriteOff(tx, id)
}

export async function selectWriteOff(sql: Reader, id: Id<'wof'>): Promise<WriteOff | undefined> {
  const [row] = await sql<WriteOffRow[]>`select ${columns(sql)} from write_offs w where w.id = ${uuidOf(id)}`
  return row && writeOffOf(row)
}

/** Up to one more than the page holds, in the page's direction; the last proposed first. */
export async function selectWriteOffs(
  sql: Reader,
  { status }: { readonly status?: WriteOffStatus | undefined },
  { cursor, direction, limit }: Page,
): Promise<readonly WriteOff[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<WriteOffRow[]>`
    select ${columns(sql)} from write_offs w where true
      ${status === undefined ? sql`` : sql`and w.status = ${status}`}
      ${from === undefined ? sql`` : forward ? sql`and w.id < ${from}::uuid` : sql`and w.id > ${from}::uuid`}
    order by w.id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(writeOffOf)
}

function columns(sql: Reader): Fragment {
  return sql`w.id, w.agreement_id, w.programme_id, w.partner_id, w.asset, w.amount::text as amount, w.reason, w.status,
    w.proposed_by, w.proposed_at, w.decided_by, w.decided_at, w.decision_reason`
}

function writeOffOf(row: WriteOffRow): WriteOff {
  return {
    id: idOf('wof', row.id),
    agreement: idOf('agr', row.agreement_id),
    programme: idOf('prg', row.programme_id),
    partner: idOf('ptr', row.partner_id),
    asset: row.asset,
    minor: BigInt(row.amount),
    reason: row.reason,
    status: row.status,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    decidedBy: row.decided_by ?? undefined,
    decidedAt: row.decided_at ?? undefined,
    decisionReason: row.decision_reason ?? undefined,
  }
}
