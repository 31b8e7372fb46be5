import { compareKeys } from './apportion.ts'
import type { Span } from './calendar.ts'
import { type Claim, walk } from './claim.ts'
import { fraction, largest, product, rate, round } from './fraction.ts'
import { type Contribution, passes, rulesOf, termsAt, type World } from './world.ts'

/** What one agreement's courses give in a month: the difference of what they have given in all. Source: RULES §3. */
export function courseClaims(world: World, own: readonly Contribution[], { from, to }: Span): readonly Claim[] {
  const reports = own
    .filter(({ kind, at }) => kind === 'COURSE_COMPLETION' && at < to)
    .sort((a, b) => a.at - b.at || compareKeys([a.externalId], [b.externalId]))
  const courses = Map.groupBy(reports, ({ customer, course }) => JSON.stringify([customer, course]))
  return [...courses.entries()].flatMap(([name, all]) => {
    const [enrolment] = all
    if (enrolment === undefined || !all.some(({ at }) => at >= from)) return []
    const { minor: price = 0n, units = 1n } = enrolment
    const done = doneBy(all, to)
    const before = doneBy(all, from)
    const key = [enrolment.externalId]
    return walk(rulesOf(termsAt(world, enrolment.at), 'COURSE_COMPLETION'), (placed) => {
      const { rule } = placed
      if (!passes(rule, enrolment)) return undefined
      const given = (quantity: bigint): bigint =>
        quantity * 1_000_000n < (rule.minimumCompletionPpm ?? 0n) * units
          ? 0n
          : round(product(fraction(price * quantity, units), rate(rule.ratePpm)))
      const base = fraction(price * (done - before), units)
      return { placed, fact: `course ${name}`, key, exact: fraction(given(done) - given(before)), base }
    })
  })
}

function doneBy(reports: readonly Contribution[], end: number): bigint {
  return largest([0n, ...reports.filter(({ at }) => at < end).map(({ quantity }) => quantity)])
}
