import type { Context } from '../../database/context.ts'
import type { Line } from '../../kernel/ndjson-lines.ts'
import { recordRevenue } from '../../ledger/facts/record-revenue.ts'
import { type LineRefusal, readLine, refusedLine, type SoundLine } from './read-line.ts'

/** What became of a stream. */
export type IngestSummary = {
  /** Lines read that were not blank. */
  received: number
  /** Facts stored now. */
  recorded: number
  /** Facts that were there already, with the same content. */
  replayed: number
  refused: number
  /** The first refusals; `refused` counts them all. */
  readonly refusals: LineRefusal[]
}

const BATCH_LINES = 1000
const MOST_REFUSALS = 1000

/** A summary of nothing yet. */
export function emptySummary(): IngestSummary {
  return { received: 0, recorded: 0, replayed: 0, refused: 0, refusals: [] }
}

/**
 * Stores the broker's facts from a stream, a batch of 1,000 lines in a transaction at a time; the summary grows as batches
 * are stored. What is refused leaves the rest standing; sending the same stream again has no further effect.
 * Throws `INVALID_INPUT` for the source, and whatever ends the stream: what the summary counts stands.
 */
export async function ingestRevenue(
  context: Context,
  lines: AsyncIterable<Line>,
  { source, summary }: { readonly source: string; readonly summary: IngestSummary },
): Promise<void> {
  let batch: Line[] = []
  for await (const line of lines) {
    batch.push(line)
    if (batch.length < BATCH_LINES) continue
    await store(context, batch, source, summary)
    batch = []
  }
  // an empty stream too, so that its source is checked
  await store(context, batch, source, summary)
}

async function store(context: Context, batch: readonly Line[], source: string, summary: IngestSummary): Promise<void> {
  const refusals: LineRefusal[] = []
  const sound: SoundLine[] = []
  for (const line of batch.map(readLine)) {
    if ('item' in line) sound.push(line)
    else refusals.push(line)
  }
  const results = await recordRevenue(context, { source, items: sound.map(({ item }) => item) })
  results.forEach((result, index) => {
    if (result.outcome !== 'refused') summary[result.outcome] += 1
    else refusals.push(refusedLine(sound[index]?.line ?? 0, result))
  })
  summary.received += batch.length
  summary.refused += refusals.length
  refusals.sort((a, b) => a.line - b.line)
  summary.refusals.push(...refusals.slice(0, MOST_REFUSALS - summary.refusals.length))
}
