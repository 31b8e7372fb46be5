import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Rule } from './terms.ts'
import { canonicalRule } from './terms-body.ts'

/** A rule of one version and what became of it in the next, by their places. */
export type RulePair = {
  readonly before: number
  readonly after: number
  /** Whether it changed its turn among the rules that stayed. */
  readonly moved: boolean
}

/**
 * Which rules of two versions are the same one: those of equal content, at the same place if there are several; of the
 * others those of one kind, in their order. In the order of the version after; a rule without a partner is in no pair.
 */
export function pairRules(before: readonly Rule[], after: readonly Rule[]): readonly RulePair[] {
  const [old, now] = [before, after].map((rules) => rules.map((rule) => canonicalJson(canonicalRule(rule))))
  const found = new Map<number, number>()
  const taken = new Set<number>()
  const pair = (place: number, fits: (earlier: number) => boolean): void => {
    if (found.has(place)) return
    const earlier = before.findIndex((_, at) => !taken.has(at) && fits(at))
    if (earlier < 0) return
    found.set(place, earlier)
    taken.add(earlier)
  }
  for (const place of after.keys()) pair(place, (earlier) => earlier === place && old?.[earlier] === now?.[place])
  for (const place of after.keys()) pair(place, (earlier) => old?.[earlier] === now?.[place])
  for (const [place, { kind }] of after.entries()) pair(place, (earlier) => before[earlier]?.kind === kind)
  return withMoves([...found].toSorted(([a], [b]) => a - b))
}

/** Those outside the longest run that kept its order have moved. */
function withMoves(pairs: readonly (readonly [after: number, before: number])[]): readonly RulePair[] {
  const kept = new Set(longestAscending(pairs.map(([, before]) => before)))
  return pairs.map(([after, before]) => ({ before, after, moved: !kept.has(before) }))
}

/** The longest ascending subsequence, the last of several; square in the length, which is that of a list of rules. */
function longestAscending(places: readonly number[]): readonly number[] {
  const runs: (readonly number[])[] = []
  for (const place of places) {
    const fitting = runs.filter((run) => (run.at(-1) ?? place) < place)
    runs.push([...longest(fitting), place])
  }
  return longest(runs)
}

function longest(runs: readonly (readonly number[])[]): readonly number[] {
  return runs.reduce<readonly number[]>((best, run) => (run.length < best.length ? best : run), [])
}
