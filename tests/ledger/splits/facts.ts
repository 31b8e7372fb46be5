import type {
  FactRule,
  ReferralCommissionShare,
  RevenueBase,
  Rule,
  Terms,
  TermsVersion,
} from '../../../ledger/agreements/terms.ts'
import { type EventCase, keyOf } from '../../../ledger/splits/fact-case.ts'
import { matchRules, type PlacedRule, rulesInOrder } from '../../../ledger/splits/match-rules.ts'
import type { Judging } from '../../../ledger/splits/rule-calculator.ts'
import { gatherSplit, type RuleSplit } from '../../../ledger/splits/split-agreement.ts'

/** A rule of 20 % of commission for 90 days, unless it says otherwise. */
export function share(rule: Partial<ReferralCommissionShare> = {}): ReferralCommissionShare {
  return {
    kind: 'REFERRAL_COMMISSION_SHARE',
    ratePpm: 200_000n,
    window: { days: 90 },
    base: 'COMMISSION',
    filter: {},
    priority: 1,
    exclusive: false,
    ...rule,
  }
}

/** Terms with these rules; everything else is nothing. */
export function termsOf(rules: readonly Rule[], more: Partial<Terms> = {}): TermsVersion {
  const effectiveFrom = new Date('2025-12-31T16:00:00Z')
  const version = more.version ?? 1
  const terms: Terms = {
    programme: 'spring',
    version,
    effectiveFrom,
    asset: 'CNY/2',
    timeZone: 'Asia/Shanghai',
    rules,
    limits: {},
    holdback: { ppm: 0n, periods: 0 },
    minimumPayout: 0n,
    clawbackDays: 30,
    disputeDays: 10,
    lookbackDays: 30,
    tax: {},
    ...more,
  }
  const id = `trm_${String(version).padStart(32, '0')}` as const
  return {
    id,
    programme: `prg_${'0'.repeat(32)}`,
    version,
    effectiveFrom,
    effectiveTo: undefined,
    terms,
    body: '',
    hash: `hash of version ${version}`,
  }
}

export type EventParts = {
  readonly minor: bigint
  readonly at: string
  readonly source?: string
  readonly base?: RevenueBase
  readonly referredAt?: string
  readonly campaign?: string
  readonly category?: string
  readonly market?: string
  readonly product?: { readonly source: string; readonly externalId: string }
}

/** An event of the one customer who was referred at the start of W1's window. */
export function referred(externalId: string, parts: EventParts): EventCase {
  const { minor, at, source = 'core', base = 'COMMISSION', referredAt = '2026-01-15T00:00:00Z' } = parts
  return {
    kind: 'EVENT',
    path: undefined,
    customer: `cus_${'1'.repeat(32)}`,
    referral: {
      id: `ctr_${'2'.repeat(32)}`,
      externalId: 'REF-1',
      occurredAt: new Date(referredAt),
      campaign: parts.campaign,
    },
    event: {
      id: `rev_${'3'.repeat(32)}`,
      source,
      externalId,
      base,
      minor,
      occurredAt: new Date(at),
      product: parts.product,
      category: parts.category,
      market: parts.market,
    },
  }
}

/** Who judges the facts. */
export const JUDGING: Judging = { partner: 'harbour', timeZone: 'Asia/Shanghai' }

/** W1 of RULES §7. */
export const W1 = [
  referred('t1', { minor: 1233n, at: '2026-01-20T00:00:00Z' }),
  referred('t2', { minor: 998n, at: '2026-03-31T00:00:00Z' }),
  referred('t3', { minor: 58n, at: '2026-04-14T23:59:59.999Z' }),
  referred('t4', { minor: 10000n, at: '2026-04-15T00:00:00Z' }),
]

/** The same facts with the opposite sign. */
export function reversed(facts: readonly EventCase[], suffix = ''): readonly EventCase[] {
  return facts.map(({ event, ...fact }) => ({
    ...fact,
    event: { ...event, externalId: `${event.externalId}${suffix}`, minor: -event.minor },
  }))
}

/** Splits facts of one agreement and period under one version of the terms. */
export function split(terms: TermsVersion, facts: readonly EventCase[]): readonly RuleSplit[] {
  return splitUnder(() => rulesInOrder(terms), facts)
}

/** Splits facts of one agreement and period; each fact says under which rules. */
export function splitUnder(
  rulesFor: (fact: EventCase) => readonly PlacedRule<FactRule>[],
  facts: readonly EventCase[],
): readonly RuleSplit[] {
  const gatherer = gatherSplit()
  for (const fact of facts) gatherer.add(fact, matchRules(rulesFor(fact), fact, JUDGING))
  return gatherer.decide()
}

/** What each event earned from a rule, by external id; only events that the rule matched. */
export function amountsByEvent(
  terms: TermsVersion,
  facts: readonly EventCase[],
  place = 0,
): Readonly<Record<string, bigint>> {
  const rules = rulesInOrder(terms)
  const matched = facts.filter((fact) => matchRules(rules, fact, JUDGING).some(({ placed }) => placed.place === place))
  const amounts = split(terms, facts).find(({ placed }) => placed.place === place)?.amounts ?? []
  return Object.fromEntries(matched.map((fact, index) => [keyOf(fact).split('\0')[1] ?? '', amounts[index] ?? 0n]))
}
