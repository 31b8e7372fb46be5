import type { BenchOptions, BenchResult } from './harness.ts'
import { withServer } from './ledger/bench-world.ts'
import { compareBatches } from './ledger/compare-batches.ts'
import { compareSingles } from './ledger/compare-singles.ts'

/**
 * The journal beside the textbook's design (a row with a balance for each account, locked and updated by each posting) on
 * the same durable server, and beside PostgreSQL's own COPY.
 * Options: `--records 1000000` in batches; `--seconds 4`, `--rounds 5` and `--clients 8` for single entries.
 */
export async function run(options: BenchOptions): Promise<readonly BenchResult[]> {
  return withServer(async (world) => {
    const { results, textbook } = await compareSingles(world, options)
    return [...results, ...(await compareBatches(world, options, { textbook }))]
  })
}
