import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Fees } from '../chain.ts'

/** A transaction that publishes an intent. */
export type Attempt = Fees & {
  readonly intent: Id<'anc'>
  readonly number: number
  /** The account whose transaction it is, in lower case, and its number among the account's. */
  readonly publisher: string
  readonly nonce: number
  readonly hash: string
  readonly signed: Buffer
  readonly signedAt: Date
  /** When it was last handed to the node. */
  readonly sentAt: Date | undefined
  /** What the node had against it. */
  readonly refused: string | undefined
}

type Row = {
  intent_id: string
  number: number
  publisher: string
  nonce: string
  gas_limit: string
  max_fee: string
  priority_fee: string
  hash: string
  signed: Buffer
  signed_at: Date
  sent_at: Date | null
  refused: string | null
}

/** The last attempt at an intent. */
export async function selectLastAttempt(sql: Reader, intent: Id<'anc'>): Promise<Attempt | undefined> {
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from anchor_attempts a
    where a.intent_id = ${uuidOf(intent)}::uuid order by a.number desc limit 1`
  return row && attemptOf(row)
}

/** An account that publishes to a contract. */
export type Account = { readonly contract: string; readonly publisher: string }

/**
 * The transaction of ours that is in no block yet and stands first in the account's queue: of those with the lowest
 * nonce from `mined` on, the one that pays most.
 */
export async function selectFirstWaiting(sql: Reader, account: Account, mined: number): Promise<Attempt | undefined> {
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from anchor_attempts a join anchor_intents i on i.id = a.intent_id
    where i.contract = ${account.contract.toLowerCase()} and a.publisher = ${account.publisher.toLowerCase()}
      and a.nonce >= ${mined}::bigint
    order by a.nonce, a.max_fee desc, a.hash limit 1`
  return row && attemptOf(row)
}

/** Hashes of our transactions with a nonce. */
export async function selectHashes(sql: Reader, account: Account, nonce: number): Promise<readonly string[]> {
  const rows = await sql<{ hash: string }[]>`
    select a.hash from anchor_attempts a join anchor_intents i on i.id = a.intent_id
    where i.contract = ${account.contract.toLowerCase()} and a.publisher = ${account.publisher.toLowerCase()}
      and a.nonce = ${nonce}::bigint
    order by a.max_fee desc, a.hash limit 20`
  return rows.map(({ hash }) => hash)
}

/** Keeps a signed transaction; false when another process kept one with this number first. */
export async function insertAttempt(tx: Transaction, attempt: Omit<Attempt, 'sentAt' | 'refused'>): Promise<boolean> {
  const rows = await tx`
    insert into anchor_attempts (intent_id, number, publisher, nonce, gas_limit, max_fee, priority_fee, hash, signed, signed_at)
    values (${uuidOf(attempt.intent)}::uuid, ${attempt.number}, ${attempt.publisher}, ${attempt.nonce}::bigint,
            ${String(attempt.gasLimit)}::numeric, ${String(attempt.maxFee)}::numeric,
            ${String(attempt.priorityFee)}::numeric, ${attempt.hash}, decode(${attempt.signed.toString('hex')}, 'hex'),
            ${attempt.signedAt.toISOString()}::timestamptz)
    on conflict on constraint anchor_attempts_pkey do nothing returning true`
  return rows.length === 1
}

/** Keeps that an attempt was handed to the node, and what the node said. */
export async function noteSent(
  tx: Transaction,
  { intent, number }: Pick<Attempt, 'intent' | 'number'>,
  { at, refused }: { readonly at: Date; readonly refused: string | undefined },
): Promise<void> {
  await tx`
    update anchor_attempts set sent_at = ${at.toISOString()}::timestamptz, refused = ${refused ?? null}
    where intent_id = ${uuidOf(intent)}::uuid and number = ${number}`
}

/** An attempt with what it publishes. */
export type ListedAttempt = Omit<Attempt, 'signed' | 'intent'> & { readonly sequence: bigint; readonly size: bigint }

/** The last attempts at a contract, the newest first. */
export async function selectAttempts(sql: Reader, contract: string, limit: number): Promise<readonly ListedAttempt[]> {
  const rows = await sql<(Row & { sequence: string; size: string })[]>`
    select ${columns(sql)}, i.sequence, i.size from anchor_attempts a join anchor_intents i on i.id = a.intent_id
    where i.contract = ${contract.toLowerCase()} order by a.signed_at desc, a.hash limit ${limit}`
  return rows.map((row) => {
    const { signed: _, intent: __, ...attempt } = attemptOf(row)
    return { sequence: BigInt(row.sequence), size: BigInt(row.size), ...attempt }
  })
}

function columns(sql: Reader) {
  return sql`a.intent_id, a.number, a.publisher, a.nonce, a.gas_limit, a.max_fee, a.priority_fee, a.hash, a.signed, a.signed_at,
    a.sent_at, a.refused`
}

function attemptOf(row: Row): Attempt {
  return {
    intent: idOf('anc', row.intent_id),
    number: row.number,
    publisher: row.publisher,
    nonce: Number(row.nonce),
    gasLimit: BigInt(row.gas_limit),
    maxFee: BigInt(row.max_fee),
    priorityFee: BigInt(row.priority_fee),
    hash: row.hash,
    signed: row.signed,
    signedAt: row.signed_at,
    sentAt: row.sent_at ?? undefined,
    refused: row.refused ?? undefined,
  }
}
