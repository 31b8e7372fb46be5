import type { Span } from '../../kernel/month.ts'
import type { PathTouch, RevenueFact } from '../splits/fact-case.ts'
import type { PathedConversion } from './placed-case.ts'

/** What is known of one customer around a span: touches in the order of paths, and revenue above zero by time and key. */
export type CustomerHistory = {
  readonly touches: readonly Omit<PathTouch, 'ageDays'>[]
  readonly events: readonly RevenueFact[]
}

/** Which facts make a path and end it, as a rule sees them. */
export type PathView = {
  readonly isTouch: (touch: Omit<PathTouch, 'ageDays'>) => boolean
  /** Asked only about revenue above zero with at least one such touch before it. */
  readonly isConversion: (conversion: PathedConversion) => boolean
}

const DAY_MS = 86_400_000

/**
 * The paths of one customer that ended in the span without a conversion, oldest first: `lookbackDays` of 24 hours passed
 * after a last touch without another touch or a conversion, and passed within the span. Such a path holds the touches since
 * the customer's last conversion, those within `lookbackDays` up to the last one (inclusive); ages are days before that.
 */
export function unconvertedPaths(
  history: CustomerHistory,
  view: PathView,
  { from, to, lookbackDays }: Span & { readonly lookbackDays: number },
): readonly (readonly PathTouch[])[] {
  const lookback = lookbackDays * DAY_MS
  const touches = history.touches.filter(view.isTouch)
  const conversions = conversionTimes(history.events, touches, { lookback, isConversion: view.isConversion })
  return touches.flatMap((last, index) => {
    const at = last.occurredAt.getTime()
    const quietUntil = at + lookback
    const next = touches[index + 1]
    if (quietUntil < from.getTime() || quietUntil >= to.getTime()) return []
    if (next !== undefined && next.occurredAt.getTime() <= quietUntil) return []
    // at the very time of a touch a conversion does not follow it
    if (conversions.some((time) => time > at && time <= quietUntil)) return []
    const since = Math.max(at - lookback, ...conversions.filter((time) => time <= at))
    return [agedBefore(at, touches.slice(0, index + 1), since)]
  })
}

function conversionTimes(
  events: readonly RevenueFact[],
  touches: readonly Omit<PathTouch, 'ageDays'>[],
  { lookback, isConversion }: Pick<PathView, 'isConversion'> & { readonly lookback: number },
): readonly number[] {
  return events.flatMap((event) => {
    const at = event.occurredAt.getTime()
    const before = touches.filter(({ occurredAt }) => occurredAt.getTime() < at)
    const path = agedBefore(at, before, at - lookback)
    return path.length > 0 && isConversion({ event, path }) ? [at] : []
  })
}

function agedBefore(at: number, touches: readonly Omit<PathTouch, 'ageDays'>[], since: number): readonly PathTouch[] {
  return touches.flatMap((touch) => {
    const time = touch.occurredAt.getTime()
    return time < since ? [] : [{ ...touch, ageDays: Math.floor((at - time) / DAY_MS) }]
  })
}
