import type { Rule, Terms } from '../../../ledger/agreements/terms.ts'

/** One partner's membership; times are milliseconds since 1970. */
export type Member = {
  readonly code: string
  readonly from: number
  readonly to: number
  /** Who does not earns nothing, and keeps its place among the others. */
  readonly accrues: boolean
}

export type Product = { readonly source: string; readonly externalId: string }

/** What a partner reported; `customer` is whom the broker says its lead is, none while nobody is named or known. */
export type Contribution = {
  readonly code: string
  readonly externalId: string
  readonly kind: 'REFERRAL' | 'COURSE_COMPLETION' | 'TRAFFIC' | 'DATA' | 'SERVICE_OUTCOME'
  readonly at: number
  /** Whether it names somebody: it counts only when `customer` is known, then. */
  readonly named: boolean
  readonly customer: string | undefined
  /** The closing by which it is known, from 0. */
  readonly told: number
  /** Whether it waits for no confirmation, or has it. */
  readonly confirmed: boolean
  readonly quantity: bigint
  readonly minor: bigint | undefined
  readonly campaign: string | undefined
  readonly market: string | undefined
  readonly product: Product | undefined
  readonly course: string | undefined
  readonly units: bigint | undefined
  readonly unit: string | undefined
  readonly score: bigint | undefined
}

/** What a customer brought in, as the broker says. */
export type Revenue = {
  readonly source: string
  readonly externalId: string
  readonly customer: string
  readonly base: string
  readonly asset: string
  readonly minor: bigint
  readonly at: number
  readonly product: Product | undefined
  readonly category: string | undefined
  readonly market: string | undefined
  readonly refundOf: string | undefined
  /** The closing by which it is known, from 0. */
  readonly told: number
}

/** All of one programme that decides money. */
export type World = {
  readonly zone: string
  readonly asset: string
  /** By ascending version. */
  readonly versions: readonly Terms[]
  readonly members: readonly Member[]
  readonly contributions: readonly Contribution[]
  readonly events: readonly Revenue[]
}

/** A rule by its version and its place. */
export type Placed<R extends Rule = Rule> = {
  readonly version: number
  readonly place: number
  readonly rule: R
}

/** The version in force at a time; none before the first. */
export function termsAt({ versions }: World, at: number): Terms | undefined {
  return versions.findLast(({ effectiveFrom }) => effectiveFrom.getTime() <= at)
}

/** Rules of one version that look at facts of some kinds: smaller priorities first, equal ones as the terms have them. */
export function rulesOf<K extends Rule['kind']>(
  terms: Terms | undefined,
  ...kinds: readonly K[]
): readonly Placed<Extract<Rule, { kind: K }>>[] {
  const wanted: readonly string[] = kinds
  return (terms?.rules ?? [])
    .map((rule, place) => ({ version: terms?.version ?? 0, place, rule: rule as Extract<Rule, { kind: K }> }))
    .filter(({ rule }) => wanted.includes(rule.kind))
    .sort((a, b) => priority(a.rule) - priority(b.rule) || a.place - b.place)
}

function priority(rule: Rule): number {
  return 'priority' in rule ? rule.priority : 0
}

/** Whether a contribution falls under a member's agreement and counts. */
export function countsFor({ code, from, to }: Member, contribution: Contribution): boolean {
  if (!contribution.confirmed || (contribution.named && contribution.customer === undefined)) return false
  return contribution.code === code && contribution.at >= from && contribution.at < to
}

/** What a filter is asked of. */
export type Looks = {
  readonly category?: string | undefined
  readonly product?: Product | undefined
  readonly market?: string | undefined
  readonly campaign?: string | undefined
}

/** Whether all lists of a filter that have anything in them have what the fact says. */
export function passes(rule: Rule, { category, product, market, campaign }: Looks): boolean {
  if (!('filter' in rule)) return true
  const { filter } = rule
  const has = (list: readonly string[] | undefined, text: string | undefined): boolean =>
    list === undefined || list.length === 0 || (text !== undefined && list.includes(text))
  const nameOf = ({ source, externalId }: Product): string => JSON.stringify([source, externalId])
  return (
    has(filter.category, category) &&
    has(filter.product?.map(nameOf), product && nameOf(product)) &&
    has(filter.market, market) &&
    has(filter.campaign, campaign)
  )
}
