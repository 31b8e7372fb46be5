import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId } from '../../../kernel/ids.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import type { NewEntry } from '../../../ledger/journal/post-entries.ts'
import { postEntries } from '../../../ledger/journal/post-entries.ts'
import { useWorld } from '../../support/database.ts'
import { lockPeriod, openPeriod, post, someEntry } from './scene.ts'

const world = useWorld()

async function countOf(table: 'journal_entries' | 'postings', where = ''): Promise<number> {
  const [row] = await world.owner.unsafe<{ count: string }[]>(`select count(*) from ${table} ${where}`)
  return Number(row?.count)
}

describe('posting', () => {
  test('gives ids in the order given, and one record for each entry, integers as text', async () => {
    const entries = [someEntry({ reference: 'z' }), someEntry({ reference: 'a' })]
    const posted = await post(world.context, ...entries)
    expect(posted.map(({ reference, replayed }) => [reference, replayed])).toEqual([
      ['z', false],
      ['a', false],
    ])
    const [row] = await world.owner<{ body: string }[]>`
      select r.body from records r join journal_entries e on e.record_id = r.id where e.reference = 'z'`
    expect(JSON.parse(row?.body ?? '')).toMatchObject({
      kind: 'journal_entry',
      data: {
        entry: posted[0]?.id,
        reference: 'z',
        at: '2026-03-31T15:59:59.999Z',
        postings: [
          { account: 'Expenses:PartnerShare:spring', asset: 'CNY/2', minor: '1230' },
          { account: 'Partner:Accrued:harbour', asset: 'CNY/2', minor: '-1230' },
        ],
      },
    })
  })

  test('of nothing posts nothing', async () => {
    expect(await post(world.context)).toEqual([])
  })

  test('holds the largest amounts exactly', async () => {
    const minor = 10n ** 38n - 1n
    const entry = someEntry({
      postings: [
        { account: 'Big:A', asset: 'ETH/18', minor },
        { account: 'Big:B', asset: 'ETH/18', minor: -minor },
      ],
    })
    await post(world.context, entry)
    expect(await balances(world.context, { prefix: 'Big' })).toEqual([
      { account: 'Big:A', asset: 'ETH/18', minor },
      { account: 'Big:B', asset: 'ETH/18', minor: -minor },
    ])
    expect(await post(world.context, entry)).toMatchObject([{ replayed: true }])
  })

  test('leaves nothing when the transaction is rolled back', async () => {
    const before = await countOf('journal_entries')
    const entry = someEntry()
    const failing = world.context.database.transaction(async (tx) => {
      await postEntries(world.context, tx, [entry])
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await countOf('journal_entries')).toBe(before)
    expect(await post(world.context, entry)).toMatchObject([{ replayed: false }])
  })
})

describe('a reference', () => {
  test('is posted once: the same entry again is replayed, also within one call', async () => {
    const entry = someEntry()
    const [first, second] = await post(world.context, entry, { ...entry })
    expect([first?.replayed, second?.replayed]).toEqual([false, true])
    expect(await post(world.context, entry, someEntry())).toMatchObject([
      { id: first?.id, replayed: true },
      { replayed: false },
    ])
    expect(await countOf('journal_entries', `where reference = '${entry.reference}'`)).toBe(1)
  })

  test.each<[string, Partial<NewEntry>]>([
    ['time', { at: new Date('2026-03-31T15:59:59.998Z') }],
    ['description', { description: 'Something else' }],
    ['period', { period: newId('per') }],
    ['order of lines', { postings: someEntry().postings.toReversed() }],
  ])('of an entry with another %s is in conflict', async (_, change) => {
    const entry = someEntry()
    await post(world.context, entry)
    const again = { ...entry, ...change }
    await expect(post(world.context, again)).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    const other = someEntry()
    await expect(post(world.context, other, { ...other, ...change })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
  })

  test('posted by many at once is posted by one, in whatever order and with new accounts', async () => {
    const entries = Array.from({ length: 12 }, (_, index) =>
      someEntry({
        postings: [
          { account: `Race:A${index}`, asset: 'CNY/2', minor: 5n },
          { account: `Race:B${11 - index}`, asset: 'CNY/2', minor: -5n },
        ],
      }),
    )
    const records = async () => (await world.owner`select from records where kind = 'journal_entry'`).length
    const before = await records()
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        post(world.context, ...(index % 2 === 0 ? entries : entries.toReversed())),
      ),
    )
    expect(all.flat().filter(({ replayed }) => !replayed)).toHaveLength(12)
    expect(new Set(all.flat().map(({ id }) => id)).size).toBe(12)
    expect(await records()).toBe(before + 12)
  })
})

describe('an entry is refused', () => {
  const leg = { account: 'Some:Account', asset: 'CNY/2', minor: 1n } as const
  test.each<[string, Partial<NewEntry>, string]>([
    ['that does not balance', { postings: [leg] }, 'UNBALANCED'],
    ['whose assets make up for each other', { postings: [leg, { ...leg, asset: 'USD/2', minor: -1n }] }, 'UNBALANCED'],
    ['without postings', { postings: [] }, 'INVALID_INPUT'],
    ['that moves zero', { postings: [{ ...leg, minor: 0n }] }, 'INVALID_INPUT'],
    ['beyond 38 digits', { postings: [{ ...leg, minor: 10n ** 38n }] }, 'INVALID_INPUT'],
    ['in an unknown asset', { postings: [{ ...leg, asset: 'cny/2' }] }, 'INVALID_INPUT'],
    ['on an account with a space', { postings: [{ ...leg, account: 'Some:Ac count' }] }, 'INVALID_INPUT'],
    ['on an account with an empty section', { postings: [{ ...leg, account: 'Some::Account' }] }, 'INVALID_INPUT'],
    ['without a reference', { reference: '' }, 'INVALID_INPUT'],
    ['with a line break', { description: 'a\nb' }, 'INVALID_INPUT'],
    ['with a NUL byte', { reference: 'a\u0000' }, 'INVALID_INPUT'],
    ['with half a character', { description: '\ud800' }, 'INVALID_INPUT'],
    ['that is too long', { description: 'x'.repeat(501) }, 'INVALID_INPUT'],
    ['at no time', { at: new Date(Number.NaN) }, 'INVALID_INPUT'],
  ])('%s, and nothing of its call is posted', async (_, change, code) => {
    const before = await countOf('postings')
    await expect(post(world.context, someEntry(), someEntry(change))).rejects.toMatchObject({ code })
    expect(await countOf('postings')).toBe(before)
  })

  test('into a locked period, and one into an open period is not', async () => {
    const period = await openPeriod(world)
    const entry = someEntry({ period })
    await post(world.context, entry)
    await lockPeriod(world, period)
    await expect(post(world.context, someEntry({ period }))).rejects.toMatchObject({ code: 'PERIOD_LOCKED' })
    expect(await post(world.context, entry)).toMatchObject([{ replayed: true }])
  })
})

describe('balances', () => {
  test('of a prefix are of whole sections, and of one asset when asked', async () => {
    await post(
      world.context,
      someEntry({
        postings: [
          { account: 'Pre:Fix', asset: 'CNY/2', minor: 7n },
          { account: 'Pre:Fix:below', asset: 'PTS/0', minor: 9n },
          { account: 'Pre:Fixed', asset: 'CNY/2', minor: -7n },
          { account: 'Pre:Fixed', asset: 'PTS/0', minor: -9n },
        ],
      }),
    )
    expect(await balances(world.context, { prefix: 'Pre:Fix' })).toEqual([
      { account: 'Pre:Fix', asset: 'CNY/2', minor: 7n },
      { account: 'Pre:Fix:below', asset: 'PTS/0', minor: 9n },
    ])
    expect(await balances(world.context, { prefix: 'Pre', asset: 'PTS/0' })).toHaveLength(2)
    expect(await balances(world.context, { prefix: "Pre%' or true --" })).toEqual([])
  })

  test('whatever is posted, the trial balance is zero in each asset', async () => {
    const amounts = fc.array(
      fc.tuple(fc.constantFrom('CNY/2', 'PTS/0', 'USDC/6'), fc.nat(5), fc.bigInt({ min: 1n, max: 10n ** 20n })),
      { minLength: 1, maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(amounts, async (moves) => {
        const postings = moves.flatMap(([asset, to, minor]) => [
          { account: `Random:A${to}`, asset, minor } as const,
          { account: `Random:B${(to * 3) % 5}`, asset, minor: -minor } as const,
        ])
        await post(world.context, someEntry({ postings: postings as NewEntry['postings'] }))
        const sums = new Map<string, bigint>()
        for (const { asset, minor } of await balances(world.context)) sums.set(asset, (sums.get(asset) ?? 0n) + minor)
        expect([...sums.values()].every((sum) => sum === 0n)).toBe(true)
      }),
      { numRuns: 25 },
    )
  })
})
