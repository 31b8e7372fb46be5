import type { Context } from '../database/context.ts'
import { invariant } from '../kernel/invariant.ts'
import { rootOf } from './merkle/tiles.ts'
import { LOG_FORMAT, type LogHeader, type RecordLine } from './replay/file-format.ts'
import { masterKeyMark } from './replay/master-key-mark.ts'
import { selectCheckpoints, selectLatestCheckpoint } from './store/checkpoints.ts'
import { selectExported, selectNextTransaction } from './store/exported-records.ts'
import { selectTree } from './store/seals.ts'

export type ExportProgress = { readonly done: number; readonly total: number }
export type WriteText = (text: string) => Promise<void>

const PAGE = 1000

/**
 * Writes the sealed log, as it is when this is called, as JSON lines (`replay/file-format.ts`): a header, then the records in
 * their order, each checkpoint behind the records that it signs for. What is personal stays encrypted. Memory does not grow
 * with the log, and writers and sealers are not held up. Returns how many records there are.
 */
export async function exportRecords(
  context: Context,
  write: WriteText,
  onProgress?: (progress: ExportProgress) => void,
): Promise<{ readonly records: number }> {
  const header = await headerOf(context)
  const { size } = header
  await write(`${JSON.stringify(header)}\n`)
  for (let from = 0; from < size; from += PAGE) {
    const to = Math.min(size, from + PAGE)
    await write(await pageOf(context, { from, to }))
    onProgress?.({ done: to, total: size })
  }
  return { records: size }
}

async function headerOf(context: Context): Promise<LogHeader> {
  const { reads } = context.database
  const tree = await selectTree(reads)
  const latest = await selectLatestCheckpoint(reads)
  return {
    format: LOG_FORMAT,
    ...(latest === undefined ? {} : { origin: latest.note.slice(0, latest.note.indexOf('\n')) }),
    size: tree.size,
    root: rootOf(tree).toString('hex'),
    // read last: whatever the records speak of had begun by then
    nextTx: await selectNextTransaction(reads),
    masterKey: masterKeyMark(context),
    madeAt: context.clock.now().toISOString(),
  }
}

async function pageOf({ database: { reads } }: Context, places: { readonly from: number; readonly to: number }) {
  const records = await selectExported(reads, places)
  const checkpoints = new Map(
    (await selectCheckpoints(reads, places)).map((checkpoint) => [checkpoint.size, checkpoint]),
  )
  let text = ''
  let place = places.from
  for (const { id: _, ...record } of records) {
    invariant(record.seq === ++place, `the record in place ${place} is missing: verify the log`)
    text += `${JSON.stringify(record satisfies RecordLine)}\n`
    const signed = checkpoints.get(place)
    if (signed === undefined) continue
    const { size, root, note, at } = signed
    text += `${JSON.stringify({ size, root: root.toString('hex'), note, at: at.toISOString() })}\n`
  }
  invariant(place === places.to, `the record in place ${place + 1} is missing: verify the log`)
  return text
}
