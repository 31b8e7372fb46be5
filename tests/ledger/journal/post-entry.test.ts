import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { balances } from '../../../ledger/journal/balances.ts'
import type { PostedEntry } from '../../../ledger/journal/post-entries.ts'
import { postEntry } from '../../../ledger/journal/post-entry.ts'
import { useWorld } from '../../support/database.ts'
import { lockPeriod, openPeriod, post, someEntry } from './scene.ts'

const world = useWorld()
const run = promisify(execFile)
const child = fileURLToPath(new URL('./post-child.ts', import.meta.url))

const postOne = (changes: Parameters<typeof someEntry>[0] = {}) => postEntry(world.context, someEntry(changes))

async function transactionsOf(references: readonly string[]): Promise<number> {
  const [row] = await world.owner<{ n: number }[]>`
    select count(distinct r.tx_id::text)::int as n from records r join journal_entries e on e.record_id = r.id
    where e.reference = any (${references})`
  return row?.n ?? -1
}

describe('single entries', () => {
  test('that come at once go into one transaction, each with its own answer, record and actor', async () => {
    await postOne()
    const references = Array.from({ length: 30 }, (_, n) => `together:${n}`)
    const posted = await Promise.all(
      references.map((reference, n) => postEntry({ ...world.context, actor: `staff:s${n}` }, someEntry({ reference }))),
    )
    expect(posted.map(({ reference, replayed }) => [reference, replayed])).toEqual(
      references.map((each) => [each, false]),
    )
    expect(await transactionsOf(references)).toBe(1)
    const rows = await world.owner<{ reference: string; body: string }[]>`
      select e.reference, r.body from journal_entries e join records r on r.id = e.record_id
      where e.reference = any (${references})`
    for (const { reference, body } of rows) {
      expect(JSON.parse(body).actor).toBe(`staff:s${reference.split(':')[1]}`)
    }
    expect(rows).toHaveLength(30)
  })

  test('on accounts that there are not yet go together as well', async () => {
    const references = Array.from({ length: 10 }, (_, n) => `new accounts:${n}`)
    await Promise.all(
      references.map((reference, n) =>
        postOne({
          reference,
          postings: [
            { account: `New:A${n}`, asset: 'CNY/2', minor: 1n },
            { account: `New:A${n + 1}`, asset: 'CNY/2', minor: -1n },
          ],
        }),
      ),
    )
    expect(await transactionsOf(references)).toBe(1)
    expect(await balances(world.context, { prefix: 'New' })).toHaveLength(2)
  })

  test('that are refused are told alone: their neighbours are posted', async () => {
    await postOne({ reference: 'taken' })
    const period = await openPeriod(world)
    await lockPeriod(world, period)
    const outcomes = await Promise.allSettled([
      postOne({ reference: 'good:1' }),
      postOne({ reference: 'taken', description: 'another' }),
      postOne({ reference: 'good:2' }),
      postOne({ period }),
      postOne({ postings: [{ account: 'Only:One', asset: 'CNY/2', minor: 1n }] }),
      postOne({ reference: 'good:2' }),
      postOne({ reference: 'good:2', description: 'another' }),
    ])
    expect(outcomes.map((each) => (each.status === 'fulfilled' ? each.value.replayed : each.reason.code))).toEqual([
      false,
      'IDEMPOTENCY_CONFLICT',
      false,
      'PERIOD_LOCKED',
      'UNBALANCED',
      true,
      'IDEMPOTENCY_CONFLICT',
    ])
    expect(await world.owner`select from accounts where path = 'Only:One'`).toHaveLength(0)
  })

  test('do not wait for a neighbour that has to wait for another transaction', async () => {
    await postOne({ reference: 'warm' })
    const gate = Promise.withResolvers<void>()
    const holding = Promise.withResolvers<void>()
    const holder = world.owner.begin(async (tx) => {
      await tx.unsafe(`
        insert into journal_entries (id, reference, at, description, record_id, posted_at)
        values (gen_random_uuid(), 'held', now(), '', gen_random_uuid(), now())`)
      holding.resolve()
      await gate.promise
      throw new Error('given up')
    })
    const given = expect(holder).rejects.toThrow('given up')
    await holding.promise
    let waited = false
    const held = postOne({ reference: 'held' }).finally(() => {
      waited = true
    })
    const neighbours = await Promise.all([postOne({ reference: 'beside:1' }), postOne({ reference: 'beside:2' })])
    expect(neighbours.map(({ replayed }) => replayed)).toEqual([false, false])
    expect(waited).toBe(false)
    gate.resolve()
    await given
    expect(await held).toMatchObject({ replayed: false })
  })
})

test('writers that need the same new account at once all get it', async () => {
  for (let round = 0; round < 25; round++) {
    const postings = [
      { account: `Raced:Debit${round}`, asset: 'CNY/2', minor: 5n },
      { account: `Raced:Credit${round}`, asset: 'CNY/2', minor: -5n },
    ] as const
    const writers = Array.from({ length: 6 }, () => post(world.context, someEntry({ postings })))
    expect((await Promise.all(writers)).flat()).toHaveLength(6)
    expect(await balances(world.context, { prefix: `Raced:Debit${round}` })).toMatchObject([{ minor: 30n }])
  }
})

test('two processes that post the same references at once post each entry once', async () => {
  const count = 40
  const outputs = await Promise.all(
    [1, 2].map(() => run(process.execPath, [child, JSON.stringify(world.address), String(count)])),
  )
  const answers = outputs.flatMap(({ stdout }): PostedEntry[] => JSON.parse(stdout))
  expect(answers).toHaveLength(2 * count)
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(count)
  expect(new Set(answers.map(({ id }) => id)).size).toBe(count)
  const hot = await balances(world.context, { prefix: 'Processes:Hot' })
  expect(hot.map(({ minor }) => minor)).toEqual([BigInt(-5 * count)])
})
