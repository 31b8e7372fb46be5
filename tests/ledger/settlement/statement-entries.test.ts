import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Settlement, settleAgreement } from '../../../ledger/settlement/settle-agreement.ts'
import { entriesOfStatement } from '../../../ledger/settlement/statement-entries.ts'

const END = new Date('2026-04-30T16:00:00Z')
const terms = { holdback: { ppm: 100_000n, periods: 1 }, minimumPayout: 0n, tax: { vatPpm: 60_000n } }

describe('the entries of a statement', () => {
  test('accrue what was earned, lock it, and release what was held', () => {
    const settlement = settleAgreement(
      { opening: 0n, heldBefore: 50n, earned: 1000n, clawbacks: 0n, released: 50n },
      terms,
    )
    const entries = entriesOf(settlement)
    expect(entries.map(({ reference, postings }) => [reference.split(':').at(-1), legsOf(postings)])).toEqual([
      ['accrue', { 'Expenses:PartnerShare:spring': 1000n, 'Partner:Accrued:harbour': -1000n }],
      [
        'lock',
        { 'Partner:Accrued:harbour': 1000n, 'Partner:Payable:harbour': -900n, 'Partner:Holdback:harbour': -100n },
      ],
      ['release', { 'Partner:Holdback:harbour': 50n, 'Partner:Payable:harbour': -50n }],
    ])
  })

  test('are dated at the last millisecond of the period, and say whose and when', () => {
    const [entry] = entriesOf(settleAgreement({ ...nothing, earned: 1n }, terms))
    expect(entry).toMatchObject({
      at: new Date('2026-04-30T15:59:59.999Z'),
      description: 'Share accrued: harbour, 2026-04',
      reference: `statement:sta_${'1'.repeat(32)}:accrue`,
      period: `per_${'2'.repeat(32)}`,
    })
  })

  test('claw back against the expense, and turn a negative balance into a receivable', () => {
    const entries = entriesOf(settleAgreement({ ...nothing, opening: 100n, clawbacks: -150n }, terms))
    expect(entries.map(({ postings }) => legsOf(postings))).toEqual([
      { 'Partner:Payable:harbour': 150n, 'Expenses:PartnerShare:spring': -150n },
      { 'Receivable:Partner:harbour': 50n, 'Partner:Payable:harbour': -50n },
    ])
  })

  test('recover a receivable out of earnings', () => {
    const entries = entriesOf(settleAgreement({ ...nothing, opening: -50n, earned: 1000n }, terms))
    expect(legsOf(entries.at(-1)?.postings ?? [])).toEqual({
      'Partner:Payable:harbour': 50n,
      'Receivable:Partner:harbour': -50n,
    })
  })

  test('are none where nothing moves', () => {
    expect(entriesOf(settleAgreement({ ...nothing, opening: 10n }, { ...terms, minimumPayout: 100n }))).toEqual([])
  })
})

test('accounts say what statements say, whatever was earned and clawed back', () => {
  const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n })
  const period = fc.record({ earned: amount, clawbacks: fc.bigInt({ min: -(10n ** 12n), max: 0n }) })
  const minimum = fc.bigInt({ min: 0n, max: 10n ** 11n })
  fc.assert(
    fc.property(minimum, fc.array(period, { minLength: 1, maxLength: 8 }), (minimumPayout, periods) => {
      const statements = settleAll({ ...terms, minimumPayout }, periods)
      const last = statements.at(-1)
      const entries = statements.flatMap(entriesOf)
      for (const { postings } of entries) expect(sum(postings.map(({ minor }) => minor))).toBe(0n)
      const closing = last?.closing ?? 0n
      const paid = sum(statements.map(({ payout }) => payout))
      expect(balancesOf(entries)).toEqual({
        'Expenses:PartnerShare:spring': sum(periods.map(({ earned, clawbacks }) => earned + clawbacks)),
        'Partner:Accrued:harbour': 0n,
        'Partner:Payable:harbour': -(closing > 0n ? closing : 0n) - paid,
        'Partner:Holdback:harbour': -(last?.held ?? 0n),
        'Receivable:Partner:harbour': closing < 0n ? -closing : 0n,
      })
    }),
  )
})

const nothing = { opening: 0n, heldBefore: 0n, earned: 0n, clawbacks: 0n, released: 0n }

type Posting = ReturnType<typeof entriesOfStatement>[number]['postings'][number]

function entriesOf(settlement: Settlement): ReturnType<typeof entriesOfStatement> {
  const statement = {
    ...settlement,
    id: `sta_${'1'.repeat(32)}` as const,
    period: `per_${'2'.repeat(32)}` as const,
    asset: 'CNY/2' as const,
    month: '2026-04',
    programmeCode: 'spring',
    partnerCode: 'harbour',
  }
  return entriesOfStatement(statement, END)
}

function settleAll(
  agreed: typeof terms,
  periods: readonly { readonly earned: bigint; readonly clawbacks: bigint }[],
): readonly Settlement[] {
  const settled: Settlement[] = []
  for (const { earned, clawbacks } of periods) {
    const before = settled.at(-1)
    const brought = { opening: before?.closing ?? 0n, heldBefore: before?.held ?? 0n, released: before?.holdback ?? 0n }
    settled.push(settleAgreement({ ...brought, earned, clawbacks }, agreed))
  }
  return settled
}

function balancesOf(entries: ReturnType<typeof entriesOfStatement>): Record<string, bigint> {
  const balances: Record<string, bigint> = {
    'Expenses:PartnerShare:spring': 0n,
    'Partner:Accrued:harbour': 0n,
    'Partner:Payable:harbour': 0n,
    'Partner:Holdback:harbour': 0n,
    'Receivable:Partner:harbour': 0n,
  }
  for (const { postings } of entries) {
    for (const { account, minor } of postings) balances[account] = (balances[account] ?? 0n) + minor
  }
  return balances
}

function legsOf(postings: readonly Posting[]): Record<string, bigint> {
  return Object.fromEntries(postings.map(({ account, minor }) => [account, minor]))
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, amount) => all + amount, 0n)
}
