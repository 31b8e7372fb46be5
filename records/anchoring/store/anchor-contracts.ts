import type { Reader, Transaction } from '../../../database/client.ts'
import type { AnchorHead, AnchorState, AnchorTurn } from '../chain.ts'

/** What was last seen of a contract. */
export type SeenContract = {
  readonly contract: string
  readonly chainId: bigint | undefined
  readonly head: AnchorHead
  readonly confirmedSize: bigint
  readonly seenAt: Date | undefined
  readonly failures: number
  readonly state: AnchorState
  readonly why: string | undefined
}

/**
 * Takes the next turn if it is due, and puts off the one after it; false when it is not due. Of processes that ask at
 * once, one gets it. A process that dies in its turn delays the next by no more than the pause.
 */
export async function claimTurn(
  tx: Transaction,
  contract: string,
  { now, next }: { readonly now: Date; readonly next: Date },
): Promise<boolean> {
  const rows = await tx`
    insert into anchor_contracts as c (contract, next_turn_at)
    values (${contract.toLowerCase()}, ${next.toISOString()}::timestamptz)
    on conflict on constraint anchor_contracts_pkey do update set next_turn_at = excluded.next_turn_at
      where c.next_turn_at <= ${now.toISOString()}::timestamptz
    returning true`
  return rows.length === 1
}

/** Puts off the next turn. */
export async function delayTurn(tx: Transaction, contract: string, next: Date): Promise<void> {
  await tx`
    update anchor_contracts set next_turn_at = ${next.toISOString()}::timestamptz
    where contract = ${contract.toLowerCase()}`
}

/** The chain that the contract is known to be on: the one given, when none was known. */
export async function rememberChain(tx: Transaction, contract: string, chainId: bigint): Promise<bigint> {
  const [row] = await tx<{ chain_id: string }[]>`
    insert into anchor_contracts as c (contract, chain_id, next_turn_at)
    values (${contract.toLowerCase()}, ${String(chainId)}::numeric, '-infinity')
    on conflict on constraint anchor_contracts_pkey do update set chain_id = coalesce(c.chain_id, excluded.chain_id)
    returning chain_id`
  return BigInt(row?.chain_id ?? chainId)
}

/** The chain that the contract was first found on, if it ever was. */
export async function selectChainId(sql: Reader, contract: string): Promise<bigint | undefined> {
  return (await selectContract(sql, contract))?.chainId
}

/** Keeps the head that was seen, and how much of the log is final on the chain. */
export async function noteHead(
  tx: Transaction,
  contract: string,
  { head, confirmedSize, at }: { readonly head: AnchorHead; readonly confirmedSize: bigint; readonly at: Date },
): Promise<void> {
  await tx`
    update anchor_contracts set seen_sequence = ${String(head.sequence)}::numeric, seen_size = ${String(head.size)}::numeric,
      seen_root = decode(${head.root.toString('hex')}, 'hex'), confirmed_size = ${String(confirmedSize)}::numeric,
      seen_at = ${at.toISOString()}::timestamptz
    where contract = ${contract.toLowerCase()}`
}

/** Keeps how a turn ended; returns how many in a row the node was silent in. */
export async function noteTurn(
  tx: Transaction,
  contract: string,
  { state, why, silent }: AnchorTurn & { readonly silent: boolean },
): Promise<number> {
  const [row] = await tx<{ failures: number }[]>`
    insert into anchor_contracts as c (contract, next_turn_at, state, why, failures)
    values (${contract.toLowerCase()}, '-infinity', ${state}, ${why ?? null}, ${silent ? 1 : 0})
    on conflict on constraint anchor_contracts_pkey do update set state = excluded.state, why = excluded.why,
      failures = case when excluded.failures = 0 then 0 else c.failures + 1 end
    returning failures`
  return row?.failures ?? 0
}

type Row = {
  contract: string
  chain_id: string | null
  seen_sequence: string
  seen_size: string
  seen_root: Buffer
  confirmed_size: string
  seen_at: Date | null
  failures: number
  state: AnchorState
  why: string | null
}

/** What was last seen of a contract. */
export async function selectContract(sql: Reader, contract: string): Promise<SeenContract | undefined> {
  const [row] = await sql<Row[]>`
    select contract, chain_id, seen_sequence, seen_size, seen_root, confirmed_size, seen_at, failures, state, why
    from anchor_contracts where contract = ${contract.toLowerCase()}`
  return row && seenOf(row)
}

function seenOf(row: Row): SeenContract {
  return {
    contract: row.contract,
    chainId: row.chain_id === null ? undefined : BigInt(row.chain_id),
    head: { sequence: BigInt(row.seen_sequence), size: BigInt(row.seen_size), root: row.seen_root },
    confirmedSize: BigInt(row.confirmed_size),
    seenAt: row.seen_at ?? undefined,
    failures: row.failures,
    state: row.state,
    why: row.why ?? undefined,
  }
}
