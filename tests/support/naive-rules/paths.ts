import type { DataConversion, PoolSplit } from '../../../ledger/agreements/terms.ts'
import { compareKeys } from './apportion.ts'
import { DAY, type Span } from './calendar.ts'
import type { Touch } from './models.ts'
import { type Contribution, countsFor, passes, type Revenue, type World } from './world.ts'

export type PoolRule = PoolSplit | DataConversion
export type PathTouch = Touch & { readonly externalId: string }

/** A fact of revenue with the touches before it: those before what it refunds, if it refunds something. */
export type Conversion = { readonly event: Revenue; readonly at: number; readonly path: readonly PathTouch[] }

/** The original of a refund, or the event itself. */
export function originalOf({ events }: World, event: Revenue): Revenue {
  if (event.refundOf === undefined) return event
  const found = events.find(({ source, externalId }) => source === event.source && externalId === event.refundOf)
  return found ?? event
}

/** Facts of revenue that count in a month: in the programme's asset, and no refunds of earlier months. */
export function eventsIn(world: World, { from, to }: Span): readonly Revenue[] {
  return world.events.filter((event) => {
    const inMonth = ({ at }: Revenue): boolean => at >= from && at < to
    return event.asset === world.asset && inMonth(event) && inMonth(originalOf(world, event))
  })
}

/** Conversions of a rule in a month. */
export function conversionsOf(world: World, rule: PoolRule, lookbackDays: number, month: Span): readonly Conversion[] {
  return eventsIn(world, month)
    .filter((event) => isOf(world, rule, event))
    .map((event) => {
      const { at } = originalOf(world, event)
      const touches = touchesOf(world, rule, event.customer)
      return { event, at, path: touches.filter((touch) => touch.at >= at - lookbackDays * DAY && touch.at < at) }
    })
    .filter(({ path }) => path.length > 0)
}

/**
 * Paths without conversion that end in a month: the touches since the last conversion, up to the last touch and within
 * the lookback of it, after which for the lookback there is neither a touch nor a conversion.
 */
export function unconvertedOf(
  world: World,
  rule: PoolRule,
  lookbackDays: number,
  { from, to }: Span,
): readonly (readonly PathTouch[])[] {
  const lookback = lookbackDays * DAY
  const customers = [...new Set(world.contributions.flatMap(({ customer }) => customer ?? []))]
  return customers.flatMap((customer) => {
    const touches = touchesOf(world, rule, customer)
    const sold = world.events
      .filter((event) => event.customer === customer && event.minor > 0n && isOf(world, rule, event))
      .map(({ at }) => at)
    return [...new Set(touches.map(({ at }) => at))]
      .filter((last) => last + lookback >= from && last + lookback < to)
      .filter((last) => ![...touches.map(({ at }) => at), ...sold].some((at) => at > last && at <= last + lookback))
      .map((last) => {
        const since = Math.max(last - lookback, ...sold.filter((at) => at <= last))
        return touches.filter(({ at }) => at >= since && at <= last)
      })
  })
}

/** Whether a fact is of the rule's base and passes what of the filter is asked of facts of revenue. */
function isOf({ asset }: World, rule: PoolRule, event: Revenue): boolean {
  const { campaign: _, ...filter } = rule.filter
  return event.asset === asset && event.base === rule.base && passes({ ...rule, filter }, event)
}

/** All touches of a customer that a rule looks at, oldest first, simultaneous ones by key. */
function touchesOf({ members, contributions }: World, rule: PoolRule, customer: string): readonly PathTouch[] {
  const { campaign } = rule.filter
  const looked = (contribution: Contribution): boolean =>
    contribution.customer === customer &&
    (rule.kind === 'POOL_SPLIT' || contribution.kind === 'DATA') &&
    passes({ ...rule, filter: campaign === undefined ? {} : { campaign } }, contribution) &&
    members.some((member) => countsFor(member, contribution))
  return contributions
    .filter(looked)
    .sort((a, b) => a.at - b.at || compareKeys([a.code, a.externalId], [b.code, b.externalId]))
}
