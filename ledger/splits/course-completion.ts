import { PPM, rational, round } from '../../kernel/rational.ts'
import type { CourseCompletion } from '../agreements/terms.ts'
import type { CourseCase } from './fact-case.ts'
import { passesFilter } from './filter.ts'
import type { RuleCalculator } from './rule-calculator.ts'

/**
 * `COURSE_COMPLETION`: what the customer's progress is worth up to the period's end, less what it was worth before. Each
 * of the two is rounded on its own, so that the periods of a course sum to it. Source: RULES §3, W2.
 */
export const courseCompletion: RuleCalculator<CourseCompletion, CourseCase> = {
  looksAt: 'COURSE',
  match: (rule, { about }) => (passesFilter(rule.filter, about) ? { window: undefined } : 'FILTER'),
  earn: (rule, fact) => rational(worthOf(rule, fact, fact.done) - worthOf(rule, fact, fact.doneBefore)),
  detail: (rule, fact) => ({
    kind: 'COURSE',
    course: fact.course,
    price: `${fact.price}`,
    units: `${fact.units}`,
    done: `${fact.done}`,
    cumulative: `${worthOf(rule, fact, fact.done)}`,
    givenBefore: `${worthOf(rule, fact, fact.doneBefore)}`,
    enrolledAt: fact.enrolment.occurredAt.toISOString(),
  }),
}

/** `round(price · rate · done / units)`; nothing below the minimum, which is inclusive. */
function worthOf({ ratePpm, minimumCompletionPpm = 0n }: CourseCompletion, course: CourseCase, done: bigint): bigint {
  const { price, units } = course
  return done * PPM < minimumCompletionPpm * units ? 0n : round(rational(price * ratePpm * done, PPM * units))
}
