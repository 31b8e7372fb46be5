import type { Terms } from '../../../ledger/agreements/terms.ts'
import { monthSpan, type Span } from './calendar.ts'
import { claimsOf, poolsOf } from './claims.ts'
import { type Earning, earningOfLines, earningsOf, lacking } from './earnings.ts'
import { floor, fraction, product, rate, sum } from './fraction.ts'
import { type Member, rulesOf, termsAt, type World } from './world.ts'

/** What a member earned in a month, and what becomes of it; amounts are minor units. */
export type NaiveStatement = {
  readonly month: string
  readonly code: string
  readonly earnings: readonly Earning[]
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

/** Settles months in their order, of all members. Slow, and as RULES have it word by word. */
export function settle(world: World, months: readonly string[]): readonly NaiveStatement[] {
  const statements: NaiveStatement[] = []
  for (const month of months) {
    const span = monthSpan(month, world.zone)
    const terms = termsAt(world, span.from)
    if (terms === undefined) continue
    const earned = earnAll(world, span, terms)
    for (const member of world.members) {
      const before = statements.filter(({ code }) => code === member.code)
      const earnings = earned.get(member) ?? []
      statements.push({
        month,
        code: member.code,
        earnings,
        amounts: settleOne(world, terms, { month, before, earnings }),
      })
    }
  }
  return statements
}

/** What each member earns: by facts, then by overrides, then up to its guarantee. */
function earnAll(world: World, month: Span, terms: Terms): ReadonlyMap<Member, readonly Earning[]> {
  const pools = poolsOf(world, month)
  const byFacts = new Map(
    world.members.map((member) => {
      const claims = member.accrues ? claimsOf(world, member, month, pools) : []
      return [member, earningsOf(claims, world.versions)] as const
    }),
  )
  return new Map(
    world.members.map((member) => {
      const own = [...(byFacts.get(member) ?? []), ...overridesOf(member, byFacts, terms, month)]
      return [member, [...own, ...guaranteeOf(member, own, terms, month)]] as const
    }),
  )
}

/** Whether a member earns by others, and is guaranteed something. */
function runsIn({ from, to, accrues }: Member, month: Span): boolean {
  return accrues && from < month.to && to > month.from
}

function overridesOf(
  parent: Member,
  byFacts: ReadonlyMap<Member, readonly Earning[]>,
  terms: Terms,
  month: Span,
): readonly Earning[] {
  if (!runsIn(parent, month)) return []
  return rulesOf(terms, 'OVERRIDE')
    .filter(({ rule }) => rule.parentPartner === parent.code)
    .map((placed) => {
      const { childPartners, ratePpm } = placed.rule
      const children = [...byFacts].filter(
        ([{ code }]) => code !== parent.code && (childPartners === undefined || childPartners.includes(code)),
      )
      const lines = children.map(([{ code }, earnings]) => {
        const exact = product(sum(earnings.map((earning) => earning.exact)), rate(ratePpm))
        return { fact: code, exact }
      })
      return earningOfLines(placed, lines)
    })
}

function guaranteeOf(member: Member, own: readonly Earning[], terms: Terms, month: Span): readonly Earning[] {
  if (!runsIn(member, month)) return []
  const earned = totalOf(own)
  return rulesOf(terms, 'MINIMUM_GUARANTEE').map((placed) =>
    earningOfLines(placed, [{ fact: 'guarantee', exact: lacking(placed.rule.amountPerPeriod, earned) }]),
  )
}

function totalOf(earnings: readonly Earning[]): bigint {
  return earnings.reduce((all, { total }) => all + total, 0n)
}

type OneMonth = {
  readonly month: string
  /** The member's statements before. */
  readonly before: readonly NaiveStatement[]
  readonly earnings: readonly Earning[]
}

/** A member's month, after what its months before left. */
function settleOne(world: World, terms: Terms, { month, before, earnings }: OneMonth): Amounts {
  const last = before.at(-1)?.amounts
  const due = before.filter((one) => monthAfter(one.month, periodsOf(world, one.month)) === month)
  return settleAmounts(terms, {
    opening: last?.closing ?? 0n,
    heldBefore: last?.held ?? 0n,
    earned: totalOf(earnings),
    clawbacks: 0n,
    released: due.reduce((all, { amounts }) => all + amounts.holdback, 0n),
  })
}

type Given = Pick<Amounts, 'opening' | 'earned' | 'clawbacks' | 'released'> & { readonly heldBefore: bigint }

/** What is paid, carried and held, and the tax on what is paid. Source: RULES §6. */
export function settleAmounts(terms: Pick<Terms, 'holdback' | 'minimumPayout' | 'tax'>, given: Given): Amounts {
  const { opening, earned, clawbacks, released, heldBefore } = given
  const holdback = earned > 0n ? down(earned, terms.holdback.ppm) : 0n
  const balance = opening + earned - holdback + clawbacks + released
  const payout = balance >= terms.minimumPayout ? balance : 0n
  const vat = floor(sum([product(fraction(payout), rate(terms.tax.vatPpm ?? 0n)), fraction(1n, 2n)]))
  const withholding = down(payout, terms.tax.withholdingPpm ?? 0n)
  const closing = balance - payout
  const held = heldBefore + holdback - released
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
