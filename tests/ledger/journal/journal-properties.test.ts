import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Id } from '../../../kernel/ids.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import { foldBalances } from '../../../ledger/journal/fold-balances.ts'
import type { NewEntry, PostedEntry } from '../../../ledger/journal/post-entries.ts'
import { postEntry } from '../../../ledger/journal/post-entry.ts'
import { reverseEntry } from '../../../ledger/journal/reverse-entry.ts'
import { trialBalance } from '../../../ledger/journal/trial-balance.ts'
import { verifyBalances } from '../../../ledger/journal/verify-balances.ts'
import { verifyJournal } from '../../../ledger/journal/verify-journal.ts'
import { sealRecords } from '../../../records/seal-records.ts'
import { createWorld, type TestWorld } from '../../support/database.ts'
import { lockPeriod, openPeriod, post, someEntry } from './scene.ts'

type Step =
  | { readonly kind: 'post'; readonly legs: readonly Leg[]; readonly day: number; readonly gathered: boolean }
  | { readonly kind: 'replay' | 'conflict' | 'reverse' | 'reverseAgain'; readonly which: number }
  | { readonly kind: 'unbalanced' | 'locked'; readonly minor: bigint }
  | { readonly kind: 'duplicates'; readonly minor: bigint }
  | { readonly kind: 'seal' | 'fold'; readonly limit: number }
type Leg = { readonly asset: 'CNY/2' | 'PTS/0'; readonly from: number; readonly to: number; readonly minor: bigint }

const minor = fc.bigInt({ min: 1n, max: 10n ** 20n })
const leg: fc.Arbitrary<Leg> = fc.record({
  asset: fc.constantFrom('CNY/2', 'PTS/0'),
  from: fc.nat(3),
  to: fc.nat(3),
  minor,
})
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('post' as const),
    legs: fc.array(leg, { minLength: 1, maxLength: 3 }),
    day: fc.nat(3),
    gathered: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('replay', 'conflict', 'reverse', 'reverseAgain'), which: fc.nat(20) }),
  fc.record({ kind: fc.constantFrom('unbalanced', 'locked'), minor }),
  fc.record({ kind: fc.constant('duplicates' as const), minor }),
  fc.record({ kind: fc.constantFrom('seal', 'fold'), limit: fc.integer({ min: 1, max: 5 }) }),
)

/** What is known of a ledger: its world, what was posted to it, and a period that is locked. */
type Scene = {
  readonly world: TestWorld
  readonly posted: NewEntry[]
  readonly ids: Id<'jre'>[]
  readonly locked: Id<'per'>
}

test('whatever is done: balances are the plain sums, each asset adds up to zero, and what is refused changes nothing', async () => {
  const world = await createWorld()
  try {
    const locked = await openPeriod(world)
    await lockPeriod(world, locked)
    const scene: Scene = { world, posted: [], ids: [], locked }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
        for (const each of steps) await checkStep(scene, each)
      }),
      { numRuns: 20 },
    )
    expect(await verifyJournal(world.context)).toEqual([])
    expect(await verifyBalances(world.context)).toEqual([])
  } finally {
    await world.close()
  }
})

async function checkStep(scene: Scene, each: Step): Promise<void> {
  const before = await contentsOf(scene)
  const outcome = await act(scene, each)
  const after = await contentsOf(scene)
  if (outcome !== 'changed') expect(after).toEqual(before)
  const { context } = scene.world
  expect((await balances(context)).map((found) => ({ ...found, minor: String(found.minor) }))).toEqual(after.sums)
  expect((await trialBalance(context)).balanced).toBe(true)
  const at = new Date('2026-03-02T12:00:00Z')
  expect((await balances(context, { at })).map((found) => ({ ...found, minor: String(found.minor) }))).toEqual(
    await plainSums(scene, `where e.at <= '${at.toISOString()}'`),
  )
}

/** Does it, and checks that it ended as it must. */
async function act(scene: Scene, each: Step): Promise<'changed' | 'unchanged'> {
  const { world, posted, ids, locked } = scene
  const { context } = world
  const known = 'which' in each ? posted[each.which % Math.max(posted.length, 1)] : undefined
  const id = 'which' in each ? ids[each.which % Math.max(ids.length, 1)] : undefined
  switch (each.kind) {
    case 'post': {
      const entry = someEntry({
        at: new Date(Date.UTC(2026, 2, 1 + each.day, 12)),
        postings: each.legs.flatMap(linesOf),
      })
      keep(scene, entry, each.gathered ? [await postEntry(context, entry)] : await post(context, entry))
      return 'changed'
    }
    case 'replay':
      if (known) expect(await post(context, known)).toMatchObject([{ replayed: true }])
      return 'unchanged'
    case 'conflict':
      if (known) await refused(post(context, someEntry(), { ...known, description: 'other' }), 'IDEMPOTENCY_CONFLICT')
      return 'unchanged'
    case 'reverse': {
      if (id === undefined) return 'unchanged'
      const reversal = await reverseEntry(context, { entry: id, reason: 'random' })
      if (!reversal.replayed) ids.push(reversal.id)
      return reversal.replayed ? 'unchanged' : 'changed'
    }
    case 'reverseAgain': {
      const reversed = await world.owner<{ reverses: string }[]>`
        select reverses from journal_entries where reverses is not null order by id limit 1`
      const entry = reversed[0]?.reverses
      if (entry === undefined) return 'unchanged'
      const again = { entry: `jre_${entry.replaceAll('-', '')}`, reason: 'another', reference: 'again' } as const
      await refused(reverseEntry(context, again), 'ALREADY_REVERSED')
      return 'unchanged'
    }
    case 'unbalanced':
      await refused(
        post(context, someEntry({ postings: linesOf({ ...ONE_WAY, minor: each.minor }).slice(1) })),
        'UNBALANCED',
      )
      return 'unchanged'
    case 'locked':
      await refused(postEntry(context, someEntry({ period: locked })), 'PERIOD_LOCKED')
      return 'unchanged'
    case 'duplicates': {
      const entry = someEntry({ postings: linesOf({ ...ONE_WAY, minor: each.minor }) })
      const all = await Promise.all([postEntry(context, entry), post(context, entry), postEntry(context, entry)])
      const answers = all.flat()
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
      keep(scene, entry, answers)
      return 'changed'
    }
    case 'seal':
      await sealRecords(context, each.limit)
      return 'unchanged'
    case 'fold':
      await foldBalances(context, each.limit)
      return 'unchanged'
  }
}

const ONE_WAY = { asset: 'CNY/2', from: 0, to: 1 } as const

function linesOf({ asset, from, to, minor: moved }: Leg): NewEntry['postings'] {
  return [
    { account: `Random:A${from}`, asset, minor: moved },
    { account: `Random:B${to}`, asset, minor: -moved },
  ]
}

function keep({ posted, ids }: Scene, entry: NewEntry, answers: readonly PostedEntry[]): void {
  posted.push(entry)
  ids.push(...answers.slice(0, 1).map(({ id }) => id))
}

async function refused(work: Promise<unknown>, code: string): Promise<void> {
  await expect(work).rejects.toMatchObject({ code })
}

async function contentsOf(scene: Scene) {
  const [counts] = await scene.world.owner`
    select (select count(*) from records) as records, (select count(*) from journal_entries) as entries,
      (select count(*) from postings) as postings, (select count(*) from accounts) as accounts`
  return { counts, sums: await plainSums(scene) }
}

/** Balances as a textbook would read them. */
async function plainSums({ world }: Scene, where = ''): Promise<readonly object[]> {
  const rows = await world.owner.unsafe(`
    select a.path as account, p.asset, sum(p.amount)::text as minor
    from postings p join accounts a on a.id = p.account_id join journal_entries e on e.id = p.entry_id ${where}
    group by a.path, p.asset having sum(p.amount) <> 0 order by a.path, p.asset`)
  return rows.map((row) => ({ ...row }))
}
