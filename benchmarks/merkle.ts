import { signCheckpoint } from '../records/sign-checkpoint.ts'
import { type BenchOptions, type BenchResult, numberOption } from './harness.ts'
import { type BenchWorld, withServer } from './ledger/bench-world.ts'
import { openLog, sealLog } from './merkle/bench-log.ts'
import { compareGrowth } from './merkle/compare-growth.ts'
import { compareProofs } from './merkle/compare-proofs.ts'
import { compareSealing } from './merkle/compare-sealing.ts'
import { compareVerifying } from './merkle/compare-verifying.ts'

/**
 * The log sealed, signed, proved and verified: beside the least that PostgreSQL must do with the same records, and beside
 * small logs. Options: `--records 1000000`; `--rounds 3` of verifying.
 */
export async function run(options: BenchOptions): Promise<readonly BenchResult[]> {
  return withServer((world) => compareLogs(world, options))
}

async function compareLogs(world: BenchWorld, options: BenchOptions): Promise<readonly BenchResult[]> {
  const log = await openLog(world, 'large', numberOption(options, 'records', 1_000_000))
  try {
    const sealing = await sealLog(log)
    await signCheckpoint(log.context, { origin: 'bench.example' })
    const sealed = await compareSealing(log, sealing)
    const { result: verified, seconds: verifying } = await compareVerifying(log, numberOption(options, 'rounds', 3))
    const proved = await compareProofs(log)
    return [verified, proved, sealed, ...(await compareGrowth(world, log, { sealing, verifying }))]
  } finally {
    await log.close()
  }
}
