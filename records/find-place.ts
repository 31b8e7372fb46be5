import type { Context } from '../database/context.ts'
import type { Id } from '../kernel/ids.ts'
import { originOf } from './log-verifier.ts'
import { selectFirstCheckpointBeyond } from './store/checkpoints.ts'
import { selectSeal } from './store/seals.ts'

/** Where a record stands in the log, and the first checkpoint that covers it. */
export type PlaceInLog = {
  /** From 1. */
  readonly seq: number
  readonly origin: string
  readonly size: number
  /** Hexadecimal. */
  readonly root: string
}

/** The place of a record, once it is sealed and a checkpoint covers it: from then on it is always the same. */
export async function findPlace({ database: { reads } }: Context, record: Id<'rec'>): Promise<PlaceInLog | undefined> {
  const seal = await selectSeal(reads, record)
  const checkpoint = seal && (await selectFirstCheckpointBeyond(reads, seal.seq - 1))
  if (seal === undefined || checkpoint === undefined) return undefined
  const { size, root, note } = checkpoint
  return { seq: seal.seq, origin: originOf(note), size, root: root.toString('hex') }
}
