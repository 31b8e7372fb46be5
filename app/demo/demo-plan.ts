import { addDays, addMonths, type Month, monthOf, monthSpan } from '../../kernel/month.ts'

/** The programme of the demonstration. */
export const PROGRAMME = { code: 'growth', name: 'Growth 共同成长', asset: 'CNY/2', timeZone: 'Asia/Shanghai' } as const

/** The system that states products and revenue. */
export const SOURCE = 'demo-core'

/** How much of everything there is, and when; the same plan makes the same facts. */
export type DemoPlan = {
  /** The moment the demonstration was first loaded: all times derive from it. */
  readonly now: Date
  /** Months that are settled, in order; those after them are open. */
  readonly months: readonly Month[]
  /** The first instant of the first month. */
  readonly from: Date
  /** When partners and customers began: before the agreements, so the first facts earn nothing. */
  readonly since: Date
  readonly customers: number
  readonly products: number
  readonly consenting: number
  readonly referrals: number
  readonly revenue: number
}

/** How many days of facts there are before the first month. */
const DAYS_BEFORE = 45
/** The month that is left open is there to be closed by whoever tries it out. */
const USUAL = { settled: 2, open: 1 }

/**
 * A plan for the full months before `now`, of which the last ones may be left open, and the month that runs. `scale` 1 is the
 * whole demonstration.
 */
export function planFor(now: Date, scale: number, { settled, open } = USUAL): DemoPlan {
  const running = monthOf(now, PROGRAMME.timeZone)
  const first = addMonths(running, -settled - open)
  const { from } = monthSpan(first, PROGRAMME.timeZone)
  const share = (whole: number, least: number): number => Math.max(least, Math.round(whole * scale))
  return {
    now,
    months: Array.from({ length: settled }, (_, place) => addMonths(first, place)),
    from,
    since: addDays(from, -DAYS_BEFORE),
    customers: share(5000, 40),
    products: share(300, 10),
    consenting: share(300, 12),
    referrals: share(1500, 40),
    revenue: share(6000, 150),
  }
}

/** Account key of a customer of the demonstration, counted from 0. */
export function accountKeyOf(place: number): string {
  return `demo-${String(place + 1).padStart(5, '0')}`
}

/** External id of a product of the demonstration, counted from 0. */
export function productIdOf(place: number): string {
  return `P${String(place + 1).padStart(4, '0')}`
}
