import { compareKeys } from '../../kernel/compare-keys.ts'
import { refuseOverrideCycles } from './override-cycles.ts'
import { invalid } from './parse-exactly.ts'
import { isFactRule, type Rule, type Terms } from './terms.ts'

/** Throws `INVALID_INPUT` with the path when parts of the terms, each well-formed, do not go together. */
export function refuseContradictions({ holdback, lookbackDays, rules }: Terms): void {
  if (holdback.ppm > 0n && holdback.periods === 0) {
    throw invalid('terms', ['holdback', 'periods'], 'what is held back is held for at least one period')
  }
  for (const [place, rule] of rules.entries()) refuseRule(rule, place)
  refuseNoLookback(lookbackDays, rules)
  refuseUndecidedOrder(rules)
  refuseSecondGuarantee(rules)
  refuseOverrideCycles(rules)
}

function refuseRule(rule: Rule, place: number): void {
  const at = ['rules', place]
  switch (rule.kind) {
    case 'AUM_INCREMENT_TIERS':
      refuseTiers(rule, at)
      if (rule.highWaterMark && rule.basis === 'NET_FLOWS') {
        throw invalid('terms', [...at, 'highWaterMark'], 'flows have no mark: it goes with the basis BALANCE')
      }
      break
    case 'SERVICE_OUTCOME': {
      const scores = rule.scoreTiers.map(({ minScore }) => minScore)
      refuseUnsorted(scores, [...at, 'scoreTiers'], 'minScore')
      break
    }
    case 'DATA_CONVERSION': {
      const rates = rule.rateTiers?.map(({ minConversionPpm }) => minConversionPpm)
      refuseUnsorted(rates ?? [], [...at, 'rateTiers'], 'minConversionPpm')
      break
    }
    case 'REFERRAL_POINTS': {
      const places = rule.bonus.map(({ fromNth }) => BigInt(fromNth))
      refuseUnsorted(places, [...at, 'bonus'], 'fromNth')
      break
    }
    case 'OVERRIDE':
      refuseOverride(rule, at)
      break
    default:
  }
}

function refuseTiers({ tiers }: Extract<Rule, { kind: 'AUM_INCREMENT_TIERS' }>, at: readonly PropertyKey[]): void {
  const open = tiers.findIndex(({ upTo }) => upTo === undefined)
  const last = tiers.length - 1
  if (open === -1)
    throw invalid('terms', [...at, 'tiers', last, 'upTo'], 'the last tier is for all above: it has no upTo')
  if (open !== last) throw invalid('terms', [...at, 'tiers', open, 'upTo'], 'only the last tier has no upTo')
  const bounds = tiers.flatMap(({ upTo }) => upTo ?? [])
  if (bounds[0] === 0n) throw invalid('terms', [...at, 'tiers', 0, 'upTo'], 'a tier up to nought holds nothing')
  refuseUnsorted(bounds, [...at, 'tiers'], 'upTo')
}

function refuseUnsorted(bounds: readonly bigint[], at: readonly PropertyKey[], name: string): void {
  const wrong = bounds.findIndex((bound, place) => place > 0 && bound <= (bounds[place - 1] ?? 0n))
  if (wrong >= 0) throw invalid('terms', [...at, wrong, name], 'it is not above the one before')
}

function refuseOverride(
  { parentPartner, childPartners = [] }: Extract<Rule, { kind: 'OVERRIDE' }>,
  at: readonly PropertyKey[],
): void {
  const own = childPartners.indexOf(parentPartner)
  if (own >= 0) throw invalid('terms', [...at, 'childPartners', own], 'nobody is a child of itself')
  const sorted = childPartners.toSorted(compareKeys)
  const twice = sorted.find((child, place) => child === sorted[place + 1])
  if (twice === undefined) return
  throw invalid('terms', [...at, 'childPartners', childPartners.lastIndexOf(twice)], 'it is named twice')
}

/** A path holds the touches of the lookback: without one every path is empty, and the rule would never earn. */
function refuseNoLookback(lookbackDays: number, rules: readonly Rule[]): void {
  const place = rules.findIndex((rule) => 'attribution' in rule)
  if (lookbackDays > 0 || place < 0) return
  throw invalid('terms', ['lookbackDays'], `rules.${place} attributes conversions: it looks back at least one day`)
}

/** An exclusive rule stops the later ones, so it must be plain which ones are later. */
function refuseUndecidedOrder(rules: readonly Rule[]): void {
  for (const [place, rule] of rules.entries()) {
    if (!isFactRule(rule)) continue
    const twin = rules.findIndex((other) => {
      return isFactRule(other) && other.priority === rule.priority && (other.exclusive || rule.exclusive)
    })
    if (twin < 0 || twin >= place) continue
    const why = `rules.${twin} has the same priority: of rules of equal priority none may be exclusive`
    throw invalid('terms', ['rules', place, 'priority'], why)
  }
}

/** Two of them would each fill up to its own amount, one after the other. */
function refuseSecondGuarantee(rules: readonly Rule[]): void {
  const first = rules.findIndex(({ kind }) => kind === 'MINIMUM_GUARANTEE')
  const second = rules.findLastIndex(({ kind }) => kind === 'MINIMUM_GUARANTEE')
  if (second === first) return
  throw invalid('terms', ['rules', second, 'kind'], `rules.${first} guarantees an amount already`)
}
