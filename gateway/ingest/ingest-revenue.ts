import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { FaultCode } from '../../kernel/fault-codes.ts'
import type { Line } from '../../kernel/ndjson-lines.ts'
import { recordRevenue } from '../../ledger/facts/record-revenue.ts'
import { decodeUtf8 } from '../requests/read-body.ts'
import { parseStrictJson } from '../requests/strict-json.ts'

/** A line that changed nothing, and why. */
export type LineRefusal = {
  readonly line: number
  readonly externalId?: string
  readonly code: FaultCode
  readonly message: string
  readonly field?: string
}

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
  const sound: { readonly line: number; readonly item: unknown }[] = []
  for (const line of batch) readLine(line, sound, refusals)
  const results = await recordRevenue(context, { source, items: sound.map(({ item }) => item) })
  results.forEach((result, index) => {
    if (result.outcome !== 'refused') summary[result.outcome] += 1
    else refusals.push({ line: sound[index]?.line ?? 0, ...withoutAbsent(result) })
  })
  summary.received += batch.length
  summary.refused += refusals.length
  refusals.sort((a, b) => a.line - b.line)
  summary.refusals.push(...refusals.slice(0, MOST_REFUSALS - summary.refusals.length))
}

function readLine(
  { number: line, bytes }: Line,
  sound: { readonly line: number; readonly item: unknown }[],
  refusals: LineRefusal[],
): void {
  try {
    sound.push({ line, item: parseStrictJson(decodeUtf8(bytes)) })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    refusals.push({ line, code: error.code, message: error.message.replace('the body', 'the line') })
  }
}

function withoutAbsent(refusal: {
  readonly externalId: string | undefined
  readonly code: FaultCode
  readonly message: string
  readonly field: string | undefined
}): Omit<LineRefusal, 'line'> {
  const { externalId, code, message, field } = refusal
  return { code, message, ...(externalId !== undefined && { externalId }), ...(field !== undefined && { field }) }
}
