import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Line } from '../../kernel/ndjson-lines.ts'
import type { FactResult } from '../../ledger/facts/fact-result.ts'
import { reportObserved } from '../../schema/report-observed.ts'
import { type LineRefusal, readLine, refusedLine } from './read-line.ts'

/** What became of one line. */
export type LineResult =
  | {
      readonly line: number
      readonly outcome: 'RECORDED' | 'REPLAYED'
      readonly externalId: string
      readonly id: string
    }
  | ({ readonly outcome: 'REFUSED' } & LineRefusal)

export type TakeContributionsInput = {
  readonly caller: PartnerCaller
  readonly lines: AsyncIterable<Line>
  /** Is told how many lines there are before anything is done with them, and throws where that is too many now. */
  readonly allow: (count: number) => Promise<void>
}

const MOST_LINES = 10_000

/**
 * Stores a partner's contributions from up to 10,000 lines, in one transaction; a result for each line that is not blank,
 * in their order. What is refused leaves the rest standing; the same lines again have no further effect. Throws
 * `INVALID_INPUT` for more lines, and what `allow`, `reportObserved` and the stream throw: nothing was stored then.
 */
export async function takeContributions(
  context: Context,
  { caller, lines, allow }: TakeContributionsInput,
): Promise<readonly LineResult[]> {
  const read: ReturnType<typeof readLine>[] = []
  for await (const line of lines) {
    if (read.length === MOST_LINES) throw new Fault('INVALID_INPUT', `a batch has at most ${MOST_LINES} lines`)
    read.push(readLine(line))
  }
  await allow(read.length)
  const items = read.flatMap((line) => ('item' in line ? [line.item] : []))
  const results = (await reportObserved(context, { caller, items })).values()
  return read.map((line) =>
    'item' in line ? resultOf(line.line, results.next().value) : { outcome: 'REFUSED', ...line },
  )
}

function resultOf(line: number, result: FactResult | undefined): LineResult {
  invariant(result, 'each item has a result')
  if (result.outcome === 'refused') return { outcome: 'REFUSED', ...refusedLine(line, result) }
  const { externalId, id } = result
  return { line, outcome: result.outcome === 'recorded' ? 'RECORDED' : 'REPLAYED', externalId, id }
}
