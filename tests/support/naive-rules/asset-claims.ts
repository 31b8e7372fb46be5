import type { AumIncrementTiers, Terms } from '../../../ledger/agreements/terms.ts'
import { compareKeys } from './apportion.ts'
import { monthSpan, type Span } from './calendar.ts'
import { type Claim, walk } from './claim.ts'
import { type Fraction, fraction, largest, product, rate, sum } from './fraction.ts'
import { eventsIn } from './paths.ts'
import { referralOf } from './referrals.ts'
import { type Member, passes, type Revenue, rulesOf, type World } from './world.ts'

/** What the assets of the customers whom a member referred give in a month. Source: RULES §3. */
export function assetClaims(world: World, member: Member, terms: Terms | undefined, month: Span): readonly Claim[] {
  const customers = [...new Set(world.events.map(({ customer }) => customer))]
  return customers.flatMap((customer) => {
    const referral = referralOf(world, customer)
    if (referral?.member !== member || referral.contribution.at >= month.to) return []
    const { contribution } = referral
    const claims = walk(rulesOf(terms, 'AUM_INCREMENT_TIERS'), (placed) => {
      const increment = passes(placed.rule, contribution)
        ? incrementOf(world, placed.rule, { customer, since: contribution.at, month })
        : undefined
      if (increment === undefined) return undefined
      const exact = placed.rule.mode === 'GRADUATED' ? graduated(placed.rule, increment) : whole(placed.rule, increment)
      return { placed, fact: `assets ${customer}`, key: [contribution.externalId], exact, base: fraction(increment) }
    })
    const largest = claims.reduce((most, { base }) => (base && base.over > most ? base.over : most), 0n)
    return claims.map((claim) => ({ ...claim, base: fraction(largest) }))
  })
}

type Asked = { readonly customer: string; readonly since: number; readonly month: Span }

/** What the assets grew by; nothing without a fact. */
function incrementOf(
  world: World,
  { basis, highWaterMark }: AumIncrementTiers,
  { customer, since, month }: Asked,
): bigint | undefined {
  if (basis === 'NET_FLOWS') {
    const flows = eventsIn(world, month).filter((event) => event.customer === customer && event.base === 'FLOWS')
    const own = flows.filter(({ at }) => at >= since)
    if (own.length === 0) return undefined
    return above(
      own.reduce((all, { minor }) => all + minor, 0n),
      0n,
    )
  }
  const snapshots = world.events
    .filter((event) => event.customer === customer && event.base === 'ASSETS' && event.asset === world.asset)
    .sort((a, b) => a.at - b.at || compareKeys([a.source, a.externalId], [b.source, b.externalId]))
  if (!highWaterMark) {
    const end = lastBefore(snapshots, month.to)
    // a balance that is older than the referral is no end: nobody had been referred
    if (end === undefined || end.at < since) return undefined
    return above(end.minor, lastBefore(snapshots, month.from)?.minor ?? 0n)
  }
  const later = snapshots.filter(({ at }) => at >= since)
  const [first] = later
  const end = lastBefore(later, month.to)
  if (first === undefined || end === undefined) return undefined
  const ends = monthsBefore(world.zone, first.at, month.from).flatMap(({ to }) => lastBefore(later, to)?.minor ?? [])
  return above(end.minor, largest([first.minor, ...ends]))
}

function lastBefore(snapshots: readonly Revenue[], end: number): Revenue | undefined {
  return snapshots.findLast(({ at }) => at < end)
}

function above(amount: bigint, mark: bigint): bigint {
  return amount > mark ? amount - mark : 0n
}

/** The months that end after one time and not after another. */
function monthsBefore(zone: string, after: number, until: number): readonly Span[] {
  const first = new Date(after)
  const spans: Span[] = []
  for (let step = -1; step < 1200; step++) {
    const month = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + step, 1)).toISOString().slice(0, 7)
    const span = monthSpan(month, zone)
    if (span.to > until) break
    if (span.to > after) spans.push(span)
  }
  return spans
}

function graduated({ tiers }: AumIncrementTiers, increment: bigint): Fraction {
  let below = 0n
  const slices: Fraction[] = []
  for (const { upTo, ppm } of tiers) {
    const end = upTo === undefined || upTo > increment ? increment : upTo
    if (end > below) slices.push(product(fraction(end - below), rate(ppm)))
    below = upTo ?? below
  }
  return sum(slices)
}

function whole({ tiers }: AumIncrementTiers, increment: bigint): Fraction {
  const tier = tiers.find(({ upTo }) => upTo === undefined || increment <= upTo)
  return product(fraction(increment), rate(tier?.ppm ?? 0n))
}
