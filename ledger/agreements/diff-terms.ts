import { type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts'
import { pairRules, type RulePair } from './pair-rules.ts'
import type { Rule, Terms } from './terms.ts'
import { type CanonicalMembers, canonicalRule, canonicalTerms } from './terms-body.ts'

/** What a change is: a field's other value, or a rule that came, went, or changed its turn among those that stayed. */
export const CHANGES = ['CHANGED', 'ADDED', 'REMOVED', 'MOVED'] as const

/** One difference between two versions of terms; values are those of canonical JSON. */
export type TermsChange = {
  readonly what: (typeof CHANGES)[number]
  /** Dotted, within the version after, such as `rules.0.ratePpm`; of what was removed, within the version before. */
  readonly path: string
  /** Absent where there was nothing; of a rule that moved, its place. */
  readonly before?: CanonicalValue
  /** Absent where there is nothing now. */
  readonly after?: CanonicalValue
  /** The rule it is about, with its places, from 0. */
  readonly rule?: { readonly kind: Rule['kind']; readonly before?: number; readonly after?: number }
}

/**
 * All that differs between two versions of terms, and nothing else: fields of the terms first, then rules in the order of
 * the version after, then rules that were removed. Lists (tiers, names of a filter), windows and models of attribution are
 * compared as a whole. Which rules are compared: `pairRules`.
 */
export function diffTerms(before: Terms, after: Terms): readonly TermsChange[] {
  const pairs = pairRules(before.rules, after.rules)
  return [
    ...changedFields(withoutRules(before), withoutRules(after)),
    ...after.rules.flatMap((rule, place) => {
      const pair = pairs.find((each) => each.after === place)
      const earlier = pair && before.rules[pair.before]
      return pair && earlier ? changesOf(earlier, rule, pair) : [added(rule, place)]
    }),
    ...before.rules.flatMap((rule, place) =>
      pairs.some((pair) => pair.before === place) ? [] : [removed(rule, place)],
    ),
  ]
}

function withoutRules(terms: Terms): CanonicalMembers {
  const { rules: _, ...fields } = canonicalTerms(terms)
  return fields
}

function changesOf(before: Rule, after: Rule, pair: RulePair): readonly TermsChange[] {
  const rule = { kind: after.kind, before: pair.before, after: pair.after }
  const path = `rules.${pair.after}`
  const fields = changedFields(canonicalRule(before), canonicalRule(after)).map((change) => ({
    ...change,
    path: `${path}.${change.path}`,
    rule,
  }))
  if (!pair.moved) return fields
  return [{ what: 'MOVED', path, before: BigInt(pair.before), after: BigInt(pair.after), rule }, ...fields]
}

function added(rule: Rule, place: number): TermsChange {
  return { what: 'ADDED', path: `rules.${place}`, after: canonicalRule(rule), rule: { kind: rule.kind, after: place } }
}

function removed(rule: Rule, place: number): TermsChange {
  const about = { kind: rule.kind, before: place }
  return { what: 'REMOVED', path: `rules.${place}`, before: canonicalRule(rule), rule: about }
}

function changedFields(before: CanonicalMembers, after: CanonicalMembers): readonly TermsChange[] {
  const [old, now] = [leavesOf(before), leavesOf(after)]
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((path) => {
    const [earlier, later] = [old.get(path), now.get(path)]
    if (textOf(earlier) === textOf(later)) return []
    return [
      {
        what: 'CHANGED' as const,
        path,
        ...(earlier !== undefined && { before: earlier }),
        ...(later !== undefined && { after: later }),
      },
    ]
  })
}

const GROUPS: ReadonlySet<string> = new Set(['limits', 'holdback', 'tax', 'filter'])

/** Values by their paths; what merely groups fields is taken apart. */
function leavesOf(members: CanonicalMembers, above = ''): ReadonlyMap<string, CanonicalValue> {
  const leaves = new Map<string, CanonicalValue>()
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue
    if (GROUPS.has(name) && isGroup(value)) for (const leaf of leavesOf(value, `${name}.`)) leaves.set(...leaf)
    else leaves.set(`${above}${name}`, value)
  }
  return leaves
}

function isGroup(value: CanonicalValue): value is CanonicalMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: CanonicalValue | undefined): string | undefined {
  return value === undefined ? undefined : canonicalJson(value)
}
