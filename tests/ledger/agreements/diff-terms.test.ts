import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CanonicalValue, canonicalJson } from '../../../kernel/canonical-json.ts'
import { diffTerms, type TermsChange } from '../../../ledger/agreements/diff-terms.ts'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'
import type { Terms } from '../../../ledger/agreements/terms.ts'
import { bodyOf, canonicalTerms } from '../../../ledger/agreements/terms-body.ts'
import { someTerms } from './arbitrary-terms.ts'
import { POINTS_RULE, REFERRAL_RULE, termsInput } from './factories.ts'

const terms = (changes: object = {}): Terms => parseTerms(termsInput('spring', changes))
const GUARANTEE = { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 70_000 }
const OVERRIDE = { kind: 'OVERRIDE', parentPartner: 'alpine', ratePpm: 1 }

describe('what differs between two versions', () => {
  test('is nothing between a version and itself', () => {
    fc.assert(
      fc.property(someTerms, (one) => diffTerms(one, one).length === 0),
      { numRuns: 50 },
    )
  })

  test('is told with its path and both values, absent ones left out', () => {
    const before = terms({ limits: { capPerPeriod: 7 } })
    const changes = { version: 2, holdback: { ppm: 50_000, periods: 2 }, tax: { vatPpm: 60_000 } }
    expect(diffTerms(before, terms({ ...changes, limits: {} }))).toEqual([
      { what: 'CHANGED', path: 'version', before: 1n, after: 2n },
      { what: 'CHANGED', path: 'holdback.ppm', before: 100_000n, after: 50_000n },
      { what: 'CHANGED', path: 'tax.vatPpm', after: 60_000n },
      { what: 'CHANGED', path: 'limits.capPerPeriod', before: 7n },
    ])
  })

  test('of a rule is told field by field, at its place in the version after', () => {
    const before = terms({ rules: [REFERRAL_RULE, GUARANTEE] })
    const changed = { ...REFERRAL_RULE, ratePpm: 1, window: { months: 3 }, filter: { market: ['CN'] } }
    const rule = { kind: 'REFERRAL_COMMISSION_SHARE', before: 0, after: 1 }
    expect(diffTerms(before, terms({ rules: [{ ...OVERRIDE }, changed, GUARANTEE] }))).toEqual([
      expect.objectContaining({ what: 'ADDED', path: 'rules.0', rule: { kind: 'OVERRIDE', after: 0 } }),
      { what: 'CHANGED', path: 'rules.1.ratePpm', before: 200_000n, after: 1n, rule },
      { what: 'CHANGED', path: 'rules.1.window', before: { days: 90n }, after: { months: 3n }, rule },
      { what: 'CHANGED', path: 'rules.1.filter.market', after: ['CN'], rule },
    ])
  })

  test('compares a rule with the one of equal content, wherever it stands, before one of its kind', () => {
    const [one, two] = [REFERRAL_RULE, { ...REFERRAL_RULE, base: 'FEE' }]
    const [change, ...others] = diffTerms(terms({ rules: [one, two] }), terms({ rules: [two] }))
    expect([change?.what, change?.path, others]).toEqual(['REMOVED', 'rules.0', []])
  })

  test('names a rule that changed its turn, and none of those that it passed', () => {
    const moved = diffTerms(
      terms({ rules: [REFERRAL_RULE, POINTS_RULE, OVERRIDE, GUARANTEE] }),
      terms({ rules: [GUARANTEE, REFERRAL_RULE, POINTS_RULE, OVERRIDE] }),
    )
    const rule = { kind: 'MINIMUM_GUARANTEE', before: 3, after: 0 }
    expect(moved).toEqual([{ what: 'MOVED', path: 'rules.0', before: 3n, after: 0n, rule }])
  })

  test('is all that differs: the changes, made to the one version, give the other', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(someTerms, someTerms, fc.nat(), (one, other, mixed) => {
        const after = mixed % 2 === 0 ? other : mix(one, other, mixed)
        const changes = diffTerms(one, after)
        for (const { what } of changes) seen.add(what)
        expect(canonicalJson(changedBy(one, changes))).toBe(bodyOf(after))
      }),
      { numRuns: 500 },
    )
    expect([...seen].sort()).toEqual(['ADDED', 'CHANGED', 'MOVED', 'REMOVED'])
  })
})

/** The one version with its rules in another order, and some of the other's among them. */
function mix(one: Terms, other: Terms, seed: number): Terms {
  const rules = [...one.rules, ...other.rules.slice(0, seed % 3)]
  const turn = seed % Math.max(1, rules.length)
  return { ...one, rules: [...rules.slice(turn), ...rules.slice(0, turn)] }
}

type Members = Record<string, CanonicalValue | undefined>

/** Makes changes to terms by what they say alone. */
function changedBy(before: Terms, changes: readonly TermsChange[]): Members {
  const result = copyOf(canonicalTerms(before))
  result['rules'] = rulesAfter(before, changes) as CanonicalValue
  for (const change of changes) if (change.what === 'CHANGED') set(result, change.path.split('.'), change.after)
  return result
}

function rulesAfter({ rules }: Terms, changes: readonly TermsChange[]): readonly Members[] {
  const at = new Map<number, Members>()
  const gone = new Set<number>()
  const old = rules.map((_, place) =>
    copyOf((canonicalTerms({ ...NOBODY, rules }) as { rules: Members[] }).rules[place]),
  )
  for (const { what, rule, after } of changes) {
    if (what === 'ADDED') at.set(rule?.after ?? -1, copyOf(after))
    if (what === 'REMOVED') gone.add(rule?.before ?? -1)
    if (what !== 'MOVED') continue
    at.set(rule?.after ?? -1, old[rule?.before ?? -1] ?? {})
    gone.add(rule?.before ?? -1)
  }
  const kept = old.filter((_, place) => !gone.has(place))
  return Array.from({ length: at.size + kept.length }, (_, place) => at.get(place) ?? kept.shift() ?? {})
}

function set(members: Members, [name = '', ...rest]: readonly string[], value: CanonicalValue | undefined): void {
  if (rest.length > 0) set(members[name] as Members, rest, value)
  else if (value === undefined) delete members[name]
  else members[name] = value
}

/** A copy that may be changed; terms hold no numbers in their canonical form, so nothing is lost. */
function copyOf(value: unknown): Members {
  return structuredClone(value) as Members
}

const NOBODY = parseTerms(termsInput('nobody'))
