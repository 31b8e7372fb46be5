import type { Rule } from '../../../ledger/agreements/terms.ts'
import { assetClaims } from './asset-claims.ts'
import { addMonths, DAY, type Span } from './calendar.ts'
import { type Claim, walk } from './claim.ts'
import { courseClaims } from './course-claims.ts'
import { fraction, NOUGHT, product, rate } from './fraction.ts'
import { eventsIn, type PoolRule } from './paths.ts'
import { type PoolShares, sharePool } from './pools.ts'
import { type Referral, referralOf } from './referrals.ts'
import {
  type Contribution,
  countsFor,
  type Member,
  type Placed,
  passes,
  type Revenue,
  rulesOf,
  termsAt,
  type World,
} from './world.ts'

/** All pools of a month, by the rule. */
export type Pools = ReadonlyMap<Rule, PoolShares>

/** All pools of a month, shared over the members of the programme. */
export function poolsOf(world: World, month: Span): Pools {
  const terms = termsAt(world, month.from)
  const rules = rulesOf(terms, 'POOL_SPLIT', 'DATA_CONVERSION')
  return new Map(rules.map((placed) => [placed.rule, sharePool(world, placed, terms?.lookbackDays ?? 0, month)]))
}

/** All that the rules on facts give a member in a month. Source: RULES §2 and §3. */
export function claimsOf(world: World, member: Member, month: Span, pools: Pools): readonly Claim[] {
  const events = eventsIn(world, month).flatMap((event) => eventClaims(world, member, event, { month, pools }))
  const own = world.contributions.filter((contribution) => countsFor(member, contribution))
  const inMonth = own.filter(({ at }) => at >= month.from && at < month.to)
  const terms = termsAt(world, month.from)
  const traffic = inMonth.filter(({ kind }) => kind === 'TRAFFIC').flatMap((one) => trafficClaims(world, one))
  const services = inMonth.filter(({ kind }) => kind === 'SERVICE_OUTCOME').flatMap((one) => serviceClaims(world, one))
  return [
    ...events,
    ...traffic,
    ...services,
    ...courseClaims(world, own, month),
    ...assetClaims(world, member, terms, month),
  ]
}

type OfMonth = { readonly month: Span; readonly pools: Pools }

/** What a fact of revenue gives: by the terms of the referral its rules, by those of the month the pools. */
function eventClaims(world: World, member: Member, event: Revenue, { month, pools }: OfMonth): readonly Claim[] {
  const referral = referralOf(world, event.customer)
  const own = referral?.member === member ? referral : undefined
  const opened = own && termsAt(world, own.contribution.at)
  const now = termsAt(world, month.from)
  const claim = (placed: Placed): Claim | undefined => {
    const { rule } = placed
    if (rule.kind === 'REFERRAL_COMMISSION_SHARE') {
      return own && opened?.version === placed.version ? referralClaim(world, placed, event, own) : undefined
    }
    return rule.kind === 'POOL_SPLIT' || rule.kind === 'DATA_CONVERSION'
      ? poolClaim({ ...placed, rule }, event, member, pools)
      : undefined
  }
  const versions = opened === now || opened === undefined ? [now] : [opened, now]
  return versions.flatMap((terms) => {
    const kinds = ['REFERRAL_COMMISSION_SHARE', 'POOL_SPLIT', 'DATA_CONVERSION'] as const
    return walk<Placed>(rulesOf(terms, ...kinds), claim)
  })
}

function factOf({ source, externalId }: Revenue): string {
  return `event ${JSON.stringify([source, externalId])}`
}

function referralClaim(world: World, placed: Placed, event: Revenue, { contribution }: Referral): Claim | undefined {
  const { rule } = placed
  if (rule.kind !== 'REFERRAL_COMMISSION_SHARE' || rule.base !== event.base) return undefined
  const { at, campaign } = contribution
  const end = 'days' in rule.window ? at + rule.window.days * DAY : addMonths(at, rule.window.months, world.zone)
  if (event.at < at || event.at >= end || !passes(rule, { ...event, campaign })) return undefined
  const base = fraction(event.minor)
  const key = [event.source, event.externalId]
  return { placed, fact: factOf(event), key, exact: product(base, rate(rule.ratePpm)), base }
}

function poolClaim(placed: Placed<PoolRule>, event: Revenue, { code }: Member, pools: Pools): Claim | undefined {
  const pool = pools.get(placed.rule)?.get(code)
  const exact = pool?.conversions.get(event)
  if (pool === undefined || exact === undefined) return undefined
  const key = [event.source, event.externalId]
  return { placed, fact: factOf(event), key, exact, base: fraction(event.minor), pool }
}

function contributed(one: Contribution): Pick<Claim, 'fact' | 'key'> {
  return { fact: `contribution ${one.externalId}`, key: [one.externalId] }
}

function trafficClaims(world: World, one: Contribution): readonly Claim[] {
  return walk(rulesOf(termsAt(world, one.at), 'TRAFFIC_UNIT_FEE'), (placed) => {
    const { rule } = placed
    if (rule.unit !== one.unit || !passes(rule, one)) return undefined
    return { placed, ...contributed(one), exact: fraction(one.quantity * rule.feePerThousand, 1000n) }
  })
}

function serviceClaims(world: World, one: Contribution): readonly Claim[] {
  return walk(rulesOf(termsAt(world, one.at), 'SERVICE_OUTCOME'), (placed) => {
    const { rule } = placed
    if (!passes(rule, one)) return undefined
    const fee = fraction(one.minor ?? 0n)
    const reached = rule.scoreTiers.findLast(({ minScore }) => minScore <= (one.score ?? 0n))
    const exact = reached === undefined ? NOUGHT : product(fee, rate(rule.ratePpm), rate(reached.ppm))
    return { placed, ...contributed(one), exact, base: fee }
  })
}
