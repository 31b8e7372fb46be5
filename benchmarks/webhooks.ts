import type { Context } from '../database/context.ts'
import { leaseMessages } from '../partners/webhooks/store/queue.ts'
import { type BenchOptions, type BenchResult, compare, measure, numberOption } from './harness.ts'
import { openContext, withServer } from './ledger/bench-world.ts'
import { median } from './ledger/median.ts'
import { fillBacklog, partnerWithEndpoint } from './webhooks/backlog.ts'
import { leaseScanning } from './webhooks/lease-scanning.ts'

const BACKLOG = 100_000
const TURNS = 20
const MOST_TIME = 0.1
const MOST_GROWTH = 3

/**
 * A turn of looking for webhooks that are due, while very many wait for an endpoint that is down: beside a statement that looks
 * at all that waits, and beside itself with nothing that waits. Options: `--backlog 100000`; `--rounds 5`.
 */
export async function run(options: BenchOptions): Promise<readonly BenchResult[]> {
  const backlog = numberOption(options, 'backlog', BACKLOG)
  const rounds = numberOption(options, 'rounds', 5)
  return withServer(async (world) => {
    const database = await world.migrated('webhooks')
    const { context, close } = openContext(database)
    try {
      const partner = await partnerWithEndpoint(context)
      const empty = await turnsOf('nothing waits', rounds, () => turn(context, leaseMessages))
      await fillBacklog(context, { owner: database, partner, count: backlog })
      const scanning: number[] = []
      const heads: number[] = []
      for (let round = 0; round < rounds; round++) {
        scanning.push(await turnsOf(`${backlog} wait, all looked at`, 1, () => turn(context, leaseScanning)))
        heads.push(await turnsOf(`${backlog} wait, heads`, 1, () => turn(context, leaseMessages)))
      }
      const name = `a turn with ${backlog} webhooks that wait`
      const [ours, peer] = [median(heads), median(scanning)]
      return [
        compare({ name, ours, peer, unit: 's (peer: all are looked at)', target: MOST_TIME, better: 'lower' }),
        compare({ name, ours, peer: empty, unit: 's (peer: nothing waits)', target: MOST_GROWTH, better: 'lower' }),
      ]
    } finally {
      await close()
    }
  })
}

/** Seconds of one turn, the middle of some rounds of them. */
async function turnsOf(label: string, rounds: number, one: () => Promise<void>): Promise<number> {
  const seconds: number[] = []
  for (let round = 0; round < rounds; round++) {
    const all = await measure(label, async () => {
      for (let n = 0; n < TURNS; n++) await one()
    })
    seconds.push(all / TURNS)
  }
  return median(seconds)
}

type Lease = (...given: Parameters<typeof leaseMessages>) => Promise<unknown>

/** One turn: what it takes waits again afterwards, since the transaction is given up. */
async function turn({ database }: Context, lease: Lease): Promise<void> {
  const given = new Error('given up')
  const work = database.transaction(async (tx) => {
    await lease(tx, { most: 20, ofEach: 4, seconds: 60 })
    throw given
  })
  await work.catch((error: unknown) => {
    if (error !== given) throw error
  })
}
