import { HASH_BYTES } from '../merkle/hashes.ts'

/** What a checkpoint says: the log's name, how many records, and the root over them. */
export type CheckpointClaim = { readonly origin: string; readonly size: number; readonly root: Buffer }

/** The text that is signed: three lines, the root in base64. Source: C2SP tlog-checkpoint.md. */
export function writeCheckpoint({ origin, size, root }: CheckpointClaim): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`
}

/** Reads the text of a checkpoint; `undefined` when it is none. Lines behind the third are let be, as the format asks. */
export function readCheckpoint(text: string): CheckpointClaim | undefined {
  const [origin, count, hash] = text.split('\n')
  if (!origin || !count || !hash || !/^(?:0|[1-9][0-9]{0,15})$/.test(count)) return undefined
  const root = Buffer.from(hash, 'base64')
  if (root.length !== HASH_BYTES || root.toString('base64') !== hash) return undefined
  return { origin, size: Number(count), root }
}
