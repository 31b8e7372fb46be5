import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Publication } from '../chain.ts'

/** An anchor that is to be published. */
export type Intent = Publication & { readonly id: Id<'anc'> }

type Row = { id: string; sequence: string; size: string; root: Buffer; previous_root: Buffer }

/** The intent with this number that was not superseded. */
export async function selectIntent(sql: Reader, contract: string, sequence: bigint): Promise<Intent | undefined> {
  const [row] = await sql<Row[]>`
    select id, sequence, size, root, previous_root from anchor_intents
    where contract = ${contract.toLowerCase()} and sequence = ${String(sequence)}::numeric and superseded_at is null`
  return row && intentOf(row)
}

/** When the last anchor was intended. */
export async function selectLastIntended(sql: Reader, contract: string): Promise<Date | undefined> {
  const [row] = await sql<{ intended_at: Date }[]>`
    select intended_at from anchor_intents where contract = ${contract.toLowerCase()}
    order by intended_at desc, id desc limit 1`
  return row?.intended_at
}

/** Adds an intent, unless another process has just added one with the same number. */
export async function insertIntent(tx: Transaction, contract: string, intent: Intent, at: Date): Promise<void> {
  await tx`
    insert into anchor_intents (id, contract, sequence, size, root, previous_root, intended_at)
    values (${uuidOf(intent.id)}::uuid, ${contract.toLowerCase()}, ${String(intent.sequence)}::numeric,
            ${String(intent.size)}::bigint, decode(${intent.root.toString('hex')}, 'hex'),
            decode(${intent.previousRoot.toString('hex')}, 'hex'), ${at.toISOString()}::timestamptz)
    on conflict (contract, sequence) where superseded_at is null do nothing`
}

/** Gives an intent up: it does not follow the contract's head. */
export async function supersedeIntent(tx: Transaction, id: Id<'anc'>, at: Date): Promise<void> {
  await tx`
    update anchor_intents set superseded_at = ${at.toISOString()}::timestamptz
    where id = ${uuidOf(id)}::uuid and superseded_at is null`
}

function intentOf({ id, sequence, size, root, previous_root }: Row): Intent {
  return { id: idOf('anc', id), sequence: BigInt(sequence), size: BigInt(size), root, previousRoot: previous_root }
}
