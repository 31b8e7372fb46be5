import fc from 'fast-check'
import type { FactRule, Rule, Terms } from '../../../ledger/agreements/terms.ts'
import { someAmount, someDays, someFactRule, someGuarantee, someOverrides, somePpm } from './arbitrary-rules.ts'

const nothing = { requiredKeys: [] }

/** Sound terms with rules of every kind in any order, in CNY and Shanghai's months, as `parseTerms` yields them. */
export const someTerms: fc.Arbitrary<Terms> = fc.record({
  programme: fc.constant('spring'),
  version: fc.integer({ min: 1, max: 1_000_000 }),
  effectiveFrom: fc.constant(new Date('2025-12-31T16:00:00Z')),
  asset: fc.constant('CNY/2' as const),
  timeZone: fc.constant('Asia/Shanghai'),
  rules: someRules(),
  limits: fc.record({ maxSharePpm: somePpm, capPerPeriod: someAmount }, nothing),
  holdback: fc.record({ ppm: somePpm, periods: fc.integer({ min: 1, max: 120 }) }),
  minimumPayout: someAmount,
  clawbackDays: someDays,
  disputeDays: someDays,
  lookbackDays: someDays,
  tax: fc.record({ vatPpm: somePpm, withholdingPpm: somePpm }, nothing),
})

/** Rules on facts each of its own priority, since some are exclusive; among them overrides and a guarantee. */
function someRules(): fc.Arbitrary<readonly Rule[]> {
  const onFacts = fc
    .array(fc.tuple(someFactRule, fc.integer({ min: 0, max: 99 })), { maxLength: 6 })
    .map((rules): FactRule[] => rules.map(([rule, step], place) => ({ ...rule, priority: 100 * (6 - place) + step })))
  return fc.tuple(onFacts, someOverrides, someGuarantee).chain((parts) => {
    const rules: Rule[] = parts.flat()
    return fc.shuffledSubarray(rules, { minLength: rules.length })
  })
}
