import type { Reader } from '../database/client.ts'
import { spendPoints } from '../gateway/store/spent-points.ts'
import { mapBounded } from '../kernel/map-bounded.ts'
import { type BenchOptions, type BenchResult, compare, measure, numberOption } from './harness.ts'
import { openContext, withServer } from './ledger/bench-world.ts'
import { median } from './ledger/median.ts'

/** Requests under way at once, all of one partner. */
const AT_ONCE = 32
const REQUESTS = 5000
const LEAST_SPEED = 2

/**
 * Requests of one partner that are held to a quota over all processes, beside the textbook's way of doing so: a row for
 * each request, and a count of those of the last minute. They take turns. Options: `--rounds 5`.
 */
export async function run(options: BenchOptions): Promise<readonly BenchResult[]> {
  return withServer(async (world) => {
    const { context, close } = openContext(await world.migrated('limits'))
    try {
      const { reads } = context.database
      const [ours, textbook]: [number[], number[]] = [[], []]
      for (let round = 0; round < numberOption(options, 'rounds', 5); round++) {
        ours.push(await measure('quota, ours', () => requests((n) => spend(reads, `bench-${round}`, n))))
        textbook.push(await measure('quota, textbook', () => requests((n) => spendTextbook(reads, `text-${round}`, n))))
      }
      const [mine, peer] = [REQUESTS / median(ours), REQUESTS / median(textbook)]
      const name = `requests of one partner under a quota, ${AT_ONCE} at once`
      return [
        compare({ name, ours: mine, peer, unit: 'requests/s (peer: textbook)', target: LEAST_SPEED, better: 'higher' }),
      ]
    } finally {
      await close()
    }
  })
}

async function requests(one: (n: number) => Promise<unknown>): Promise<void> {
  await mapBounded([...Array(REQUESTS).keys()], AT_ONCE, one)
}

async function spend(sql: Reader, key: string, points: number): Promise<void> {
  await spendPoints(sql, { key, partner: undefined, limit: 1_000_000_000, points: points + 1, givenBack: 0 })
}

async function spendTextbook(sql: Reader, key: string, points: number): Promise<void> {
  await sql`insert into oauth_state (model, id, payload, expires_at)
    values ('AccessToken', ${`${key}-${points}`}, ${JSON.stringify({ points })}::json, now() + interval '1 minute')`
  await sql`select count(*) from oauth_state where model = 'AccessToken' and id like ${`${key}-%`} and expires_at > now()`
}
