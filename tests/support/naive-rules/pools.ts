import { apportionSigned } from './apportion.ts'
import type { Span } from './calendar.ts'
import {
  type Fraction,
  floor,
  fraction,
  minus,
  NOUGHT,
  ONE,
  product,
  rate,
  ratio,
  round,
  size,
  sum,
} from './fraction.ts'
import { removalEffects, sharesOfPath } from './models.ts'
import { type Conversion, conversionsOf, type PathTouch, type PoolRule, unconvertedOf } from './paths.ts'
import type { Placed, Revenue, World } from './world.ts'

/** What one partner has of a pool. */
export type PoolShare = {
  /** In minor units. */
  readonly share: bigint
  /** Exactly; the share is this, rounded with those of all others. */
  readonly exact: Fraction
  /** What each of its conversions gives it of that, exactly. */
  readonly conversions: ReadonlyMap<Revenue, Fraction>
}

/** Shares by the partners' codes. */
export type PoolShares = ReadonlyMap<string, PoolShare>

/** Shares the period's pool of one rule over partners. Source: RULES §4, ADR 15. */
export function sharePool(world: World, { rule }: Placed<PoolRule>, lookbackDays: number, month: Span): PoolShares {
  const conversions = conversionsOf(world, rule, lookbackDays, month)
  return shareConversions(rule, conversions, unconvertedOf(world, rule, lookbackDays, month))
}

/** As {@link sharePool}, of conversions and lost paths that are known. */
export function shareConversions(
  rule: PoolRule,
  conversions: readonly Conversion[],
  lost: readonly (readonly PathTouch[])[],
): PoolShares {
  const values = partsOf(rule, conversions, lost)
  const kept = rule.kind === 'POOL_SPLIT' ? minus(ONE, rate(rule.housePpm)) : ONE
  const partners = [...values].map(([code, { whole, parts }]) => {
    const give = (value: Fraction): Fraction => product(value, rate(ppmOf(rule, code, conversions, lost)), kept)
    return { code, exact: give(whole), parts: new Map([...parts].map(([event, value]) => [event, give(value)])) }
  })
  const exacts = partners.map(({ exact }) => exact)
  const weights = partners.map(({ code, exact }) => ({ key: [code], weight: exact }))
  const shares = apportionSigned(toShare(rule, conversions, exacts), weights)
  return new Map(
    partners.map(({ code, exact, parts }, at) => [code, { share: shares[at] ?? 0n, exact, conversions: parts }]),
  )
}

/** What the partners share: of a pool what the house leaves, of conversions what their rates give; rounded once. */
function toShare(rule: PoolRule, conversions: readonly Conversion[], exact: readonly Fraction[]): bigint {
  if (rule.kind === 'DATA_CONVERSION') return round(sum(exact))
  const pool = round(product(worthOf(conversions), rate(rule.poolPpm)))
  const house = floor(product(fraction(size(pool)), rate(rule.housePpm)))
  return pool < 0n ? pool + house : pool - house
}

/** What of the conversions' value falls to a partner: in whole, and of each conversion that it touched. */
type Value = { readonly whole: Fraction; readonly parts: ReadonlyMap<Revenue, Fraction> }

function partsOf(
  { attribution }: PoolRule,
  conversions: readonly Conversion[],
  lost: readonly (readonly PathTouch[])[],
): ReadonlyMap<string, Value> {
  if (attribution.model === 'MARKOV') return partsByRemoval(conversions, lost)
  const parts = new Map<string, Map<Revenue, Fraction>>()
  for (const { event, at, path } of conversions) {
    for (const [code, share] of sharesOfPath(attribution, path, at)) {
      const own = parts.get(code) ?? new Map<Revenue, Fraction>()
      parts.set(code, own.set(event, product(fraction(event.minor), share)))
    }
  }
  return new Map([...parts].map(([code, own]) => [code, { whole: sum([...own.values()]), parts: own }]))
}

/** By a model of the period. Who has an effect but touched no conversion has a part of the pool, and no line for it. */
function partsByRemoval(
  conversions: readonly Conversion[],
  lost: readonly (readonly PathTouch[])[],
): ReadonlyMap<string, Value> {
  const codesOf = (path: readonly PathTouch[]): readonly string[] => path.map(({ code }) => code)
  const won = conversions.filter(({ event }) => event.minor > 0n)
  const effects = removalEffects([
    ...won.map(({ path }) => ({ codes: codesOf(path), converted: true })),
    ...lost.map((path) => ({ codes: codesOf(path), converted: false })),
  ])
  const all = sum([...effects.values()])
  const codes = new Set([...effects.keys(), ...conversions.flatMap(({ path }) => codesOf(path))])
  const found = [...codes].map((code): [string, Value] => {
    const effect = effects.get(code)
    const whole = effect === undefined ? NOUGHT : product(worthOf(conversions), ratio(effect, all))
    const own = touchedBy(code, conversions)
    const worth = worthOf(own)
    const parts = own.map(({ event }) => {
      const share = worth.over === 0n ? fraction(1n, BigInt(own.length)) : ratio(fraction(event.minor), worth)
      return [event, product(whole, share)] as const
    })
    return [code, { whole, parts: new Map(parts) }]
  })
  return new Map(found)
}

function touchedBy(code: string, conversions: readonly Conversion[]): readonly Conversion[] {
  return conversions.filter(({ path }) => path.some((touch) => touch.code === code))
}

/** The rate of a partner: of a rule with tiers, the one that its conversion rate reaches. */
function ppmOf(
  rule: PoolRule,
  code: string,
  conversions: readonly Conversion[],
  lost: readonly (readonly PathTouch[])[],
): bigint {
  if (rule.kind === 'POOL_SPLIT') return rule.poolPpm
  const touched = (path: readonly PathTouch[]): boolean => path.some((touch) => touch.code === code)
  const won = BigInt(conversions.filter(({ event, path }) => event.minor > 0n && touched(path)).length)
  const all = won + BigInt(lost.filter(touched).length)
  const reached = all === 0n ? 0n : (1_000_000n * won) / all
  return rule.rateTiers?.findLast(({ minConversionPpm }) => minConversionPpm <= reached)?.ppm ?? rule.ratePpm
}

function worthOf(conversions: readonly Conversion[]): Fraction {
  return fraction(conversions.reduce((all, { event }) => all + event.minor, 0n))
}
