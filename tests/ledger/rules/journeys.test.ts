import { describe, expect, test } from 'vitest'
import { multiply, type Rational, rational, timesPpm } from '../../../kernel/rational.ts'
import type { PoolSplit } from '../../../ledger/agreements/terms.ts'
import { type Journeys, removalEffects } from '../../../ledger/splits/attribution/markov.ts'
import { sharesOfWeights } from '../../../ledger/splits/attribution/shares.ts'
import type { EventCase, PathTouch } from '../../../ledger/splits/fact-case.ts'
import { gatherPools } from '../../../ledger/splits/gather-pools.ts'
import { grossOf } from '../../../ledger/splits/pooled-conversion.ts'
import { DAY } from '../../support/naive-rules/calendar.ts'
import { CONVERTED_AT, type Journey, MODELS, naiveSharesOf, poolBy, randomJourneys } from './random-journeys.ts'

const JOURNEYS = 10_000
const PARTNERS = 12

const codes = Array.from({ length: PARTNERS }, (_, place) => `p${place}`)
const journeys = randomJourneys(1, JOURNEYS, codes, 40)
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

/** Only what brought something in has converted. */
function counted({ touches, minor = 0n }: Journey): Journeys {
  const conversions = minor > 0n ? 1 : 0
  return { touches: touches.map(({ code }) => code), conversions, withoutConversion: 1 - conversions }
}

function caseOf({ touches, minor = 0n }: Journey): EventCase {
  const occurredAt = new Date(CONVERTED_AT)
  const about = { category: undefined, product: undefined, market: undefined }
  const event = { id: `rev_${'1'.repeat(32)}`, source: 'core', externalId: 'r', base: 'COMMISSION', minor } as const
  const path = touches.map(({ code, externalId, at }): PathTouch => {
    const ageDays = Math.floor((CONVERTED_AT - at) / DAY)
    const touch = { id: `ctr_${'2'.repeat(32)}`, externalId, occurredAt: new Date(at) } as const
    return { ...touch, partner: code, data: true, campaign: undefined, ageDays }
  })
  const customer = `cus_${'1'.repeat(32)}` as const
  return { kind: 'EVENT', event: { ...event, ...about, occurredAt }, customer, referral: undefined, path }
}

describe(`${JOURNEYS} journeys over ${PARTNERS} partners`, () => {
  test.each(MODELS)('are shared by $model as by the naive rules, and wholly', (attribution) => {
    const rule = poolBy(attribution)
    const shares = sharesOf(rule)
    expect(Object.keys(shares)).toHaveLength(PARTNERS)
    expect(shares).toEqual(naiveSharesOf(rule, journeys))
    const whole = roundedPool(rule)
    const given = Object.values(shares).reduce((all, share) => all + share, 0n)
    expect(given).toBe(whole - (whole * rule.housePpm) / 1_000_000n)
  })
})

function roundedPool({ poolPpm }: PoolSplit): bigint {
  const twice = rational(2n * value * poolPpm, 1_000_000n)
  return (twice.numerator + twice.denominator) / (2n * twice.denominator)
}
