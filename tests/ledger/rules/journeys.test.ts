import { describe, expect, test } from 'vitest'
import { multiply, type Rational, rational, timesPpm } from '../../../kernel/rational.ts'
import type { Attribution, PoolSplit } from '../../../ledger/agreements/terms.ts'
import { type Journeys, removalEffects } from '../../../ledger/splits/attribution/markov.ts'
import { sharesOfWeights } from '../../../ledger/splits/attribution/shares.ts'
import type { EventCase, PathTouch } from '../../../ledger/splits/fact-case.ts'
import { gatherPools } from '../../../ledger/splits/gather-pools.ts'
import { grossOf } from '../../../ledger/splits/pooled-conversion.ts'
import { DAY } from '../../support/naive-rules/calendar.ts'
import type { Conversion, PathTouch as NaiveTouch } from '../../support/naive-rules/paths.ts'
import { shareConversions } from '../../support/naive-rules/pools.ts'
import { pool } from '../splits/cases.ts'
import { diceOf } from './dice.ts'

const JOURNEYS = 10_000
const PARTNERS = 12

/** Touches by partner, oldest first, with their age in days; a value where the journey ended in a conversion. */
type Journey = { readonly touches: readonly NaiveTouch[]; readonly minor: bigint | undefined }

const AT = Date.parse('2026-04-20T00:00:00Z')

/** A dozen partners of whom some touch ten times as many customers as others; some conversions are taken back. */
function randomJourneys(seed: number): readonly Journey[] {
  const dice = diceOf(seed)
  return dice.times(JOURNEYS, (place) => {
    const touches = dice.times(dice.from(1, 9), (step) => ({
      code: `p${Math.floor(dice.from(0, PARTNERS * PARTNERS - 1) ** 0.5)}`,
      externalId: `${place}-${step}`,
      at: AT - dice.from(1, 40 * DAY),
    }))
    const value = BigInt(dice.from(0, dice.pick([9, 1000, 1_000_000])))
    const minor = dice.chance(5) ? -value : value
    return { touches: touches.toSorted((a, b) => a.at - b.at), minor: dice.chance(70) ? minor : undefined }
  })
}

const journeys = randomJourneys(1)
const conversions = journeys.filter(({ minor }) => minor !== undefined)
const value = conversions.reduce((all, { minor = 0n }) => all + minor, 0n)

/** The shares by what the ledger settles with. */
function sharesOf(rule: PoolSplit): Readonly<Record<string, bigint>> {
  const pools = gatherPools()
  const give = (code: string, gross: Rational): void => pools.add({ rule, holder: code, code, gross, claimed: true })
  if (rule.attribution.model === 'MARKOV') {
    const shares = sharesOfWeights(removalEffects(journeys.map(counted)))
    for (const [code, share] of shares) give(code, multiply(timesPpm(value, rule.poolPpm), share))
  } else {
    for (const journey of conversions) {
      const fact = caseOf(journey)
      for (const partner of new Set(fact.path?.map((touch) => touch.partner))) {
        give(partner, grossOf(rule, fact, { partner, timeZone: 'UTC' }))
      }
    }
  }
  return Object.fromEntries(pools.decide().get(rule) ?? [])
}

/** What brought nothing in, or was taken back, is neither a conversion nor a journey without one. */
function counted({ touches, minor }: Journey): Journeys {
  const conversions = minor !== undefined && minor > 0n ? 1 : 0
  return { touches: touches.map(({ code }) => code), conversions, withoutConversion: minor === undefined ? 1 : 0 }
}

function caseOf({ touches, minor = 0n }: Journey): EventCase {
  const occurredAt = new Date(AT)
  const about = { category: undefined, product: undefined, market: undefined }
  const event = { id: `rev_${'1'.repeat(32)}`, source: 'core', externalId: 'r', base: 'COMMISSION', minor } as const
  const path = touches.map(({ code, externalId, at }): PathTouch => {
    const ageDays = Math.floor((AT - at) / DAY)
    const touch = { id: `ctr_${'2'.repeat(32)}`, externalId, occurredAt: new Date(at) } as const
    return { ...touch, partner: code, data: true, campaign: undefined, ageDays }
  })
  const customer = `cus_${'1'.repeat(32)}` as const
  return { kind: 'EVENT', event: { ...event, ...about, occurredAt }, customer, referral: undefined, path }
}

/** The shares by the naive rules. */
function naiveSharesOf(rule: PoolSplit): Readonly<Record<string, bigint>> {
  const told = conversions.map(({ touches, minor = 0n }, place): Conversion => {
    const about = { product: undefined, category: undefined, market: undefined, refundOf: undefined, told: 0 }
    const fact = { source: 'core', externalId: `${place}`, customer: 'c', base: 'COMMISSION', asset: 'CNY/2', at: AT }
    return { event: { ...fact, ...about, minor }, at: AT, path: touches }
  })
  const lost = journeys.filter(({ minor }) => minor === undefined).map(({ touches }) => touches)
  return Object.fromEntries([...shareConversions(rule, told, lost)].map(([code, { share }]) => [code, share]))
}

describe(`${JOURNEYS} journeys over ${PARTNERS} partners`, () => {
  test.each<Attribution>([
    { model: 'FIRST' },
    { model: 'LAST' },
    { model: 'LINEAR' },
    { model: 'POSITION' },
    { model: 'TIME_DECAY', halfLifeDays: 7 },
    { model: 'MARKOV' },
    { model: 'SHAPLEY' },
  ])('are shared by $model as by the naive rules, and wholly', (attribution) => {
    const rule = pool({ poolPpm: 123_457n, housePpm: 333_333n, attribution })
    const shares = sharesOf(rule)
    expect(Object.keys(shares)).toHaveLength(PARTNERS)
    expect(shares).toEqual(naiveSharesOf(rule))
    const whole = roundedPool(rule)
    const given = Object.values(shares).reduce((all, share) => all + share, 0n)
    expect(given).toBe(whole - (whole * rule.housePpm) / 1_000_000n)
  })
})

function roundedPool({ poolPpm }: PoolSplit): bigint {
  const twice = rational(2n * value * poolPpm, 1_000_000n)
  return (twice.numerator + twice.denominator) / (2n * twice.denominator)
}
