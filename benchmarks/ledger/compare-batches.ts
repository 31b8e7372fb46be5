import { type BenchOptions, type BenchResult, compare, measure, numberOption } from '../harness.ts'
import { copyIn, copyOut, settle } from '../import/copy-tables.ts'
import { postAndFold, type Steps } from './batches.ts'
import { type BenchWorld, openContext } from './bench-world.ts'
import { median } from './median.ts'

/** In the order in which they can be copied. */
const TABLES = ['accounts', 'records', 'journal_entries', 'postings']
const STRETCH = 10_000
/** So many stretches at the beginning, behind the very first, and at the end are held beside each other. */
const COMPARED = 5

/**
 * Entries in batches of 1,000, beside the textbook's single ones and beside COPY of the very same rows; and what a record
 * costs, posted, sealed and folded, when there are many beside when there are few.
 */
export async function compareBatches(
  world: BenchWorld,
  options: BenchOptions,
  { textbook }: { readonly textbook: number },
): Promise<readonly BenchResult[]> {
  const records = numberOption(options, 'records', 1_000_000)
  const stretches = await postAll(world, Math.max(Math.floor(records / STRETCH), COMPARED * 2 + 1))
  const copySeconds = await copyAgain(world)
  const entries = stretches.length * STRETCH
  const speed = entries / stretches.reduce((sum, { post }) => sum + post, 0)
  const costs = stretches.map(({ post, seal, fold }) => ((post + seal + fold) / STRETCH) * 1_000_000)
  const unit = 'entries/s'
  return [
    compare({
      name: 'batches of 1,000 (peer: textbook)',
      ours: speed,
      peer: textbook,
      unit,
      target: 10,
      better: 'higher',
    }),
    compare({
      name: `${entries} entries in batches (peer: COPY)`,
      ours: speed,
      peer: entries / copySeconds,
      unit,
      target: 0.3,
      better: 'higher',
    }),
    compare({
      name: `a record at ${entries} beside one at ${STRETCH}`,
      ours: median(costs.slice(-COMPARED)),
      peer: median(costs.slice(1, 1 + COMPARED)),
      unit: 'µs: post, seal and fold',
      target: 1.3,
      better: 'lower',
    }),
  ]
}

async function postAll(world: BenchWorld, count: number): Promise<readonly Steps[]> {
  const { context, close } = openContext(await world.migrated('batches'))
  const stretches: Steps[] = []
  try {
    for (let n = 0; n < count; n++) stretches.push(await postAndFold(context, n * STRETCH, STRETCH))
  } finally {
    await close()
  }
  const total = (step: keyof Steps): string => stretches.reduce((sum, each) => sum + each[step], 0).toFixed(2)
  console.error(
    `${count * STRETCH} entries: posted ${total('post')} s, sealed ${total('seal')} s, folded ${total('fold')} s`,
  )
  return stretches
}

async function copyAgain(world: BenchWorld): Promise<number> {
  await copyOut({ ...world.server, database: 'batches' }, TABLES)
  const peer = await world.migrated('copied')
  await settle(world.server)
  return measure('COPY of the same rows', () => copyIn(peer, TABLES))
}
