import { beforeAll, describe, expect, test } from 'vitest'
import { uuidOf } from '../../../kernel/ids.ts'
import { accountStatement } from '../../../ledger/journal/account-statement.ts'
import { balances, listBalances } from '../../../ledger/journal/balances.ts'
import { foldBalances } from '../../../ledger/journal/fold-balances.ts'
import { listAccounts, showChart } from '../../../ledger/journal/list-accounts.ts'
import { rebuildBalances } from '../../../ledger/journal/rebuild-balances.ts'
import { trialBalance } from '../../../ledger/journal/trial-balance.ts'
import { verifyBalances } from '../../../ledger/journal/verify-balances.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { createWorld, useWorld } from '../../support/database.ts'
import { foldAll, post, someEntry } from './scene.ts'

const world = useWorld()
const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 1)
const COUNT = 240

/** Entry n is of hour 7n, moves n + 1, and is posted backwards in time, so that the orders of time and log differ. */
const timeOf = (n: number): Date => new Date(START + 7 * HOUR * n)
const moved = (account: string, minor: bigint) =>
  [
    { account: `Time:${account}` as const, asset: 'CNY/2', minor },
    { account: 'Time:Other', asset: 'CNY/2', minor: -minor },
  ] as const

beforeAll(async () => {
  for (let n = COUNT - 1; n >= 0; n--) {
    await post(
      world.context,
      someEntry({ at: timeOf(n), postings: moved(n % 2 === 0 ? 'Even' : 'Odd', BigInt(n + 1)) }),
    )
    // the first third is folded, the second sealed only, the last neither
    if (n === (COUNT * 2) / 3) {
      await sealAll(world.context, world.owner)
      await foldAll(world.context)
    }
    if (n === COUNT / 3) await sealAll(world.context, world.owner)
  }
})

const sumWhere = (keep: (n: number) => boolean): bigint =>
  Array.from({ length: COUNT }, (_, n) => n)
    .filter(keep)
    .reduce((sum, n) => sum + BigInt(n + 1), 0n)

const balanceOf = (found: readonly { account: string; minor: bigint }[], account: string): bigint =>
  found.find((each) => each.account === account)?.minor ?? 0n

describe('balances, partly folded', () => {
  test('are exact now', async () => {
    const found = await balances(world.context, { prefix: 'Time' })
    expect(balanceOf(found, 'Time:Even')).toBe(sumWhere((n) => n % 2 === 0))
    expect(balanceOf(found, 'Time:Other')).toBe(-sumWhere(() => true))
  })

  test('are exact at each instant, which counts as passed', async () => {
    for (let n = 0; n < COUNT; n += 3) {
      for (const ms of [-1, 0, HOUR]) {
        const at = new Date(timeOf(n).getTime() + ms)
        const found = await balances(world.context, { prefix: 'Time', at })
        expect(balanceOf(found, 'Time:Other')).toBe(-sumWhere((each) => timeOf(each) <= at))
      }
    }
  })

  test('are exact at each place in the log, and refused beyond it', async () => {
    for (const seq of [0, 1, 2, 79, 80, 81, 100, 159, 160]) {
      const found = await balances(world.context, { prefix: 'Time', seq })
      expect(balanceOf(found, 'Time:Other')).toBe(-sumWhere((n) => n >= COUNT - seq))
    }
    await expect(balances(world.context, { seq: 100_000 })).rejects.toMatchObject({ code: 'NOT_READY' })
    await expect(balances(world.context, { seq: -1 })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await balances(world.context, { seq: 0 })).toEqual([])
  })

  test('make a trial balance whose columns agree, at any moment', async () => {
    for (const moment of [{}, { at: timeOf(50) }, { seq: 33 }]) {
      const { rows, totals, balanced } = await trialBalance(world.context, moment)
      expect(balanced).toBe(true)
      expect(totals).toHaveLength(1)
      expect(rows.every(({ debit, credit }) => (debit === 0n) !== (credit === 0n))).toBe(true)
      expect(totals[0]?.debit).toBe(-balanceOf(await balances(world.context, moment), 'Time:Other'))
    }
  })

  test('come by pages, both ways', async () => {
    const all = await balances(world.context)
    const first = await listBalances(world.context, { page: { first: 2 } })
    expect(first.edges.map(({ node }) => node)).toEqual(all.slice(0, 2))
    const rest = await listBalances(world.context, { page: { first: 5, after: first.edges[1]?.cursor } })
    expect(rest.edges.map(({ node }) => node)).toEqual(all.slice(2))
    const back = await listBalances(world.context, { seq: 160, page: { last: 2, before: rest.edges[0]?.cursor } })
    expect(back.edges.map(({ node }) => node.account)).toEqual(['Time:Even', 'Time:Odd'])
  })
})

describe('an account statement', () => {
  const statement = (page: Parameters<typeof accountStatement>[1]['page'], from?: Date, to?: Date) =>
    accountStatement(world.context, { account: 'Time:Even', from, to, page })

  test('has each line with the balance after it, whichever way it is paged', async () => {
    const expected = Array.from({ length: COUNT / 2 }, (_, k) => ({
      minor: BigInt(2 * k + 1),
      balance: sumWhere((n) => n % 2 === 0 && n <= 2 * k),
    }))
    const read = async (forward: boolean): Promise<unknown[]> => {
      const lines: unknown[] = []
      for (let cursor: string | undefined; ; ) {
        const { lines: page } = await statement(forward ? { first: 17, after: cursor } : { last: 17, before: cursor })
        const found = page.edges.map(({ node: { minor, balance } }) => ({ minor, balance }))
        lines.splice(forward ? lines.length : 0, 0, ...found)
        cursor = page.edges.at(forward ? -1 : 0)?.cursor
        if (!(forward ? page.hasNextPage : page.hasPreviousPage)) return lines
      }
    }
    expect(await read(true)).toEqual(expected)
    expect(await read(false)).toEqual(expected)
  })

  test('of a span opens with what was before and closes with what is after', async () => {
    const [from, to] = [timeOf(60), timeOf(121)]
    const { opening, closing, lines, asset } = await statement({ first: 100 }, from, to)
    expect(asset).toBe('CNY/2')
    expect(opening).toBe(sumWhere((n) => n % 2 === 0 && n < 60))
    expect(closing).toBe(sumWhere((n) => n % 2 === 0 && n < 121))
    expect(lines.edges).toHaveLength(31)
    expect(lines.edges[0]?.node.balance).toBe(opening + 61n)
    expect(lines.edges.at(-1)?.node.balance).toBe(closing)
    const empty = await statement({ last: 1 }, timeOf(COUNT), undefined)
    expect(empty).toMatchObject({ opening: empty.closing, lines: { edges: [], hasPreviousPage: false } })
  })

  test('orders lines of one instant by entry and line, and counts each once', async () => {
    const at = new Date('2026-08-08T12:00:00Z')
    const both = [1n, 2n, 3n].map((minor) => ({ account: 'Same:Time', asset: 'PTS/0', minor }) as const)
    await post(
      world.context,
      ...Array.from({ length: 4 }, () =>
        someEntry({ at, postings: [...both, { account: 'Same:Side', asset: 'PTS/0', minor: -6n }] }),
      ),
    )
    const seen: bigint[] = []
    for (let after: string | undefined; ; ) {
      const { lines } = await accountStatement(world.context, { account: 'Same:Time', page: { first: 5, after } })
      seen.push(...lines.edges.map(({ node }) => node.balance))
      after = lines.edges.at(-1)?.cursor
      if (!lines.hasNextPage) break
    }
    expect(seen).toEqual([1n, 3n, 6n, 7n, 9n, 12n, 13n, 15n, 18n, 19n, 21n, 24n])
  })

  test('needs an account that there is, an asset when there are several, and cursors of ours', async () => {
    const asked = (input: object) =>
      accountStatement(world.context, { account: 'Time:Even', page: { first: 1 }, ...input })
    await expect(asked({ account: 'No:Such' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(asked({ account: 'No:Such', asset: 'CNY/2' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await post(
      world.context,
      someEntry({
        postings: [...moved('Two', 1n), ...moved('Two', 1n).map((leg) => ({ ...leg, asset: 'USD/2' }) as const)],
      }),
    )
    await expect(asked({ account: 'Time:Two' })).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'asset' })
    expect(await asked({ account: 'Time:Two', asset: 'USD/2' })).toMatchObject({ closing: 1n })
    const cursor = (...keys: readonly string[]) => Buffer.from(JSON.stringify(['c1', ...keys])).toString('base64url')
    for (const after of ['x', cursor('a', 'b', 'c'), cursor('2026-13-45 00:00:00+00', uuidOf('jre_0'), '1')]) {
      await expect(asked({ page: { first: 1, after } })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
  })
})

test('accounts are listed by name with their place in the chart', async () => {
  await post(world.context, someEntry())
  const { edges } = await listAccounts(world.context, { prefix: 'Partner:Accrued', page: { last: 10 } })
  expect(edges.map(({ node }) => node)).toEqual([
    { path: 'Partner:Accrued:harbour', chart: 'Partner:Accrued', type: 'liability' },
  ])
  const foreign = await listAccounts(world.context, { prefix: 'Time', page: { first: 1 } })
  expect(foreign.edges[0]?.node).toEqual({ path: 'Time:Even', chart: undefined, type: undefined })
  expect(foreign.hasNextPage).toBe(true)
  const chart = await showChart(world.context)
  expect(chart.find(({ account }) => account === 'Partner:Accrued')).toMatchObject({ exist: 1, per: 'partner' })
  expect(chart.find(({ account }) => account === 'Bank')).toMatchObject({ exist: 0, type: 'asset' })
})

describe('folded totals', () => {
  test('are what the postings say, can be made anew, and two folders at once fold everything once', async () => {
    const before = await balances(world.context)
    await sealAll(world.context, world.owner)
    await Promise.all([1, 2, 3].map(() => foldAll(world.context, 7)))
    expect(await foldBalances(world.context)).toBe(0)
    expect(await balances(world.context)).toEqual(before)
    expect(await verifyBalances(world.context)).toEqual([])
    const steps: number[] = []
    const records = await rebuildBalances(world.context, { onProgress: ({ done }) => steps.push(done) })
    expect(steps.at(-1)).toBe(records)
    expect(await balances(world.context)).toEqual(before)
    expect(await verifyBalances(world.context)).toEqual([])
  })

  test.each<[string, string, RegExp[]]>([
    [
      'of everything',
      `update balance_totals set amount = amount + 5 where kind = 'ALL' and account_id = (select id from accounts where path = 'X:A')`,
      [/^8 is folded, and the postings add up to 3: balance of X:A in CNY\/2, in all$/],
    ],
    [
      'of a day',
      `update balance_totals set amount = 0 where kind = 'DAY' and account_id = (select id from accounts where path = 'X:B')`,
      [/^0 is folded, and the postings add up to -3: balance of X:B in CNY\/2, 2026-03-01$/],
    ],
    [
      'of a block, which is gone',
      `delete from balance_totals where kind = 'BLOCK' and account_id = (select id from accounts where path = 'X:B')`,
      [
        /^nothing is folded, .* -3: balance of X:B in CNY\/2, records 1 to 16384$/,
        /^-3 is folded, .* nothing: .* in all$/,
      ],
    ],
    [
      'of a block that is not there yet',
      `insert into balance_totals select kind, account_id, asset, 9, 1 from balance_totals where kind = 'BLOCK' limit 1`,
      [/^1 is folded, and the postings add up to nothing/, /in all$/],
    ],
    [
      'behind postings that were changed',
      'update postings set amount = amount * 2',
      [
        /^3 is folded, .* 6: .*, records/,
        /^-3 is folded, .* -6: .*, records/,
        /^3 .* 2026-03-01$/,
        /^-3 .* 2026-03-01$/,
      ],
    ],
    ['whose head was moved', `update balance_head set tx_id = '7'`, [/it does not stand at a sealed record/]],
  ])('that are wrong are found and named: %s', async (_, statement, found) => {
    const own = await createWorld()
    try {
      const postings = [
        { account: 'X:A', asset: 'CNY/2', minor: 3n },
        { account: 'X:B', asset: 'CNY/2', minor: -3n },
      ] as const
      await post(own.context, someEntry({ at: new Date('2026-03-01T00:00:00Z'), postings }))
      await sealAll(own.context, own.owner)
      await foldAll(own.context)
      expect(await verifyBalances(own.context)).toEqual([])
      await behindGuards(own.owner, statement)
      const said = (await verifyBalances(own.context)).map(({ what, where }) => `${what}: ${where}`)
      expect(said).toEqual(found.map((each) => expect.stringMatching(each)))
    } finally {
      await own.close()
    }
  })
})
