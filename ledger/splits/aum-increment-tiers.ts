import { add, type Rational, rational, timesPpm } from '../../kernel/rational.ts'
import type { AmountTier, AumIncrementTiers } from '../agreements/terms.ts'
import { exactText } from './exact-text.ts'
import type { LineDetail, TierPart } from './explanation.ts'
import type { AssetsCase, AssetsSnapshot } from './fact-case.ts'
import { passesFilter } from './filter.ts'
import type { RuleCalculator } from './rule-calculator.ts'

/** What one tier takes of an amount. */
type Slice = { readonly tier: AmountTier; readonly amount: bigint; readonly exact: Rational }

/**
 * `AUM_INCREMENT_TIERS`: what a referred customer's assets grew by in the period, by tiers. Without a snapshot (or a flow)
 * there is nothing to look at. Source: RULES §3, W3.
 */
export const aumIncrementTiers: RuleCalculator<AumIncrementTiers, AssetsCase> = {
  looksAt: 'ASSETS',
  match: (rule, fact) => {
    if (!passesFilter(rule.filter, fact.about)) return 'FILTER'
    const known = rule.basis === 'BALANCE' ? fact.end !== undefined : fact.flowCount > 0
    return known ? { window: undefined } : 'NO_DATA'
  },
  earn: (rule, fact) =>
    slicesOf(rule, incrementOf(rule, fact)).reduce((all, { exact }) => add(all, exact), rational(0n)),
  detail: detailOf,
}

/** What the tiers are applied to; never negative. */
export function incrementOf(rule: AumIncrementTiers, fact: AssetsCase): bigint {
  const grown = rule.basis === 'NET_FLOWS' ? fact.flows : (fact.end?.minor ?? 0n) - (aboveOf(rule, fact)?.minor ?? 0n)
  return grown > 0n ? grown : 0n
}

function aboveOf({ highWaterMark }: AumIncrementTiers, { mark, start }: AssetsCase): AssetsSnapshot | undefined {
  return highWaterMark ? mark : start
}

function slicesOf({ tiers, mode }: AumIncrementTiers, increment: bigint): readonly Slice[] {
  if (mode === 'VOLUME') {
    const tier = tiers.find(({ upTo }) => upTo === undefined || increment <= upTo)
    return tier === undefined ? [] : [sliceOf(tier, increment)]
  }
  let below = 0n
  const slices: Slice[] = []
  for (const tier of tiers) {
    const end = tier.upTo === undefined || tier.upTo > increment ? increment : tier.upTo
    if (end > below) slices.push(sliceOf(tier, end - below))
    below = end
  }
  return slices
}

function sliceOf(tier: AmountTier, amount: bigint): Slice {
  return { tier, amount, exact: timesPpm(amount, tier.ppm) }
}

function detailOf(rule: AumIncrementTiers, fact: AssetsCase): LineDetail {
  const increment = incrementOf(rule, fact)
  const tiers = slicesOf(rule, increment).map(toldSlice)
  const begun = { kind: 'ASSETS', basis: rule.basis, increment: `${increment}`, tiers } as const
  if (rule.basis === 'NET_FLOWS') return { ...begun, flows: { minor: `${fact.flows}`, facts: `${fact.flowCount}` } }
  const above = aboveOf(rule, fact)
  return {
    ...begun,
    ...(above && { above: { what: rule.highWaterMark ? 'MARK' : 'START', ...toldSnapshot(above) } }),
    ...(fact.end && { end: toldSnapshot(fact.end) }),
  }
}

function toldSlice({ tier, amount, exact }: Slice): TierPart {
  const upTo = tier.upTo === undefined ? {} : { upTo: `${tier.upTo}` }
  return { ...upTo, ppm: `${tier.ppm}`, amount: `${amount}`, exact: exactText(exact) }
}

function toldSnapshot({ minor, at }: AssetsSnapshot): { readonly minor: string; readonly at: string } {
  return { minor: `${minor}`, at: at.toISOString() }
}
