import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'

/**
 * What a rate is applied to, as the revenue event says it: `ASSETS` is a balance, `FLOWS` money that came in (negative: went
 * out). Source: RULES §2.
 */
export const REVENUE_BASES = ['COMMISSION', 'VOLUME', 'ASSETS', 'FEE', 'FLOWS'] as const
export type RevenueBase = (typeof REVENUE_BASES)[number]

/** A product by the source and external id of the catalogue. */
export type ProductRef = { readonly source: string; readonly externalId: string }

/** Which facts a rule looks at; a list that is absent or empty lets all pass. */
export type RuleFilter = {
  readonly category?: readonly string[]
  readonly product?: readonly ProductRef[]
  readonly market?: readonly string[]
  readonly campaign?: readonly string[]
}

/** How long a referral earns, from its own time on: days of 24 hours, or calendar months of the programme's zone. */
export type RuleWindow = { readonly days: number } | { readonly months: number }

/** What every rule that looks at facts has. */
type OnFacts = {
  readonly filter: RuleFilter
  /** Smaller first; rules of equal priority stand in the order of the terms. */
  readonly priority: number
  /** A match stops the later rules for this fact. */
  readonly exclusive: boolean
}

/** A share of what the referred customer brings in within the window. Source, as of all kinds: RULES §3. */
export type ReferralCommissionShare = OnFacts & {
  readonly kind: 'REFERRAL_COMMISSION_SHARE'
  readonly ratePpm: bigint
  readonly window: RuleWindow
  readonly base: RevenueBase
}

/** A share of a course's price, as far as the customer has come. */
export type CourseCompletion = OnFacts & {
  readonly kind: 'COURSE_COMPLETION'
  readonly ratePpm: bigint
  /** Inclusive; below it nothing is earned. */
  readonly minimumCompletionPpm?: bigint
}

/** Up to an amount (inclusive; without one: for all above) this rate. */
export type AmountTier = { readonly upTo?: bigint; readonly ppm: bigint }

/** A share of what a referred customer's assets grew by in a period. */
export type AumIncrementTiers = OnFacts & {
  readonly kind: 'AUM_INCREMENT_TIERS'
  /** By ascending `upTo`; the last one has none. */
  readonly tiers: readonly AmountTier[]
  readonly mode: 'GRADUATED' | 'VOLUME'
  /** Only of `BALANCE`. */
  readonly highWaterMark: boolean
  readonly basis: 'BALANCE' | 'NET_FLOWS'
}

/** A fee for each thousand of some unit of traffic. */
export type TrafficUnitFee = OnFacts & {
  readonly kind: 'TRAFFIC_UNIT_FEE'
  readonly feePerThousand: bigint
  /** As contributions name it. */
  readonly unit: string
  readonly capPerPeriod?: bigint
}

/** From a score on, this rate. */
export type ScoreTier = { readonly minScore: bigint; readonly ppm: bigint }

/** A share of a service's fee by how well it went. */
export type ServiceOutcome = OnFacts & {
  readonly kind: 'SERVICE_OUTCOME'
  readonly ratePpm: bigint
  /** By ascending `minScore`. */
  readonly scoreTiers: readonly ScoreTier[]
}

/** Models of RULES §4. */
export const PATH_MODELS = ['FIRST', 'LAST', 'LINEAR', 'POSITION'] as const
export const PERIOD_MODELS = ['MARKOV', 'SHAPLEY'] as const
export type Attribution =
  | { readonly model: (typeof PATH_MODELS)[number] }
  | { readonly model: 'MARKOV' }
  | { readonly model: 'SHAPLEY' }
  | { readonly model: 'TIME_DECAY'; readonly halfLifeDays: number }

/** From a partner's conversion rate on, this rate instead of the rule's. */
export type ConversionTier = { readonly minConversionPpm: bigint; readonly ppm: bigint }

/** A share of conversions, given to those who supplied data before them. */
export type DataConversion = OnFacts & {
  readonly kind: 'DATA_CONVERSION'
  readonly ratePpm: bigint
  /** What a conversion's value is. */
  readonly base: RevenueBase
  readonly attribution: Attribution
  /** By ascending `minConversionPpm`. */
  readonly rateTiers?: readonly ConversionTier[]
}

/** A part of attributed revenue, shared between the house and the members who touched the customer. */
export type PoolSplit = OnFacts & {
  readonly kind: 'POOL_SPLIT'
  readonly poolPpm: bigint
  readonly housePpm: bigint
  readonly base: RevenueBase
  readonly attribution: Attribution
}

/** From the nth referral on, these points instead. */
export type PointsBonus = { readonly fromNth: number; readonly points: bigint }

/** Points for referrals, in `PTS/0`. */
export type ReferralPoints = OnFacts & {
  readonly kind: 'REFERRAL_POINTS'
  readonly pointsPerReferral: bigint
  /** By ascending `fromNth`. */
  readonly bonus: readonly PointsBonus[]
  /** Minor units of the terms' asset. */
  readonly valuePerHundredPoints: bigint
  readonly expiresAfterDays: number
  readonly beneficiary: 'REFERRER' | 'REFERRED' | 'BOTH' | 'PARTNER'
}

/** What a parent earns of what its children earn, paid by the house. */
export type Override = {
  readonly kind: 'OVERRIDE'
  /** Code of the partner who is paid. */
  readonly parentPartner: string
  /** Codes of the members it is paid for; without it all other members. */
  readonly childPartners?: readonly string[]
  readonly ratePpm: bigint
}

/** What an agreement earns at least in a period. */
export type MinimumGuarantee = { readonly kind: 'MINIMUM_GUARANTEE'; readonly amountPerPeriod: bigint }

/** A rule that looks at facts. */
export type FactRule =
  | ReferralCommissionShare
  | CourseCompletion
  | AumIncrementTiers
  | TrafficUnitFee
  | ServiceOutcome
  | DataConversion
  | PoolSplit
  | ReferralPoints

/** Kinds of rules, in the order of RULES §3. */
export const RULE_KINDS = [
  'REFERRAL_COMMISSION_SHARE',
  'COURSE_COMPLETION',
  'AUM_INCREMENT_TIERS',
  'TRAFFIC_UNIT_FEE',
  'SERVICE_OUTCOME',
  'DATA_CONVERSION',
  'POOL_SPLIT',
  'REFERRAL_POINTS',
  'OVERRIDE',
  'MINIMUM_GUARANTEE',
] as const satisfies readonly Rule['kind'][]

/** Whether a rule looks at facts; the others look at what those earn. */
export function isFactRule(rule: Rule): rule is FactRule {
  return rule.kind !== 'OVERRIDE' && rule.kind !== 'MINIMUM_GUARANTEE'
}

/** A rule; within its terms it is known by its place in the list. */
export type Rule = FactRule | Override | MinimumGuarantee

/** One immutable version of a programme's rules; amounts in minor units of its asset. Source: RULES §2. */
export type Terms = {
  readonly programme: string
  readonly version: number
  /** The start of a period. */
  readonly effectiveFrom: Date
  readonly asset: Asset
  readonly timeZone: string
  readonly rules: readonly Rule[]
  readonly limits: { readonly maxSharePpm?: bigint; readonly capPerPeriod?: bigint }
  readonly holdback: { readonly ppm: bigint; readonly periods: number }
  readonly minimumPayout: bigint
  readonly clawbackDays: number
  readonly disputeDays: number
  readonly lookbackDays: number
  readonly tax: { readonly vatPpm?: bigint; readonly withholdingPpm?: bigint }
}

/** Terms as published: their canonical JSON, its SHA-256, and the span in which they are in force. */
export type TermsVersion = {
  readonly id: Id<'trm'>
  readonly programme: Id<'prg'>
  readonly version: number
  readonly effectiveFrom: Date
  /** Start of the next version; `undefined` while there is none. */
  readonly effectiveTo: Date | undefined
  readonly terms: Terms
  readonly body: string
  readonly hash: string
}
