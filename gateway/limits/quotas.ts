import { Counter, Histogram, type Registry } from 'prom-client'
import type { Context } from '../../database/context.ts'
import type { Caller } from '../../kernel/caller.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { type Spending, type Spent, spendPoints } from '../store/spent-points.ts'
import { Throttled } from './throttled.ts'

/** How much callers may ask for. */
export type QuotaSettings = {
  /** Points that a partner, and a person, may spend in a minute, before its share of that is counted. */
  readonly pointsPerMinute: number
  /** Points that one request may cost. */
  readonly pointsPerRequest: number
  /** Requests to the authorization server and the customers' pages, in a minute, from one address. */
  readonly requestsPerAddress: number
}

/** Ten full batches of contributions, or fifty pages of a hundred customers with ten tags each, in a minute. */
export const DEFAULT_QUOTAS: QuotaSettings = {
  pointsPerMinute: 120_000,
  pointsPerRequest: 50_000,
  requestsPerAddress: 1200,
}

/** What callers spend, over all processes. */
export type Quotas = {
  readonly pointsPerRequest: number
  /** Takes points from a caller's quota. Throws {@link Throttled}. */
  readonly spend: (caller: Caller, points: number) => Promise<Spent>
  /** Points that were taken and not needed: they lower what the next request of the caller costs, at this process. */
  readonly giveBack: (caller: Caller, points: number) => void
  /** Counts a request from an address. Throws {@link Throttled}. */
  readonly spendAddress: (address: string) => Promise<void>
  /** Counts a request that was refused because it alone would cost too much. */
  readonly countTooHigh: () => void
}

/** After how many callers with something to give back the oldest are forgotten: it costs them a little, and us no memory. */
const MOST_GIVEN_BACK = 10_000

/** The quotas of a gateway, measured in its metrics. */
export function quotasOf(context: Context, settings: QuotaSettings, registry: Registry): Quotas {
  const { refused, costs } = measures(registry)
  const givenBack = new Map<string, number>()
  const spend = async (spending: Omit<Spending, 'givenBack'>, kind: 'quota' | 'address'): Promise<Spent> => {
    const back = givenBack.get(spending.key) ?? 0
    givenBack.delete(spending.key)
    const spent = await spendPoints(context.database.reads, { ...spending, givenBack: back })
    if (spent.taken) return spent
    if (back > 0) givenBack.set(spending.key, (givenBack.get(spending.key) ?? 0) + back)
    refused.inc({ kind })
    throw new Throttled(sentence(spending, spent, kind), spent)
  }
  return {
    pointsPerRequest: settings.pointsPerRequest,
    spend: (caller, points) => {
      costs.observe(points)
      const partner = caller.kind === 'partner' ? caller.partner : undefined
      return spend({ key: keyOf(caller), partner, limit: settings.pointsPerMinute, points }, 'quota')
    },
    giveBack: (caller, points) => {
      if (points <= 0) return
      const key = keyOf(caller)
      const [oldest] = givenBack.keys()
      if (givenBack.size >= MOST_GIVEN_BACK && oldest !== undefined) givenBack.delete(oldest)
      givenBack.set(key, (givenBack.get(key) ?? 0) + points)
    },
    spendAddress: async (address) => {
      const key = `address:${sha256Hex(address)}`
      await spend({ key, partner: undefined, limit: settings.requestsPerAddress, points: 1 }, 'address')
    },
    countTooHigh: () => refused.inc({ kind: 'cost' }),
  }
}

function keyOf(caller: Caller): string {
  switch (caller.kind) {
    case 'partner':
      return `partner:${caller.partner}`
    case 'customer':
      return `customer:${sha256Hex(caller.accountKey)}`
    case 'staff':
      return `staff:${caller.name}`
  }
}

function sentence(
  { points }: Pick<Spending, 'points'>,
  { limit, waitSeconds }: Spent,
  kind: 'quota' | 'address',
): string {
  if (kind === 'address') return `too many requests from this address: at most ${limit} in a minute`
  if (points > limit) return `this costs ${points} points, and the quota is ${limit} points in a minute now`
  return `the quota of ${limit} points in a minute is spent: try again in ${waitSeconds} s`
}

function measures(registry: Registry) {
  const refused = new Counter({
    name: 'tributary_throttled_total',
    help: 'Requests refused because of a quota, of their own cost, or of their address.',
    labelNames: ['kind'] as const,
    registers: [registry],
  })
  const costs = new Histogram({
    name: 'tributary_request_cost_points',
    help: 'Points that requests were estimated to cost.',
    buckets: [1, 10, 100, 1000, 10_000, 50_000],
    registers: [registry],
  })
  return { refused, costs }
}
