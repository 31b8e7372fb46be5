import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/** What a transaction does: lets the distributor take the money, opens the round, takes back what nobody claimed. */
export type Step = 'APPROVE' | 'OPEN' | 'SWEEP'

/** A signed transaction of a round. */
export type Attempt = {
  readonly round: Id<'pyr'>
  readonly step: Step
  readonly number: number
  readonly nonce: number
  readonly maxFee: bigint
  readonly priorityFee: bigint
  readonly hash: string
  readonly signed: Buffer
  readonly signedAt: Date
}

type Row = {
  readonly number: number
  readonly nonce: string
  readonly max_fee: string
  readonly priority_fee: string
  readonly hash: string
  readonly signed: Buffer
  readonly signed_at: Date
}

/** The last transaction of a step. */
export async function selectLastAttempt(
  sql: Reader,
  { round, step }: Pick<Attempt, 'round' | 'step'>,
): Promise<Attempt | undefined> {
  const [row] = await sql<Row[]>`
    select number, nonce, max_fee, priority_fee, hash, signed, signed_at from payout_attempts
    where round_id = ${uuidOf(round)}::uuid and step = ${step} order by number desc limit 1`
  return (
    row && {
      round,
      step,
      number: row.number,
      nonce: Number(row.nonce),
      maxFee: BigInt(row.max_fee),
      priorityFee: BigInt(row.priority_fee),
      hash: row.hash,
      signed: row.signed,
      signedAt: row.signed_at,
    }
  )
}

/** Keeps a signed transaction; false when another process kept one with this number first. */
export async function insertAttempt(tx: Transaction, attempt: Attempt): Promise<boolean> {
  const rows = await tx`
    insert into payout_attempts (round_id, step, number, nonce, max_fee, priority_fee, hash, signed, signed_at)
    values (${uuidOf(attempt.round)}::uuid, ${attempt.step}, ${attempt.number}, ${attempt.nonce}::bigint,
            ${String(attempt.maxFee)}::numeric, ${String(attempt.priorityFee)}::numeric, ${attempt.hash},
            decode(${attempt.signed.toString('hex')}, 'hex'), ${attempt.signedAt.toISOString()}::timestamptz)
    on conflict on constraint payout_attempts_pkey do nothing returning true`
  return rows.length === 1
}
