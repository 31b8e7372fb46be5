import type { BenchOptions, BenchResult } from './harness.ts'
import { compare, numberOption } from './harness.ts'
import { withServer } from './ledger/bench-world.ts'
import { type Closed, closeBeside } from './rules/close-beside.ts'

/** The first is what the others are flat beside. */
const GROWTH = [10_000, 100_000, 1_000_000]

/**
 * From the facts of one month to finished earnings with explanations, beside one SQL statement that reads the same facts,
 * sorts them by partner and rule and writes as many rows; then what a fact costs and how much memory there is at most when
 * there are many beside when there are few; and trying terms on one partner that has a tenth of the facts.
 * Options: `--facts 1000000`, and `--partners 500`.
 */
export async function run(options: BenchOptions): Promise<readonly BenchResult[]> {
  const most = numberOption(options, 'facts', 1_000_000)
  const partners = numberOption(options, 'partners', 500)
  const sizes = [...GROWTH.filter((size) => size < most), most]
  const closed = await withServer(async (world) => {
    const all: Closed[] = []
    for (const facts of sizes) all.push(await closeBeside(world, { facts, partners }))
    return all
  })
  const [first, last] = [closed[0], closed.at(-1)]
  if (first === undefined || last === undefined) throw new RangeError('nothing was measured')
  return resultsOf(first, last)
}

function resultsOf(first: Closed, last: Closed): readonly BenchResult[] {
  const perLine = ({ seconds, lines }: Closed): number => (seconds * 1_000_000) / lines
  const better = 'lower'
  return [
    compare({
      name: `${last.facts} facts to earnings (peer: CREATE TABLE AS SELECT)`,
      ...{ ours: last.seconds, peer: last.peerSeconds, unit: 's', target: 3, better },
    }),
    compare({
      name: `a line of ${last.lines} beside one of ${first.lines}`,
      ...{ ours: perLine(last), peer: perLine(first), unit: 'µs', target: 1.3, better },
    }),
    compare({
      name: `most memory at ${last.facts} beside ${first.facts}`,
      ...{ ours: last.peakMegabytes, peer: first.peakMegabytes, unit: 'MB', target: 1.5, better },
    }),
    compare({
      name: `trying terms on ${last.tried} facts of one partner (peer: the full run)`,
      ...{ ours: last.trialSeconds, peer: last.seconds, unit: 's', target: 0.1, better },
    }),
  ]
}
