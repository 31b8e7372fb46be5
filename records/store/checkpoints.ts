import type { Reader, Transaction } from '../../database/client.ts'

/** A signed head of the tree. */
export type Checkpoint = {
  readonly size: number
  readonly root: Buffer
  /** The signed note: what others keep, and compare. */
  readonly note: string
  readonly at: Date
}

type CheckpointRow = { size: string; root: Buffer; signed_note: string; at: Date }

/** The checkpoint of the largest tree. */
export async function selectLatestCheckpoint(sql: Reader): Promise<Checkpoint | undefined> {
  const [row] = await sql<CheckpointRow[]>`
    select size, root, signed_note, at from checkpoints order by size desc limit 1`
  return row && checkpointOf(row)
}

/** Checkpoints of trees larger than `from`, up to `to`, in order. */
export async function selectCheckpoints(
  sql: Reader,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Checkpoint[]> {
  const rows = await sql<CheckpointRow[]>`
    select size, root, signed_note, at from checkpoints
    where size > ${from}::bigint and size <= ${to}::bigint order by size`
  return rows.map(checkpointOf)
}

/** The checkpoint of the smallest tree that is larger than `size`. */
export async function selectFirstCheckpointBeyond(sql: Reader, size: number): Promise<Checkpoint | undefined> {
  const [row] = await sql<CheckpointRow[]>`
    select size, root, signed_note, at from checkpoints where size > ${size}::bigint order by size limit 1`
  return row && checkpointOf(row)
}

/** Adds a checkpoint; false when one of this size is there, or is being added: that one is waited for. */
export async function insertCheckpoint(tx: Transaction, { size, root, note, at }: Checkpoint): Promise<boolean> {
  const rows = await tx`
    insert into checkpoints (size, root, signed_note, at)
    values (${size}::bigint, decode(${root.toString('hex')}, 'hex'), ${note}, ${at.toISOString()}::timestamptz)
    on conflict on constraint checkpoints_pkey do nothing returning true`
  return rows.length === 1
}

function checkpointOf({ size, root, signed_note, at }: CheckpointRow): Checkpoint {
  return { size: Number(size), root, note: signed_note, at }
}
