import { type BenchOptions, type BenchResult, compare, numberOption } from './harness.ts'
import { type BenchWorld, withServer } from './ledger/bench-world.ts'
import { openOurs, openPeer } from './ledger/singles.ts'

const SPREADS = ['spread', 'hot'] as const

export async function run(options: BenchOptions): Promise<readonly BenchResult[]> {
  return withServer(async (world) => [...(await compareSingles(world, options))])
}

/** In rounds, one after the other, so that what else the machine does falls on all of them. */
async function compareSingles(world: BenchWorld, options: BenchOptions): Promise<readonly BenchResult[]> {
  const clients = numberOption(options, 'clients', 8)
  const seconds = numberOption(options, 'seconds', 4)
  const rounds = numberOption(options, 'rounds', 5)
  const posters = { ours: await openOurs(world), textbook: await openPeer(world, clients) }
  const speeds = { ours: { spread: [], hot: [] }, textbook: { spread: [], hot: [] } } as Record<
    'ours' | 'textbook',
    Record<(typeof SPREADS)[number], number[]>
  >
  for (let round = 0; round < rounds; round++) {
    for (const spread of SPREADS) {
      for (const who of ['textbook', 'ours'] as const) {
        speeds[who][spread].push(await posters[who].measure({ clients, seconds, spread }))
      }
    }
  }
  console.error(JSON.stringify(speeds))
  await Promise.all([posters.ours.close(), posters.textbook.close()])
  const speed = (who: 'ours' | 'textbook', spread: (typeof SPREADS)[number]): number => median(speeds[who][spread])
  const unit = 'entries/s'
  return [
    compare({
      name: `single entries, ${clients} clients, beside the textbook`,
      ours: speed('ours', 'spread'),
      peer: speed('textbook', 'spread'),
      unit,
      target: 2,
      better: 'higher',
    }),
    compare({
      name: 'ours, every entry on one account, beside spread',
      ours: speed('ours', 'hot'),
      peer: speed('ours', 'spread'),
      unit,
      target: 0.9,
      better: 'higher',
    }),
    compare({
      name: 'every entry on one account, beside the textbook',
      ours: speed('ours', 'hot'),
      peer: speed('textbook', 'hot'),
      unit,
      target: 2,
      better: 'higher',
    }),
  ]
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
