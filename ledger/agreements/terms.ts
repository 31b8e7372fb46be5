import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'

/** What a rate is applied to, as the revenue event says it. Source: RULES §2. */
export const REVENUE_BASES = ['COMMISSION', 'VOLUME', 'ASSETS', 'FEE'] as const
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

/** A share of what the referred customer brings in within the window. Source: RULES §3. */
export type ReferralCommissionShare = {
  readonly kind: 'REFERRAL_COMMISSION_SHARE'
  readonly ratePpm: bigint
  readonly window: RuleWindow
  readonly base: RevenueBase
  readonly filter: RuleFilter
  /** Smaller first; rules of equal priority stand in the order of the terms. */
  readonly priority: number
  /** A match stops the later rules for this fact. */
  readonly exclusive: boolean
}

/** A rule of the kinds that are supported; within its terms it is known by its place in the list. */
export type Rule = ReferralCommissionShare

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
