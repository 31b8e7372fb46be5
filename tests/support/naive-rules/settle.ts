import type { Terms } from '../../../ledger/agreements/terms.ts'
import { monthSpan } from './calendar.ts'
import { type Correction, correct, knownAt } from './corrections.ts'
import { earnAll, totalOf } from './earn-month.ts'
import type { Earning } from './earnings.ts'
import { floor, fraction, product, rate, sum } from './fraction.ts'
import { type Member, termsAt, type World } from './world.ts'

/** What a member earned in a month, and what becomes of it; amounts are minor units. */
export type NaiveStatement = {
  readonly month: string
  readonly code: string
  readonly earnings: readonly Earning[]
  /** Of earlier months. */
  readonly corrections: readonly Correction[]
  readonly amounts: Amounts
}

export type Amounts = {
  readonly opening: bigint
  readonly earned: bigint
  readonly holdback: bigint
  readonly released: bigint
  readonly clawbacks: bigint
  readonly payout: bigint
  readonly vat: bigint
  readonly withholding: bigint
  readonly transfer: bigint
  readonly closing: bigint
  readonly held: bigint
}

/**
 * Settles months in their order, of all members, each by what is known when it is closed: of it all that was told until
 * then, and of the months before what differs by that. Slow, and as RULES have it word by word.
 */
export function settle(world: World, months: readonly string[]): readonly NaiveStatement[] {
  const statements: NaiveStatement[] = []
  const settled = new Map<string, readonly Earning[]>()
  for (const [closing, month] of months.entries()) {
    const known = knownAt(world, closing, monthSpan(month, world.zone))
    const corrected = new Map<Member, readonly Correction[]>()
    for (const earlier of months.slice(0, closing)) {
      for (const [member, now] of earnAll(known, monthSpan(earlier, world.zone))) {
        const name = `${earlier} ${member.code}`
        const corrections = correct(earlier, settled.get(name) ?? [], now)
        settled.set(name, corrections.settled)
        corrected.set(member, [...(corrected.get(member) ?? []), ...corrections.told])
      }
    }
    for (const [member, earnings] of earnAll(known, monthSpan(month, world.zone))) {
      settled.set(`${month} ${member.code}`, earnings)
      const before = statements.filter(({ code }) => code === member.code)
      const corrections = corrected.get(member) ?? []
      const ended = member.to <= monthSpan(month, world.zone).to
      const amounts = settleOne(world, { month, before, earnings, corrections, ended })
      statements.push({ month, code: member.code, earnings, corrections, amounts })
    }
  }
  return statements
}

type OneMonth = {
  readonly month: string
  /** The member's statements before. */
  readonly before: readonly NaiveStatement[]
  readonly earnings: readonly Earning[]
  readonly corrections: readonly Correction[]
  readonly ended: boolean
}

/** A member's month, after what its months before left. What a month gives more is earned, what less clawed back. */
function settleOne(world: World, { month, before, earnings, corrections, ended }: OneMonth): Amounts {
  const terms = termsAt(world, monthSpan(month, world.zone).from)
  if (terms === undefined) throw new Error(`no terms are in force in ${month}`)
  const last = before.at(-1)?.amounts
  const due = before.filter((one) => monthAfter(one.month, periodsOf(world, one.month)) === month)
  const changes = [...Map.groupBy(corrections, ({ origin }) => origin).values()].map(totalOf)
  return settleAmounts(terms, {
    opening: last?.closing ?? 0n,
    heldBefore: last?.held ?? 0n,
    earned: totalOf(earnings) + whole(changes.filter((change) => change > 0n)),
    clawbacks: whole(changes.filter((change) => change < 0n)),
    released: whole(due.map(({ amounts }) => amounts.holdback)),
    ended,
  })
}

function whole(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, amount) => all + amount, 0n)
}

type Given = Pick<Amounts, 'opening' | 'earned' | 'clawbacks' | 'released'> & {
  readonly heldBefore: bigint
  /** Whether the member has left by the month's end. */
  readonly ended?: boolean
}

/** What is paid, carried and held, and the tax on what is paid. Source: RULES §6. */
export function settleAmounts(terms: Pick<Terms, 'holdback' | 'minimumPayout' | 'tax'>, given: Given): Amounts {
  const { opening, earned, clawbacks, released, heldBefore } = given
  const holdback = earned > 0n ? down(earned, terms.holdback.ppm) : 0n
  const balance = opening + earned - holdback + clawbacks + released
  const held = heldBefore + holdback - released
  const paid = balance >= terms.minimumPayout || (given.ended === true && held === 0n && balance > 0n)
  const payout = paid ? balance : 0n
  const vat = floor(sum([product(fraction(payout), rate(terms.tax.vatPpm ?? 0n)), fraction(1n, 2n)]))
  const withholding = down(payout, terms.tax.withholdingPpm ?? 0n)
  const closing = balance - payout
  const transfer = payout + vat - withholding
  return { opening, earned, holdback, released, clawbacks, payout, vat, withholding, transfer, closing, held }
}

function periodsOf(world: World, month: string): number {
  return termsAt(world, monthSpan(month, world.zone).from)?.holdback.periods ?? 0
}

function down(amount: bigint, ppm: bigint): bigint {
  return floor(product(fraction(amount), rate(ppm)))
}

/** The month some months later. */
function monthAfter(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7)
}
