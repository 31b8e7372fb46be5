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
import { type ByPartner, removalEffects, sharesOfPath } from './models.ts'
import { type Conversion, conversionsOf, type PathTouch, type PoolRule, unconvertedOf } from './paths.ts'
import type { Placed, World } from './world.ts'

/** What one conversion gives one partner, exactly and in minor units. */
export type PoolLine = {
  readonly code: string
  readonly conversion: Conversion
  readonly exact: Fraction
  readonly minor: bigint
}

/** Shares the period's pool of one rule over partners and their lines. Source: RULES §4, ADR 15. */
export function sharePool(
  world: World,
  { rule }: Placed<PoolRule>,
  lookbackDays: number,
  month: Span,
): readonly PoolLine[] {
  const conversions = conversionsOf(world, rule, lookbackDays, month)
  const unconverted = rule.attribution.model === 'MARKOV' || 'rateTiers' in rule
  const lost = unconverted ? unconvertedOf(world, rule, lookbackDays, month) : []
  return shareConversions(rule, conversions, lost)
}

/** As {@link sharePool}, of conversions and lost paths that are known. */
export function shareConversions(
  rule: PoolRule,
  conversions: readonly Conversion[],
  lost: readonly (readonly PathTouch[])[],
): readonly PoolLine[] {
  const shares = partsOf(rule, conversions, lost)
  const kept = rule.kind === 'POOL_SPLIT' ? minus(ONE, rate(rule.housePpm)) : ONE
  const lines = [...codesOf(conversions)].flatMap((code) => {
    const ppm = ppmOf(rule, code, conversions, lost)
    return conversions.flatMap((conversion) => {
      const share = shares.get(conversion)?.get(code)
      return share === undefined ? [] : [{ code, conversion, exact: product(share, rate(ppm), kept) }]
    })
  })
  const codes = [...new Set(lines.map(({ code }) => code))]
  const ofPartner = codes.map((code) => lines.filter((line) => line.code === code))
  const exact = ofPartner.map((own) => sum(own.map((line) => line.exact)))
  const parts = codes.map((code, place) => ({ key: [code], weight: exact[place] ?? NOUGHT }))
  return apportionSigned(toShare(rule, conversions, exact), parts).flatMap((share, place) => {
    const own = ofPartner[place] ?? []
    const keyed = own.map(({ conversion: { event }, exact: weight }) => ({
      key: [event.source, event.externalId],
      weight,
    }))
    const minors = apportionSigned(share, keyed)
    return own.map((line, at) => ({ ...line, minor: minors[at] ?? 0n }))
  })
}

/** What the partners share: of a pool what the house leaves, of conversions what their rates give; rounded once. */
function toShare(rule: PoolRule, conversions: readonly Conversion[], exact: readonly Fraction[]): bigint {
  if (rule.kind === 'DATA_CONVERSION') return round(sum(exact))
  const pool = round(product(worthOf(conversions), rate(rule.poolPpm)))
  const house = floor(product(fraction(size(pool)), rate(rule.housePpm)))
  return pool < 0n ? pool + house : pool - house
}

/** The value of each conversion that falls to each partner who touched it. */
function partsOf(
  { attribution }: PoolRule,
  conversions: readonly Conversion[],
  lost: readonly (readonly PathTouch[])[],
): ReadonlyMap<Conversion, ByPartner> {
  if (attribution.model !== 'MARKOV') {
    return new Map(
      conversions.map((conversion) => {
        const { event, at, path } = conversion
        const shares = [...sharesOfPath(attribution, path, at)]
        const value = fraction(event.minor)
        return [conversion, new Map(shares.map(([code, share]) => [code, product(value, share)]))] as const
      }),
    )
  }
  const effects = removalEffects([
    ...conversions
      .filter(({ event }) => event.minor > 0n)
      .map(({ path }) => ({ codes: path.map(({ code }) => code), converted: true })),
    ...lost.map((path) => ({ codes: path.map(({ code }) => code), converted: false })),
  ])
  const all = sum([...effects.values()])
  const parts = new Map(conversions.map((conversion) => [conversion, new Map<string, Fraction>()] as const))
  for (const [code, effect] of effects) {
    const own = conversions.filter(({ path }) => path.some((touch) => touch.code === code))
    const part = product(worthOf(conversions), ratio(effect, all))
    const values = worthOf(own)
    for (const conversion of own) {
      const share =
        values.over === 0n ? fraction(1n, BigInt(own.length)) : ratio(fraction(conversion.event.minor), values)
      parts.get(conversion)?.set(code, product(part, share))
    }
  }
  return parts
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

function codesOf(conversions: readonly Conversion[]): ReadonlySet<string> {
  return new Set(conversions.flatMap(({ path }) => path.map(({ code }) => code)))
}

function worthOf(conversions: readonly Conversion[]): Fraction {
  return fraction(conversions.reduce((all, { event }) => all + event.minor, 0n))
}
