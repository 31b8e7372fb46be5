import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { ProposalStatus } from '../../proposal.ts'
import { type Act, type ProposalRow, proposalOf } from '../../store/proposals.ts'
import type { WriteOff } from '../write-off.ts'
import type { ProposedWriteOff } from '../write-off-record.ts'

type WriteOffRow = ProposalRow & {
  readonly id: string
  readonly agreement_id: string
  readonly programme_id: string
  readonly partner_id: string
  readonly asset: Asset
  readonly amount: string
  readonly reason: string
}

export async function insertWriteOff(tx: Transaction, proposed: ProposedWriteOff, act: Act): Promise<void> {
  const { id, agreement, programme, partner, asset, minor, reason } = proposed
  await tx`
    insert into write_offs (id, agreement_id, programme_id, partner_id, asset, amount, reason, proposed_by, proposed_at,
      record_id)
    values (${uuidOf(id)}, ${uuidOf(agreement)}, ${uuidOf(programme)}, ${uuidOf(partner)}, ${asset},
      ${`${minor}`}::text::numeric, ${reason}, ${act.by}, ${act.record.at.toISOString()}, ${uuidOf(act.record.id)})`
}

export async function selectWriteOff(sql: Reader, id: Id<'wof'>): Promise<WriteOff | undefined> {
  const [row] = await sql<WriteOffRow[]>`select ${columns(sql)} from write_offs w where w.id = ${uuidOf(id)}`
  return row && writeOffOf(row)
}

/** Up to one more than the page holds, in the page's direction; the last proposed first. */
export async function selectWriteOffs(
  sql: Reader,
  { status }: { readonly status?: ProposalStatus | undefined },
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
    ...proposalOf(row),
  }
}
