import { invalid } from './parse-exactly.ts'
import type { Override, Rule } from './terms.ts'

type Placed = { readonly place: number; readonly rule: Override }

/**
 * Throws `INVALID_INPUT` with the path of the rule that closes a circle: a parent who is, over however many overrides, a
 * child of its own child. A rule that names no children is over all other members. Source: RULES §3.
 */
export function refuseOverrideCycles(rules: readonly Rule[]): void {
  const overrides = rules.flatMap((rule, place): Placed[] => (rule.kind === 'OVERRIDE' ? [{ place, rule }] : []))
  for (const [index, last] of overrides.entries()) {
    const known = overrides.slice(0, index + 1).map(({ rule }) => rule)
    if (!isBelow(known, last.rule.parentPartner)) continue
    const why = `${last.rule.parentPartner} is a child of its own child: overrides make no circle`
    throw invalid('terms', ['rules', last.place, 'parentPartner'], why)
  }
}

/** Whether a partner is below itself: children of whom it is parent, their children, and so on. */
function isBelow(overrides: readonly Override[], partner: string): boolean {
  const parents = new Set(overrides.map(({ parentPartner }) => parentPartner))
  const below = new Set<string>()
  const open = [partner]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { parentPartner, childPartners } of overrides) {
      if (parentPartner !== next) continue
      for (const child of childPartners ?? parents) {
        if (child === parentPartner || below.has(child)) continue
        below.add(child)
        open.push(child)
      }
    }
  }
  return below.has(partner)
}
