import type { Attribution, PoolSplit } from '../../../ledger/agreements/terms.ts'
import { compareKeys } from '../../support/naive-rules/apportion.ts'
import { DAY } from '../../support/naive-rules/calendar.ts'
import type { Conversion, PathTouch } from '../../support/naive-rules/paths.ts'
import { shareConversions } from '../../support/naive-rules/pools.ts'
import { pool } from '../splits/cases.ts'
import { diceOf } from './dice.ts'

/** What was done to one customer, oldest first; a value where that ended in a conversion. */
export type Journey = { readonly touches: readonly PathTouch[]; readonly minor: bigint | undefined }

/** When all conversions are. */
export const CONVERTED_AT = Date.parse('2026-04-16T00:00:00Z')

/** Some partners touch ten times as many customers as others; some conversions are taken back. */
export function randomJourneys(
  seed: number,
  count: number,
  codes: readonly string[],
  days: number,
): readonly Journey[] {
  const dice = diceOf(seed)
  const partners = codes.length
  return dice.times(count, (place) => {
    const touches = dice.times(dice.from(1, 9), (step) => ({
      code: codes[Math.floor(dice.from(0, partners * partners - 1) ** 0.5)] ?? '',
      externalId: `${place}-${step}`,
      at: CONVERTED_AT - dice.from(1, days * DAY),
    }))
    const value = BigInt(dice.from(0, dice.pick([9, 1000, 1_000_000])))
    const minor = dice.chance(5) ? -value : value
    const ordered = touches.toSorted(
      (a, b) => a.at - b.at || compareKeys([a.code, a.externalId], [b.code, b.externalId]),
    )
    return { touches: ordered, minor: dice.chance(70) ? minor : undefined }
  })
}

/** Every model of attribution. */
export const MODELS: readonly Attribution[] = [
  { model: 'FIRST' },
  { model: 'LAST' },
  { model: 'LINEAR' },
  { model: 'POSITION' },
  { model: 'TIME_DECAY', halfLifeDays: 7 },
  { model: 'MARKOV' },
  { model: 'SHAPLEY' },
]

/** A pool whose rates leave something to round. */
export function poolBy(attribution: Attribution): PoolSplit {
  return pool({ poolPpm: 123_457n, housePpm: 333_333n, attribution })
}

/** What each partner has of the pool of a rule, by the naive rules. */
export function naiveSharesOf(rule: PoolSplit, journeys: readonly Journey[]): Readonly<Record<string, bigint>> {
  const about = { product: undefined, category: undefined, market: undefined, refundOf: undefined, told: 0 }
  const fact = { source: 'core', customer: 'c', base: 'COMMISSION', asset: 'CNY/2', at: CONVERTED_AT, ...about }
  const won = journeys.flatMap(({ touches, minor }, place): Conversion[] => {
    return minor === undefined
      ? []
      : [{ event: { ...fact, externalId: `${place}`, minor }, at: CONVERTED_AT, path: touches }]
  })
  // only what brought something in has converted
  const lost = journeys.filter(({ minor = 0n }) => minor <= 0n).map(({ touches }) => touches)
  return Object.fromEntries([...shareConversions(rule, won, lost)].map(([code, { share }]) => [code, share]))
}
