import type { Context } from '../../database/context.ts'
import { readCheckpoint } from '../../records/notes/checkpoint-text.ts'
import { sealRecords } from '../../records/seal-records.ts'
import { latestCheckpoint, signCheckpoint } from '../../records/sign-checkpoint.ts'

const BATCH_RECORDS = 5000

/** Seals what is committed and signs for it: under the name that the log has, or `origin` when it has none yet. */
export async function signForAll(
  context: Context,
  { origin }: { readonly origin: string },
): ReturnType<typeof signCheckpoint> {
  let sealed: number
  do sealed = await sealRecords(context, BATCH_RECORDS)
  while (sealed === BATCH_RECORDS)
  const latest = await latestCheckpoint(context)
  return signCheckpoint(context, { origin: (latest && readCheckpoint(latest.note)?.origin) ?? origin })
}
