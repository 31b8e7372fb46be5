import type { Id } from '../../kernel/ids.ts'
import type { FactRule, TermsVersion } from '../agreements/terms.ts'
import { type PlacedRule, rulesInOrder } from './match-rules.ts'

/**
 * Rules that meet one fact together, in their order: all of one version, or, where the version that was in force when a
 * window opened is not the one at the fact, each version's own kinds.
 */
export type GoverningRules = readonly (readonly PlacedRule<FactRule>[])[]

/** Kinds whose window a contribution opens: the terms of then govern all of it. Source: RULES §2. */
const OPENED: ReadonlySet<FactRule['kind']> = new Set(['REFERRAL_COMMISSION_SHARE', 'COURSE_COMPLETION'])

/** Finds the rules that govern a fact; one search for each pair of versions. */
export function governingRules(
  termsOf: (id: Id<'trm'>) => TermsVersion | undefined,
): (governing: { readonly opened: Id<'trm'> | undefined; readonly own: Id<'trm'> | undefined }) => GoverningRules {
  const known = new Map<string, GoverningRules>()
  return ({ opened, own }) => {
    const key = `${opened}/${own}`
    const found = known.get(key) ?? together(opened && termsOf(opened), own && termsOf(own))
    known.set(key, found)
    return found
  }
}

function together(opened: TermsVersion | undefined, own: TermsVersion | undefined): GoverningRules {
  if (opened !== undefined && opened.id === own?.id) return [rulesInOrder(opened)]
  const openedRules = opened === undefined ? [] : rulesInOrder(opened).filter(({ rule }) => OPENED.has(rule.kind))
  const ownRules = own === undefined ? [] : rulesInOrder(own).filter(({ rule }) => !OPENED.has(rule.kind))
  return [openedRules, ownRules].filter((rules) => rules.length > 0)
}
