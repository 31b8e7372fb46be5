import fc from 'fast-check'

/** How many closings there are before which a fact may come: those of February to May. */
export const STAGES = 4

/** A fact of a story: its day from 1 February 2026 on, and before which closing it comes. */
export type Told = { readonly day: number; readonly hour: number; readonly stage: number }
export type Contributed = Told & {
  readonly type: 'contribution'
  readonly kind: 'REFERRAL' | 'COURSE_COMPLETION' | 'TRAFFIC' | 'DATA' | 'SERVICE_OUTCOME'
  readonly member: number
  readonly customer: number
  readonly quantity: number
  /** Before which closing the broker says who it was. */
  readonly boundAt: number
}
export type Earned = Told & {
  readonly type: 'revenue'
  readonly base: 'COMMISSION' | 'FEE' | 'VOLUME' | 'ASSETS' | 'FLOWS'
  readonly customer: number
  readonly minor: number
}
/** Of the revenue with this number, if there is one; so many days after it. */
export type Refunded = {
  readonly type: 'refund'
  readonly of: number
  readonly percent: number
  readonly daysAfter: number
  readonly stage: number
}
export type StoryFact = Contributed | Earned | Refunded

const stage = fc.nat(STAGES - 1)
const told = { day: fc.nat(88), hour: fc.nat(23), stage }

const contribution: fc.Arbitrary<Contributed> = fc.record({
  ...told,
  type: fc.constant('contribution' as const),
  kind: fc.constantFrom('REFERRAL', 'REFERRAL', 'COURSE_COMPLETION', 'TRAFFIC', 'DATA', 'DATA', 'SERVICE_OUTCOME'),
  member: fc.nat(2),
  customer: fc.nat(3),
  quantity: fc.integer({ min: 1, max: 12 }),
  boundAt: stage,
})

const revenue: fc.Arbitrary<Earned> = fc.record({
  ...told,
  type: fc.constant('revenue' as const),
  base: fc.constantFrom('COMMISSION', 'COMMISSION', 'COMMISSION', 'FEE', 'VOLUME', 'ASSETS', 'FLOWS'),
  customer: fc.nat(3),
  minor: fc.integer({ min: 1, max: 99_999 }),
})

const refund: fc.Arbitrary<Refunded> = fc.record({
  type: fc.constant('refund' as const),
  of: fc.nat(11),
  percent: fc.integer({ min: 1, max: 100 }),
  daysAfter: fc.nat(45),
  stage,
})

/** Facts of three members and four customers over February to April, which come in any order, before any closing. */
export const story: fc.Arbitrary<readonly StoryFact[]> = fc
  .tuple(
    fc.array(contribution, { minLength: 3, maxLength: 12 }),
    fc.array(revenue, { minLength: 3, maxLength: 12 }),
    fc.array(refund, { maxLength: 5 }),
  )
  .map((parts) => parts.flat())

/** The same story, all of it in time but for one fact: nothing else has a month be looked at again. */
export function withOneLate(stories: fc.Arbitrary<readonly StoryFact[]>): fc.Arbitrary<readonly StoryFact[]> {
  return fc.tuple(stories, fc.nat(99), fc.integer({ min: 1, max: STAGES - 1 })).map(([facts, which, late]) =>
    facts.map((fact, place) => {
      const at = place === which % facts.length ? late : 0
      return fact.type === 'contribution' ? { ...fact, stage: 0, boundAt: at } : { ...fact, stage: at }
    }),
  )
}

/** Touches of two customers and what comes of them, around the end of February. */
export const touchStory: fc.Arbitrary<readonly StoryFact[]> = fc
  .tuple(
    fc.array(
      contribution.map((fact) => ({ ...atTurn(fact), kind: 'DATA' as const })),
      { minLength: 4, maxLength: 10 },
    ),
    fc.array(
      revenue.map((fact) => ({ ...atTurn(fact), base: 'VOLUME' as const })),
      { minLength: 1, maxLength: 5 },
    ),
  )
  .map((parts) => parts.flat())

function atTurn<Fact extends Told & { readonly customer: number }>(fact: Fact): Fact {
  return { ...fact, day: 10 + (fact.day % 25), customer: fact.customer % 2 }
}

/** Rules that look at all paths of a month. */
export const PATH_RULES = [
  { kind: 'DATA_CONVERSION', ratePpm: 50_000, base: 'VOLUME', attribution: { model: 'MARKOV' } },
  {
    ...{
      kind: 'DATA_CONVERSION',
      ratePpm: 10_000,
      base: 'VOLUME',
      attribution: { model: 'TIME_DECAY', halfLifeDays: 3 },
    },
    rateTiers: [
      { minConversionPpm: 300_000, ppm: 30_000 },
      { minConversionPpm: 600_000, ppm: 60_000 },
    ],
  },
]

export const REFERRAL_RULE = {
  ...{ kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 200_000, window: { days: 40 }, base: 'COMMISSION' },
}

/** Rules of every kind that is paid in money; the parent has the given code. */
export function rulesOfAllKinds(parent: string): readonly object[] {
  return [
    REFERRAL_RULE,
    { ...REFERRAL_RULE, ratePpm: 123_456, priority: 1, window: { months: 1 } },
    { kind: 'COURSE_COMPLETION', ratePpm: 300_000, minimumCompletionPpm: 250_000 },
    {
      ...{ kind: 'AUM_INCREMENT_TIERS', mode: 'GRADUATED', highWaterMark: true, basis: 'BALANCE' },
      tiers: [{ upTo: 10_000, ppm: 10_000 }, { ppm: 5000 }],
    },
    { kind: 'AUM_INCREMENT_TIERS', mode: 'VOLUME', highWaterMark: false, basis: 'NET_FLOWS', tiers: [{ ppm: 7000 }] },
    { kind: 'TRAFFIC_UNIT_FEE', feePerThousand: 1250, unit: 'CLICK', capPerPeriod: 9000 },
    { kind: 'SERVICE_OUTCOME', ratePpm: 500_000, scoreTiers: [{ minScore: 3, ppm: 200_000 }] },
    { kind: 'POOL_SPLIT', poolPpm: 100_000, housePpm: 200_000, base: 'FEE', attribution: { model: 'LINEAR' } },
    { kind: 'POOL_SPLIT', poolPpm: 70_000, housePpm: 0, base: 'COMMISSION', attribution: { model: 'SHAPLEY' } },
    { kind: 'DATA_CONVERSION', ratePpm: 50_000, base: 'VOLUME', attribution: { model: 'MARKOV' } },
    {
      ...{ kind: 'DATA_CONVERSION', ratePpm: 10_000, base: 'COMMISSION', attribution: { model: 'POSITION' } },
      rateTiers: [{ minConversionPpm: 500_000, ppm: 30_000 }],
    },
    { kind: 'OVERRIDE', parentPartner: parent, ratePpm: 100_000 },
    { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 3000 },
  ]
}
