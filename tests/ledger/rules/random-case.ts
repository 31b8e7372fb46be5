import { monthSpan } from '../../support/naive-rules/calendar.ts'
import type { Member, Revenue } from '../../support/naive-rules/world.ts'
import { diceOf } from './dice.ts'
import { type Ground, type Reported, randomContributions, randomRevenue, timesOf } from './random-facts.ts'
import { randomTerms } from './random-terms.ts'

/** A programme, its members and all facts, out of one seed. */
export type Case = {
  readonly seed: number
  readonly code: string
  readonly ground: Ground
  /** By ascending version, as JSON without what the programme says. */
  readonly versions: readonly { readonly version: number; readonly effectiveFrom: string }[]
  readonly contributions: readonly Reported[]
  readonly events: readonly Revenue[]
}

const ZONES = ['Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'Europe/Berlin', 'Asia/Beirut']

/** Draws a case. */
export function randomCase(seed: number): Case {
  const dice = diceOf(seed)
  const zone = dice.pick(ZONES)
  const year = dice.pick([2023, 2024, 2025])
  const first = dice.pick([1, 2, 3, 10, 11])
  const months = dice.times(3, (step) => new Date(Date.UTC(year, first - 1 + step, 1)).toISOString().slice(0, 7))
  const time = timesOf(dice, { zone, months })
  const beginning = monthSpan(months[0] ?? '', zone).from
  const members: readonly Member[] = dice.times(dice.from(2, 4), (place) => {
    const from = place === 0 || dice.chance(75) ? beginning : time()
    const to = dice.chance(20) ? time() : Number.POSITIVE_INFINITY
    return {
      code: `${dice.pick(['m', 'a', 'z'])}${place}-${seed}`,
      from,
      to: to > from ? to : Number.POSITIVE_INFINITY,
      accrues: !dice.chance(8),
    }
  })
  const customers = dice.times(dice.from(1, 4), (place) => `c${place}-${seed}`)
  const sources = [`core-${seed}`, `bank-${seed}`]
  const ground = { zone, months, members, customers, sources, asset: 'CNY/2' }
  const codes = members.map(({ code }) => code)
  const later = dice.chance(50) ? [dice.pick([1, 2])] : []
  const versions = [0, ...later].map((step, place) => ({
    version: place + 1,
    effectiveFrom: new Date(monthSpan(months[step] ?? '', zone).from).toISOString(),
    ...randomTerms(dice, codes),
  }))
  const contributions = randomContributions(dice, ground, dice.from(20, 120), time)
  const events = randomRevenue(dice, ground, dice.from(10, 80), time)
  return { seed, code: `case-${seed}`, ground, versions, contributions, events }
}
