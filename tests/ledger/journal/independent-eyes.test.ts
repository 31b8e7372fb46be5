import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Asset } from '../../../kernel/money.ts'
import type { AccountPath } from '../../../ledger/journal/entry.ts'
import type { NewEntry } from '../../../ledger/journal/post-entries.ts'
import { createWorld, useWorld } from '../../support/database.ts'
import { beancountBalances, csvBalances, exported, hledgerBalances, ourBalances } from './eyes.ts'
import { post, someEntry } from './scene.ts'

const world = useWorld()

const ACCOUNTS: readonly AccountPath[] = [
  'Partner:Payable:harbour',
  'Partner:Payable:Harbour',
  'Partner:Payable:har_bour',
  'Partner:Payable:har-bour',
  'Partner:Accrued:9lives',
  'Receivable:Partner:harbour',
  'Tax:InputVAT',
  'Tax:Withholding:cn',
  'Bank:Main',
  'Clearing:Payouts',
  'Points:Issued',
  'Points:Customer',
  'Liabilities:Points',
  'Liabilities:Points:Customer',
  'Expenses:PartnerShare:spring',
  'Equity:Opening',
  'Some:thing:else',
]
const ASSETS: readonly Asset[] = ['CNY/2', 'CNY/4', 'PTS/0', 'USDC/6', 'ETH/18', 'USD2/3', 'KWD/3']
/** Beancount adds up exactly to 28 digits; the balances of all entries together must stay below. */
const LARGEST = 10n ** 25n

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '"quoted"',
    'back\\slash \\" \\n',
    '; a comment',
    '渠道分成（三月）',
    '| # ^ @ {} ~ !',
    '=1+1',
    ' led ',
    '(x',
    '*',
  ),
)
const printable = texts.filter((text) => text.isWellFormed() && !/\p{Cc}/u.test(text))

/** Any number of debits and credits in several assets; the last posting of each asset makes up for the others. */
const entries = fc
  .record({
    at: fc.date({ min: new Date('2019-12-31T00:00:00Z'), max: new Date('2031-01-01T00:00:00Z'), noInvalidDate: true }),
    description: printable,
    note: printable,
    moves: fc.array(
      fc.record({
        asset: fc.constantFrom(...ASSETS),
        accounts: fc.array(fc.constantFrom(...ACCOUNTS), { minLength: 2, maxLength: 6 }),
        amounts: fc.array(fc.bigInt({ min: -LARGEST, max: LARGEST }), { minLength: 5, maxLength: 5 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ at, description, note, moves }) => ({ at, description, note, postings: moves.flatMap(balanced) }))
  .filter(({ postings }) => postings.length > 0)

function balanced({
  asset,
  accounts,
  amounts,
}: {
  readonly asset: Asset
  readonly accounts: readonly AccountPath[]
  readonly amounts: readonly bigint[]
}): NewEntry['postings'] {
  const [last = 'Bank:Main', ...others] = accounts
  const postings = others.map((account, index) => ({ account, asset, minor: amounts[index] ?? 1n }))
  const left = postings.reduce((sum, { minor }) => sum + minor, 0n)
  return [...postings, { account: last, asset, minor: -left }].filter(({ minor }) => minor !== 0n)
}

test('hledger, beancount and a sum over the CSV find our balances in any journal', { timeout: 300_000 }, async () => {
  let made = 0
  await fc.assert(
    fc.asyncProperty(fc.array(entries, { minLength: 1, maxLength: 40 }), async (some) => {
      const numbered = some.map(({ note, ...entry }) => ({ ...entry, reference: `${++made} ${note}` }))
      await post(world.context, ...numbered)
      const ours = await ourBalances(world.context)
      const [hledger, beancount, csv] = await Promise.all([
        exported(world.context, 'hledger').then(hledgerBalances),
        exported(world.context, 'beancount').then(beancountBalances),
        exported(world.context, 'csv').then(csvBalances),
      ])
      expect(hledger).toEqual(ours)
      expect(beancount).toEqual(ours)
      expect(csv).toEqual(ours)
    }),
    // each run adds to the journal of those before it, so that a smaller one cannot be tried
    { numRuns: 5, endOnFailure: true },
  )
})

describe('amounts of 38 digits', () => {
  const largest = 10n ** 38n - 1n
  const huge = [
    someEntry({
      postings: [
        { account: 'Bank:Main', asset: 'ETH/18', minor: largest },
        { account: 'Equity:Opening', asset: 'ETH/18', minor: -largest + 1n },
        { account: 'Equity:Opening', asset: 'ETH/18', minor: -1n },
      ],
    }),
  ]

  test('are exact for hledger and in CSV, and beancount, which has 28, is not given them', async () => {
    const own = await createWorld()
    try {
      await post(own.context, ...huge)
      const ours = await ourBalances(own.context)
      expect(ours[0]).toBe(`Bank:Main ETH/18 99999999999999999999.${'9'.repeat(18)}`)
      expect(await hledgerBalances(await exported(own.context, 'hledger'))).toEqual(ours)
      expect(csvBalances(await exported(own.context, 'csv'))).toEqual(ours)
      await expect(exported(own.context, 'beancount')).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        message: expect.stringMatching(/^the entry jre_[0-9a-f]{32} moves more ETH\/18 than beancount can calculate/),
      })
    } finally {
      await own.close()
    }
  })
})

describe('the export for beancount', () => {
  test('is refused by beancount when one minor unit is changed, and so is the one for hledger', async () => {
    const own = await createWorld()
    try {
      await post(own.context, someEntry())
      const changed = async (format: 'hledger' | 'beancount'): Promise<string> =>
        (await exported(own.context, format)).replace('12.30', '12.31')
      await expect(changed('beancount').then(beancountBalances)).rejects.toThrow('does not balance')
      await expect(changed('hledger').then(hledgerBalances)).rejects.toThrow('could not balance')
    } finally {
      await own.close()
    }
  })

  test('has entries with what leads back to them, and texts as they are', async () => {
    const own = await createWorld()
    try {
      const [posted] = await post(own.context, someEntry({ description: 'a "b" \\ ; 渠道', reference: 'r"1' }))
      const [row] = await own.owner<
        { record: string }[]
      >`select replace(record_id::text, '-', '') as record from journal_entries`
      expect(await exported(own.context, 'beancount')).toBe(`option "title" "Tributary"
2026-03-31 open Expenses:PartnerShare:Spring
  account: "Expenses:PartnerShare:spring"
2026-03-31 commodity CNY
  asset: "CNY/2"
  precision: 2
2026-03-31 open Liabilities:Partner:Accrued:Harbour
  account: "Partner:Accrued:harbour"

2026-03-31 * "a \\"b\\" \\\\ ; 渠道"
  entry: "${posted?.id}"
  reference: "r\\"1"
  record: "rec_${row?.record}"
  Expenses:PartnerShare:Spring  12.30 CNY
  Liabilities:Partner:Accrued:Harbour  -12.30 CNY
`)
    } finally {
      await own.close()
    }
  })
})
