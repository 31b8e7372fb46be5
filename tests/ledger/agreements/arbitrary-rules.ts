import fc from 'fast-check'
import {
  type Attribution,
  type FactRule,
  type MinimumGuarantee,
  type Override,
  PATH_MODELS,
  PERIOD_MODELS,
  REVENUE_BASES,
} from '../../../ledger/agreements/terms.ts'

export const somePpm = fc.bigInt({ min: 0n, max: 1_000_000n })
export const someAmount = fc.oneof(
  fc.bigInt({ min: 0n, max: 1_000_000n }),
  fc.bigInt({ min: 0n, max: 10n ** 27n - 1n }),
)
const somePoints = fc.bigInt({ min: 0n, max: 1_000_000_000_000n })
export const someDays = fc.integer({ min: 1, max: 36_500 })

const someBase = fc.constantFrom(...REVENUE_BASES)
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((value) => value.trim() === value && value.isWellFormed() && !/\p{Cc}/u.test(value))

const optional = { requiredKeys: [] }
const onFacts = {
  filter: fc.record(
    {
      category: fc.array(text, { maxLength: 3 }),
      product: fc.array(fc.record({ source: text, externalId: text }), { maxLength: 3 }),
      market: fc.array(text, { maxLength: 3 }),
      campaign: fc.array(text, { maxLength: 3 }),
    },
    optional,
  ),
  priority: fc.constant(0),
  exclusive: fc.boolean(),
}

const someAttribution: fc.Arbitrary<Attribution> = fc.oneof(
  fc.record({ model: fc.constantFrom(...PATH_MODELS, ...PERIOD_MODELS) }),
  fc.record({ model: fc.constant('TIME_DECAY' as const), halfLifeDays: someDays }),
)

/** One rule that looks at facts, of any kind; its priority is 0, whoever puts it among others decides it. */
export const someFactRule: fc.Arbitrary<FactRule> = fc.oneof(
  fc.record({
    kind: fc.constant('REFERRAL_COMMISSION_SHARE' as const),
    ratePpm: somePpm,
    window: fc.oneof(fc.record({ days: someDays }), fc.record({ months: fc.integer({ min: 1, max: 1200 }) })),
    base: someBase,
    ...onFacts,
  }),
  fc.record(
    {
      kind: fc.constant('COURSE_COMPLETION' as const),
      ratePpm: somePpm,
      minimumCompletionPpm: somePpm,
      ...onFacts,
    },
    { requiredKeys: ['kind', 'ratePpm', 'filter', 'priority', 'exclusive'] },
  ),
  fc
    .record({
      kind: fc.constant('AUM_INCREMENT_TIERS' as const),
      tiers: amountTiers(),
      mode: fc.constantFrom('GRADUATED' as const, 'VOLUME' as const),
      highWaterMark: fc.boolean(),
      basis: fc.constantFrom('BALANCE' as const, 'NET_FLOWS' as const),
      ...onFacts,
    })
    .map((rule) => ({ ...rule, highWaterMark: rule.highWaterMark && rule.basis === 'BALANCE' })),
  fc.record(
    {
      kind: fc.constant('TRAFFIC_UNIT_FEE' as const),
      feePerThousand: someAmount,
      unit: text,
      capPerPeriod: someAmount,
      ...onFacts,
    },
    { requiredKeys: ['kind', 'feePerThousand', 'unit', 'filter', 'priority', 'exclusive'] },
  ),
  fc.record({
    kind: fc.constant('SERVICE_OUTCOME' as const),
    ratePpm: somePpm,
    scoreTiers: ascending(fc.bigInt({ min: 0n, max: 1_000_000_000n }), 'minScore', 1, { ppm: somePpm }),
    ...onFacts,
  }),
  fc.record(
    {
      kind: fc.constant('DATA_CONVERSION' as const),
      ratePpm: somePpm,
      base: someBase,
      attribution: someAttribution,
      rateTiers: ascending(somePpm, 'minConversionPpm', 1, { ppm: somePpm }),
      ...onFacts,
    },
    { requiredKeys: ['kind', 'ratePpm', 'base', 'attribution', 'filter', 'priority', 'exclusive'] },
  ),
  fc.record({
    kind: fc.constant('POOL_SPLIT' as const),
    poolPpm: somePpm,
    housePpm: somePpm,
    base: someBase,
    attribution: someAttribution,
    ...onFacts,
  }),
  fc.record({
    kind: fc.constant('REFERRAL_POINTS' as const),
    pointsPerReferral: somePoints,
    bonus: ascending(fc.integer({ min: 1, max: 1000 }), 'fromNth', 0, { points: somePoints }),
    valuePerHundredPoints: someAmount,
    expiresAfterDays: someDays,
    beneficiary: fc.constantFrom('REFERRER' as const, 'REFERRED' as const, 'BOTH' as const, 'PARTNER' as const),
    ...onFacts,
  }),
)

/** Overrides without a circle: the first member may be over all others, the rest only over members after them. */
export const someOverrides: fc.Arbitrary<readonly Override[]> = fc.array(
  fc
    .record({
      parent: fc.nat(5),
      below: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
      all: fc.boolean(),
    })
    .chain(({ parent, below, all }) => {
      const rule = { kind: 'OVERRIDE' as const, parentPartner: member(parent) }
      const children = [...new Set(below.map((steps) => member(parent + steps)))]
      return somePpm.map((ratePpm) =>
        parent === 0 && all ? { ...rule, ratePpm } : { ...rule, childPartners: children, ratePpm },
      )
    }),
  { maxLength: 4 },
)

/** No guarantee, or one: there is no place for a second. */
export const someGuarantee: fc.Arbitrary<readonly MinimumGuarantee[]> = fc.array(
  fc.record({ kind: fc.constant('MINIMUM_GUARANTEE' as const), amountPerPeriod: someAmount }),
  { maxLength: 1 },
)

function member(place: number): string {
  return `member-${String(place).padStart(2, '0')}`
}

function amountTiers() {
  const bounds = fc.uniqueArray(fc.bigInt({ min: 1n, max: 10n ** 12n }), { maxLength: 4 })
  return fc.tuple(bounds, fc.array(somePpm, { minLength: 5, maxLength: 5 })).map(([amounts, rates]) => {
    const sorted = amounts.toSorted((a, b) => (a < b ? -1 : 1))
    const tiers = sorted.map((upTo, place) => ({ upTo, ppm: rates[place] ?? 0n }))
    return [...tiers, { ppm: rates[sorted.length] ?? 0n }]
  })
}

/** Tiers by ascending bound, none of them twice. */
function ascending<B extends bigint | number, N extends string, R>(
  bound: fc.Arbitrary<B>,
  name: N,
  fewest: number,
  rest: { readonly [K in keyof R]: fc.Arbitrary<R[K]> },
): fc.Arbitrary<(Record<N, B> & R)[]> {
  return fc
    .uniqueArray(fc.tuple(bound, fc.record(rest)), { minLength: fewest, maxLength: 4, selector: ([at]) => at })
    .map((tiers) =>
      tiers
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([at, others]) => ({ [name]: at, ...others }) as Record<N, B> & R),
    )
}
