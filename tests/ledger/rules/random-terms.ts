import type { Dice } from './dice.ts'
import { CAMPAIGNS, CATEGORIES, MARKETS, PRODUCTS, UNITS } from './names.ts'

/** Kinds that are settled with money, as often as they are drawn. */
export const KINDS = [
  'REFERRAL_COMMISSION_SHARE',
  'COURSE_COMPLETION',
  'AUM_INCREMENT_TIERS',
  'TRAFFIC_UNIT_FEE',
  'SERVICE_OUTCOME',
  'DATA_CONVERSION',
  'POOL_SPLIT',
  'OVERRIDE',
  'MINIMUM_GUARANTEE',
] as const

export type Kind = (typeof KINDS)[number]

export const MODELS = ['FIRST', 'LAST', 'LINEAR', 'POSITION', 'TIME_DECAY', 'MARKOV', 'SHAPLEY'] as const

/** These are drawn more often: pools for their seven models, the others for what hangs on whole customers. */
const OFTEN: readonly Kind[] = [
  ...(['DATA_CONVERSION', 'DATA_CONVERSION', 'POOL_SPLIT', 'POOL_SPLIT'] as const),
  ...(['REFERRAL_COMMISSION_SHARE', 'REFERRAL_COMMISSION_SHARE', 'AUM_INCREMENT_TIERS'] as const),
]

/** Of a programme's terms what its rules and its settlement hang on, as JSON. */
export function randomTerms(dice: Dice, codes: readonly string[]): object {
  const rules = dice.times(dice.from(3, 9), () => randomRule(dice, dice.pick([...KINDS, ...OFTEN]), codes))
  const guarantee = rules.findIndex((rule) => rule.kind === 'MINIMUM_GUARANTEE')
  const holdback = dice.maybe([100_000, 333_333, 1_000_000, dice.from(0, 1_000_000)])
  const limits = {
    ...(dice.chance(40) && { maxSharePpm: dice.pick([0, 100_000, 300_001, 500_000, 1_000_000, 1_000_000]) }),
    ...(dice.chance(25) && { capPerPeriod: dice.pick([0, 1, 999, 20_000, 20_000]) }),
  }
  return {
    rules: ordered(
      dice,
      rules.filter((rule, place) => rule.kind !== 'MINIMUM_GUARANTEE' || place === guarantee),
    ),
    limits,
    holdback: holdback === undefined ? { ppm: 0, periods: 0 } : { ppm: holdback, periods: dice.from(1, 3) },
    minimumPayout: dice.pick([0, 1, 500, 5000]),
    clawbackDays: dice.pick([0, 10, 30, 90]),
    disputeDays: 10,
    lookbackDays: dice.pick([1, 3, 7, 10, 40]),
    tax: {
      ...(dice.chance(50) && { vatPpm: dice.pick([60_000, 200_000, 333_333]) }),
      ...(dice.chance(50) && { withholdingPpm: dice.pick([100_000, 77_777]) }),
    },
  }
}

type Drawn = { readonly kind: Kind; readonly [name: string]: unknown }

/** Where one of the rules is exclusive, each has a priority of its own. */
function ordered(dice: Dice, rules: readonly Drawn[]): readonly Drawn[] {
  const exclusive = dice.chance(30)
  const priorities = dice.shuffled(rules.map((_, place) => place))
  return rules.map((rule, place) => {
    if (rule.kind === 'OVERRIDE' || rule.kind === 'MINIMUM_GUARANTEE') return rule
    if (!exclusive) return { ...rule, priority: dice.from(0, 1) }
    return { ...rule, priority: priorities[place], exclusive: dice.chance(40) }
  })
}

function randomRule(dice: Dice, kind: Kind, codes: readonly string[]): Drawn {
  const ratePpm = randomPpm(dice)
  switch (kind) {
    case 'REFERRAL_COMMISSION_SHARE': {
      const window = dice.chance(50) ? { days: dice.pick([1, 10, 30, 90]) } : { months: dice.from(1, 3) }
      return { kind, ratePpm, window, base: randomBase(dice), filter: randomFilter(dice, true) }
    }
    case 'COURSE_COMPLETION': {
      const minimum = dice.maybe([250_000, 333_333, 500_000, 1_000_000])
      const rule = { kind, ratePpm, filter: randomFilter(dice, false) }
      return minimum === undefined ? rule : { ...rule, minimumCompletionPpm: minimum }
    }
    case 'AUM_INCREMENT_TIERS': {
      const basis = dice.pick(['BALANCE', 'BALANCE', 'NET_FLOWS'])
      const bounds = dice.pick([[], [500], [100, 1000], [1, 2, 3]])
      const tiers = [...bounds.map((upTo) => ({ upTo, ppm: randomPpm(dice) })), { ppm: randomPpm(dice) }]
      const highWaterMark = basis === 'BALANCE' && dice.chance(50)
      const mode = dice.pick(['GRADUATED', 'VOLUME'])
      return { kind, tiers, mode, basis, highWaterMark, filter: randomFilter(dice, false) }
    }
    case 'TRAFFIC_UNIT_FEE': {
      const rule = {
        kind,
        feePerThousand: dice.pick([1, 333, 1250]),
        unit: dice.pick(UNITS),
        filter: randomFilter(dice, false),
      }
      return dice.chance(50) ? { ...rule, capPerPeriod: dice.pick([0, 7, 100]) } : rule
    }
    case 'SERVICE_OUTCOME': {
      const scores = dice.pick([[0], [50, 80], [0, 50, 100]])
      const scoreTiers = scores.map((minScore) => ({ minScore, ppm: randomPpm(dice) }))
      return { kind, ratePpm, scoreTiers, filter: randomFilter(dice, false) }
    }
    case 'DATA_CONVERSION': {
      const rates = dice.maybe([[0, 500_000], [333_333, 666_666], [500_001]])
      const rule = {
        kind,
        ratePpm,
        attribution: randomModel(dice),
        base: randomBase(dice),
        filter: randomFilter(dice, true),
      }
      if (rates === undefined) return rule
      return { ...rule, rateTiers: rates.map((minConversionPpm) => ({ minConversionPpm, ppm: randomPpm(dice) })) }
    }
    case 'POOL_SPLIT': {
      const [poolPpm, housePpm] = [randomPpm(dice), randomPpm(dice)]
      const attribution = randomModel(dice)
      return { kind, poolPpm, housePpm, attribution, base: randomBase(dice), filter: randomFilter(dice, true) }
    }
    case 'OVERRIDE': {
      // those who are over others stand before them, so that there is no circle
      const parent = dice.from(0, codes.length - 2)
      const below = codes.slice(parent + 1)
      const named = dice.chance(50) || parent > 0
      const children = dice.shuffled(below).slice(0, dice.from(1, below.length))
      const rule = { kind, parentPartner: codes[parent], ratePpm }
      return named ? { ...rule, childPartners: children } : rule
    }
    case 'MINIMUM_GUARANTEE':
      return { kind, amountPerPeriod: dice.pick([0, 10, 1000]) }
  }
}

function randomPpm(dice: Dice): number {
  return dice.chance(8) ? dice.pick([0, 1]) : dice.pick([33_333, 250_000, 500_000, 1_000_000, dice.from(0, 1_000_000)])
}

/** Few bases, so that several rules share facts. */
function randomBase(dice: Dice): string {
  return dice.pick(['COMMISSION', 'COMMISSION', 'COMMISSION', 'FEE', 'FLOWS', 'ASSETS', 'VOLUME'])
}

function randomModel(dice: Dice): object {
  const model = dice.pick(MODELS)
  return model === 'TIME_DECAY' ? { model, halfLifeDays: dice.pick([1, 2, 7, 30]) } : { model }
}

function randomFilter(dice: Dice, ofEvents: boolean): object {
  const some = <T>(list: readonly T[]): readonly T[] => dice.shuffled(list).slice(0, dice.from(0, list.length))
  return {
    ...(ofEvents && dice.chance(15) && { category: some(CATEGORIES) }),
    ...(dice.chance(15) && { product: some(PRODUCTS) }),
    ...(dice.chance(15) && { market: some(MARKETS) }),
    ...(dice.chance(20) && { campaign: some(CAMPAIGNS) }),
  }
}
