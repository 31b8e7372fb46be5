import { type BenchResult, compare } from '../harness.ts'
import type { BenchWorld } from '../ledger/bench-world.ts'
import { median } from '../ledger/median.ts'
import { type BenchLog, openLog, sealLog } from './bench-log.ts'
import { verifyLogOnce } from './compare-verifying.ts'

const FEW = 10_000
const LOGS = 5
const VERIFICATIONS_OF_EACH = 5
const MOST_GROWTH = 1.3
const MICROSECONDS = 1_000_000

export type Seconds = { readonly sealing: number; readonly verifying: number }

/** What a record costs in a large log beside what it costs in small ones. */
export async function compareGrowth(
  world: BenchWorld,
  { records }: BenchLog,
  large: Seconds,
): Promise<readonly BenchResult[]> {
  const small = await measureSmall(world, Math.min(FEW, records))
  return (['sealing', 'verifying'] as const).map((what) =>
    compare({
      name: `${what} a record among ${records}, beside ${small.records}`,
      ours: (large[what] / records) * MICROSECONDS,
      peer: (small[what] / small.records) * MICROSECONDS,
      unit: 'µs',
      target: MOST_GROWTH,
      better: 'lower',
    }),
  )
}

/** Medians, since a small log is done within the blink in which something else may have the machine. */
async function measureSmall(world: BenchWorld, records: number): Promise<Seconds & { readonly records: number }> {
  const times: { readonly sealing: number[]; readonly verifying: number[] } = { sealing: [], verifying: [] }
  for (let n = 0; n < LOGS; n++) {
    const log = await openLog(world, `small_${n}`, records)
    times.sealing.push(await sealLog(log))
    for (let time = 0; time < VERIFICATIONS_OF_EACH; time++) times.verifying.push(await verifyLogOnce(log))
    await log.close()
  }
  return { records, sealing: median(times.sealing), verifying: median(times.verifying) }
}
