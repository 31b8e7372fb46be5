import { DAY, type Span } from './calendar.ts'
import type { Earning, EarningLine } from './earnings.ts'
import { originalOf } from './paths.ts'
import { type Revenue, termsAt, type World } from './world.ts'

/** By what a rule's total of an earlier month differs from what was settled for it. */
export type Correction = Pick<Earning, 'placed' | 'total' | 'forgone' | 'lines'> & { readonly origin: string }

/**
 * What is known when a month is closed. A refund of a later month than what it refunds stands where that stood, once its own
 * month is over, if it came within the days of clawback; else it stands nowhere. Source: RULES §5, ADR 18.
 */
export function knownAt(world: World, closing: number, month: Span): World {
  const contributions = world.contributions.filter(({ told }) => told <= closing)
  const events = world.events
    .filter(({ told }) => told <= closing)
    .flatMap((event) => {
      const original = originalOf(world, event)
      if (monthOf(world, event.at) === monthOf(world, original.at)) return [event]
      const days = termsAt(world, original.at)?.clawbackDays ?? 0
      const counts = event.at < original.at + days * DAY && event.at < month.to
      return counts ? [{ ...event, at: original.at }] : []
    })
  return { ...world, contributions, events }
}

function monthOf({ zone }: World, at: Revenue['at']): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit' }).format(at)
}

/** Compares what a month gives by what is known now with what was settled: only totals that differ are told. */
export function correct(
  origin: string,
  settled: readonly Earning[],
  now: readonly Earning[],
): { readonly told: readonly Correction[]; readonly settled: readonly Earning[] } {
  const told: Correction[] = []
  const left = [...settled]
  const kept = now.map((earning) => {
    const place = left.findIndex((one) => one.placed.rule === earning.placed.rule)
    const [before = nothingOf(earning)] = place < 0 ? [] : left.splice(place, 1)
    if (before.total === earning.total) return before
    told.push({ origin, ...differenceOf(earning, before) })
    return earning
  })
  for (const before of left) {
    if (before.total === 0n) kept.push(before)
    else told.push({ origin, ...differenceOf(nothingOf(before), before) })
  }
  return { told, settled: kept }
}

function nothingOf({ placed, exact }: Earning): Earning {
  return { placed, exact, total: 0n, forgone: 0n, lines: [] }
}

function differenceOf(now: Earning, before: Earning): Omit<Correction, 'origin'> {
  const taken = before.lines.map(({ fact, minor }): EarningLine => ({ fact, minor: -minor }))
  const { placed, total, forgone, lines } = now
  return { placed, total: total - before.total, forgone: forgone - before.forgone, lines: [...lines, ...taken] }
}
