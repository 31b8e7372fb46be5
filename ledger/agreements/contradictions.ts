import { invalid } from './parse-exactly.ts'
import { isFactRule, type Rule, type Terms } from './terms.ts'

/** Throws `INVALID_INPUT` with the path when parts of the terms, each well-formed, do not go together. */
export function refuseContradictions({ holdback, rules }: Terms): void {
  if (holdback.ppm > 0n && holdback.periods === 0) {
    throw invalid('terms', ['holdback', 'periods'], 'what is held back is held for at least one period')
  }
  refuseUndecidedOrder(rules)
}

/** An exclusive rule stops the later ones, so it must be plain which ones are later. */
function refuseUndecidedOrder(rules: readonly Rule[]): void {
  for (const [place, rule] of rules.entries()) {
    if (!isFactRule(rule)) continue
    const twin = rules.findIndex((other) => {
      return isFactRule(other) && other.priority === rule.priority && (other.exclusive || rule.exclusive)
    })
    if (twin < 0 || twin >= place) continue
    const why = `rules.${twin} has the same priority: of rules of equal priority none may be exclusive`
    throw invalid('terms', ['rules', place, 'priority'], why)
  }
}
