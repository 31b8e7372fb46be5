import type { PoolSplit, Rule, Terms, TermsVersion } from '../../../ledger/agreements/terms.ts'
import type {
  AssetsCase,
  CourseCase,
  EventCase,
  FactCase,
  ServiceCase,
  TrafficCase,
} from '../../../ledger/splits/fact-case.ts'
import { matchRules, rulesInOrder } from '../../../ledger/splits/match-rules.ts'
import { gatherSplit, type RuleSplit } from '../../../ledger/splits/split-agreement.ts'
import { JUDGING, termsOf } from './facts.ts'

const at = new Date('2026-01-20T00:00:00Z')
const contribution = (externalId: string) => ({ id: `ctr_${'2'.repeat(32)}`, externalId, occurredAt: at }) as const
const customer = `cus_${'1'.repeat(32)}` as const
const about = { category: undefined, product: undefined, market: undefined, campaign: undefined }
/** What a rule that looks at facts has unless it says otherwise. */
export const ON_FACTS = { filter: {}, priority: 1, exclusive: false } as const

/** A customer who is through with some of a course's twelve units, of 199 yuan. */
export function course(externalId: string, parts: Partial<CourseCase>): CourseCase {
  const enrolment = contribution(externalId)
  const of = { course: 'K1', price: 19_900n, units: 12n, done: 0n, doneBefore: 0n }
  return { kind: 'COURSE', customer, enrolment, reached: enrolment, about, ...of, ...parts }
}

/** Balances of a referred customer; times do not matter to their rules. */
export function assets(
  externalId: string,
  minor: { readonly mark?: bigint; readonly start?: bigint; readonly end?: bigint; readonly flows?: bigint },
): AssetsCase {
  const of = (amount: bigint | undefined) =>
    amount === undefined ? undefined : ({ event: `rev_${'3'.repeat(32)}`, minor: amount, at } as const)
  const referral = { ...contribution(externalId), campaign: undefined }
  const balances = { mark: of(minor.mark), start: of(minor.start), end: of(minor.end) }
  return {
    kind: 'ASSETS',
    customer,
    referral,
    about,
    ...balances,
    flows: minor.flows ?? 0n,
    flowCount: minor.flows === undefined ? 0 : 1,
  }
}

/** Clicks of nobody in particular. */
export function traffic(externalId: string, units: bigint, unit = 'click'): TrafficCase {
  return { kind: 'TRAFFIC', contribution: contribution(externalId), customer: undefined, unit, units, about }
}

/** A service that was rendered. */
export function service(externalId: string, fee: bigint, score: bigint): ServiceCase {
  return { kind: 'SERVICE', contribution: contribution(externalId), customer, fee, score, about }
}

/** All of a commission, less nothing for the house, in equal parts for each touch; unless it says otherwise. */
export function pool(parts: Partial<PoolSplit> = {}): PoolSplit {
  const whole = { poolPpm: 1_000_000n, housePpm: 0n, base: 'COMMISSION', attribution: { model: 'LINEAR' } } as const
  return { kind: 'POOL_SPLIT', ...ON_FACTS, ...whole, ...parts }
}

/** A commission before which these partners touched the customer, one day after the other, the last one a day before. */
export function conversion(externalId: string, minor: bigint, partners: readonly string[]): EventCase {
  const { category, product, market } = about
  const key = { id: `rev_${'3'.repeat(32)}`, source: 'core', externalId } as const
  const path = partners.map((partner, place) => ({
    ...contribution(`${externalId}-${place}`),
    ...{ partner, data: false, campaign: undefined, ageDays: partners.length - place },
  }))
  const event = { ...key, base: 'COMMISSION', minor, occurredAt: at, category, product, market } as const
  return { kind: 'EVENT', customer, event, referral: undefined, path }
}

/** Splits cases of one agreement and period under one version of terms with these rules. */
export function splitCases(
  rules: readonly Rule[],
  facts: readonly FactCase[],
  limits: Terms['limits'] = {},
): readonly RuleSplit[] {
  const terms: TermsVersion = termsOf(rules, { limits })
  const inOrder = rulesInOrder(terms)
  const gatherer = gatherSplit()
  for (const fact of facts) gatherer.add(fact, matchRules(inOrder, fact, JUDGING))
  return gatherer.decide()
}
