import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'
import { invariant } from '../../../kernel/invariant.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { Round, RoundStatus } from '../round.ts'
import { digitsOf, hexOf } from './hex.ts'

type Row = {
  readonly id: string
  readonly asset: Asset
  readonly chain_id: string
  readonly contract: string
  readonly token: string
  readonly number: string
  readonly root: Buffer
  readonly total: string
  readonly claims: number
  readonly deadline: Date
  readonly status: RoundStatus
  readonly planned_by: Actor
  readonly planned_at: Date
  readonly approved_by: Actor | null
  readonly approved_at: Date | null
  readonly seen_block: string
}

type Place = { readonly chainId: bigint; readonly contract: string }

/** Makes whoever plans a round in a contract wait until the transaction ends, and gives the next number there. */
export async function takeNextNumber(tx: Transaction, { chainId, contract }: Place): Promise<bigint> {
  await tx`select pg_advisory_xact_lock(hashtextextended('payout rounds of ' || ${contract}, 0))`
  const [row] = await tx<{ next: string }[]>`
    select coalesce(max(number), 0) + 1 as next from payout_rounds
    where chain_id = ${String(chainId)}::numeric and contract = ${contract}`
  return BigInt(row?.next ?? 1)
}

export async function insertRound(tx: Transaction, round: Round, record: Id<'rec'>): Promise<void> {
  await tx`
    insert into payout_rounds (id, asset, chain_id, contract, token, number, root, total, claims, deadline, status,
      planned_by, planned_at, seen_block, record_id)
    values (${uuidOf(round.id)}::uuid, ${round.asset}, ${String(round.chainId)}::numeric, ${round.contract},
      ${round.token}, ${String(round.number)}::bigint, decode(${digitsOf(round.root)}, 'hex'),
      ${String(round.total)}::numeric, ${round.claims}, ${round.deadline.toISOString()}::timestamptz, ${round.status},
      ${round.plannedBy}, ${round.plannedAt.toISOString()}::timestamptz, ${String(round.seenBlock)}::bigint,
      ${uuidOf(record)}::uuid)`
}

/** A round, or nothing. */
export async function findRound(sql: Reader, id: Id<'pyr'>): Promise<Round | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from payout_rounds r where r.id = ${uuidOf(id)}`
  return row && roundOf(row)
}

/** A round by id. Throws `NOT_FOUND`. */
export async function requireRound(sql: Reader, id: string): Promise<Round> {
  const round = isId('pyr', id) ? await findRound(sql, id) : undefined
  if (round === undefined) throw noRound(id)
  return round
}

/** The same, held until the transaction ends: whoever else wants to change the round waits. */
export async function holdRound(tx: Transaction, id: string): Promise<Round> {
  if (!isId('pyr', id)) throw noRound(id)
  const [row] = await tx<Row[]>`select ${columns(tx)} from payout_rounds r where r.id = ${uuidOf(id)} for update`
  if (row === undefined) throw noRound(id)
  return roundOf(row)
}

function noRound(id: string): Fault {
  return new Fault('NOT_FOUND', `there is no payout round ${JSON.stringify(id.slice(0, 60))}`)
}

/** The newest rounds; those of one contract that are under way on the chain when a place is given. */
export async function selectRounds(sql: Reader, place?: Place): Promise<readonly Round[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from payout_rounds r
    ${
      place === undefined
        ? sql``
        : sql`where r.chain_id = ${String(place.chainId)}::numeric and r.contract = ${place.contract}
            and r.status in ('FUNDING', 'FUNDED')`
    }
    order by r.planned_at desc, r.id desc limit 100`
  return rows.map(roundOf)
}

export type RoundChange = {
  readonly status?: RoundStatus
  readonly approvedBy?: Actor
  readonly seenBlock?: bigint
  /** The record that says so; none when only the place in the chain moves. */
  readonly record?: AppendedRecord
}

/** Changes a round that the transaction holds. */
export async function updateRound(
  tx: Transaction,
  id: Id<'pyr'>,
  { status, approvedBy, seenBlock, record }: RoundChange,
): Promise<Round> {
  const approvedAt = record?.at.toISOString() ?? null
  const [row] = await tx<Row[]>`
    update payout_rounds r set
      status = coalesce(${status ?? null}, status),
      approved_by = coalesce(${approvedBy ?? null}, approved_by),
      approved_at = coalesce(${approvedBy === undefined ? null : approvedAt}::timestamptz, approved_at),
      seen_block = coalesce(${seenBlock === undefined ? null : String(seenBlock)}::bigint, seen_block),
      record_id = coalesce(${record === undefined ? null : uuidOf(record.id)}::uuid, record_id)
    where r.id = ${uuidOf(id)} returning ${columns(tx)}`
  invariant(row, 'a round that is held is there')
  return roundOf(row)
}

function columns(sql: Reader): Fragment {
  return sql`r.id, r.asset, r.chain_id, r.contract, r.token, r.number, r.root, r.total, r.claims, r.deadline, r.status,
    r.planned_by, r.planned_at, r.approved_by, r.approved_at, r.seen_block`
}

function roundOf(row: Row): Round {
  return {
    id: idOf('pyr', row.id),
    asset: row.asset,
    chainId: BigInt(row.chain_id),
    contract: row.contract,
    token: row.token,
    number: BigInt(row.number),
    root: hexOf(row.root),
    total: BigInt(row.total),
    claims: row.claims,
    deadline: row.deadline,
    status: row.status,
    plannedBy: row.planned_by,
    plannedAt: row.planned_at,
    approvedBy: row.approved_by ?? undefined,
    approvedAt: row.approved_at ?? undefined,
    seenBlock: BigInt(row.seen_block),
  }
}
