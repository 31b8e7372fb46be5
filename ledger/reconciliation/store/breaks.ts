import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { BankBreak, BreakKind, BreakStatus, ProposalKind, Resolution } from '../bank-break.ts'
import type { BreakEvent } from '../break-records.ts'

type Row = {
  readonly id: string
  readonly step: number
  readonly kind: BreakKind
  readonly own_account_id: string
  readonly asset: Asset
  readonly entry_id: string | null
  readonly payout_id: string | null
  readonly gap_on: string | null
  readonly amount: string
  readonly about: string
  readonly owner: Actor | null
  readonly status: BreakStatus
  readonly opened_at: Date
  readonly proposal: ProposalKind | null
  readonly proposed_account: string | null
  readonly proposed_reason: string | null
  readonly proposed_by: Actor | null
  readonly proposed_at: Date | null
  readonly resolution: Resolution | null
  readonly resolved_by: Actor | null
  readonly resolved_at: Date | null
}

/** Who acted, by which record, and which it is of the records about the break. */
export type Act = { readonly by: Actor; readonly step: number; readonly record: AppendedRecord }

/** Writes what happened to a break; says whether there was one that it can happen to. */
export async function applyBreakEvent(
  tx: Transaction,
  id: Id<'brk'>,
  event: BreakEvent,
  { by, step, record }: Act,
): Promise<boolean> {
  const [key, at, source] = [uuidOf(id), record.at.toISOString(), uuidOf(record.id)]
  const change = (set: Fragment) => tx`
    update bank_breaks set ${set}, step = ${step}, record_id = ${source}
    where id = ${key} and step = ${step - 1} and status = 'OPEN'`
  const noProposal = tx`proposal = null, proposed_account = null, proposed_reason = null, proposed_by = null,
    proposed_at = null`
  switch (event.event) {
    case 'OPENED': {
      const [entry, payout] = [event.entry, event.payout].map((one) => (one === undefined ? null : uuidOf(one)))
      await tx`
        insert into bank_breaks (id, kind, own_account_id, asset, entry_id, payout_id, gap_on, amount, about, opened_at,
          record_id)
        values (${key}, ${event.kind}, ${uuidOf(event.ownAccount)}, ${event.asset}, ${entry ?? null}, ${payout ?? null},
          ${event.gapOn ?? null}, ${`${event.minor}`}::text::numeric, ${event.about}, ${at}, ${source})`
      return true
    }
    case 'CHANGED':
      return one(
        await change(tx`kind = ${event.kind}, amount = ${`${event.minor}`}::text::numeric, about = ${event.about},
          payout_id = ${event.payout === undefined ? null : uuidOf(event.payout)}`),
      )
    case 'ASSIGNED':
      return one(await change(tx`owner = ${event.owner ?? null}`))
    case 'PROPOSED':
      return one(
        await change(tx`proposal = ${event.proposal}, proposed_account = ${event.account ?? null},
          proposed_reason = ${event.reason}, proposed_by = ${by}, proposed_at = ${at}`),
      )
    case 'DECLINED':
      return one(await change(noProposal))
    case 'RESOLVED':
      return one(
        await change(
          tx`status = 'RESOLVED', resolution = ${event.resolution}, resolved_by = ${by}, resolved_at = ${at}`,
        ),
      )
    default:
      return event satisfies never
  }
}

function one({ count }: { readonly count: number }): boolean {
  return count === 1
}

/** The break with this id, held until the transaction ends, or nothing. */
export async function holdBreak(tx: Transaction, id: Id<'brk'>): Promise<BankBreak | undefined> {
  await tx`select from bank_breaks where id = ${uuidOf(id)} for no key update`
  return selectBreak(tx, id)
}

export async function selectBreak(sql: Reader, id: Id<'brk'>): Promise<BankBreak | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from bank_breaks b where b.id = ${uuidOf(id)}`
  return row && breakOf(row)
}

/** The open break about an entry. */
export async function selectBreakOfEntry(sql: Reader, entry: Id<'bke'>): Promise<BankBreak | undefined> {
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from bank_breaks b where b.entry_id = ${uuidOf(entry)} and b.status = 'OPEN'`
  return row && breakOf(row)
}

/** Open breaks of an account that are about no entry. */
export async function selectOpenWithoutEntry(sql: Reader, account: Id<'obk'>): Promise<readonly BankBreak[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from bank_breaks b
    where b.own_account_id = ${uuidOf(account)} and b.status = 'OPEN' and b.entry_id is null order by b.id limit 10000`
  return rows.map(breakOf)
}

/** Which breaks a list holds; absent means all. */
export type BreakFilter = {
  readonly account?: Id<'obk'> | undefined
  readonly status?: BreakStatus | undefined
  readonly kind?: BreakKind | undefined
  readonly owner?: string | undefined
}

/** Up to one more than the page holds, in the page's direction; the oldest first. */
export async function selectBreaks(
  sql: Reader,
  { account, status, kind, owner }: BreakFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly BankBreak[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    select ${columns(sql)} from bank_breaks b
    where true
      ${account === undefined ? sql`` : sql`and b.own_account_id = ${uuidOf(account)}`}
      ${status === undefined ? sql`` : sql`and b.status = ${status}`}
      ${kind === undefined ? sql`` : sql`and b.kind = ${kind}`}
      ${owner === undefined ? sql`` : sql`and b.owner = ${owner}`}
      ${from === undefined ? sql`` : forward ? sql`and b.id > ${from}::uuid` : sql`and b.id < ${from}::uuid`}
    order by b.id ${forward ? sql`asc` : sql`desc`} limit ${limit + 1}`
  return rows.map(breakOf)
}

function columns(sql: Reader): Fragment {
  return sql`b.id, b.step, b.kind, b.own_account_id, b.asset, b.entry_id, b.payout_id, b.gap_on::text as gap_on,
    b.amount::text as amount, b.about, b.owner, b.status, b.opened_at, b.proposal, b.proposed_account, b.proposed_reason,
    b.proposed_by, b.proposed_at, b.resolution, b.resolved_by, b.resolved_at`
}

function breakOf(row: Row): BankBreak {
  return {
    id: idOf('brk', row.id),
    step: row.step,
    kind: row.kind,
    ownAccount: idOf('obk', row.own_account_id),
    asset: row.asset,
    entry: row.entry_id === null ? undefined : idOf('bke', row.entry_id),
    payout: row.payout_id === null ? undefined : idOf('pyt', row.payout_id),
    gapOn: row.gap_on ?? undefined,
    minor: BigInt(row.amount),
    about: row.about,
    owner: row.owner ?? undefined,
    status: row.status,
    openedAt: row.opened_at,
    proposal: proposalOf(row),
    resolution: row.resolution ?? undefined,
    resolvedBy: row.resolved_by ?? undefined,
    resolvedAt: row.resolved_at ?? undefined,
  }
}

function proposalOf(row: Row): BankBreak['proposal'] {
  const { proposal: kind, proposed_reason: reason, proposed_by: by, proposed_at: at } = row
  if (kind === null || reason === null || by === null || at === null) return undefined
  return { kind, account: row.proposed_account ?? undefined, reason, by, at }
}
