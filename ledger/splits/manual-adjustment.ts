import type { Id } from '../../kernel/ids.ts'
import { RULE_KINDS, type Rule } from '../agreements/terms.ts'

/** What two persons give by hand, or take: it stands in a statement as a rule does, and in no terms. */
export type ManualAdjustment = {
  readonly kind: 'MANUAL_ADJUSTMENT'
  readonly adjustment: Id<'adj'>
  readonly reason: string
}

/** Whatever may stand in a statement as a rule, in the order of RULES §3. */
export type AnyRule = Rule | ManualAdjustment

/** Kinds of all that may stand in a statement. */
export const STATED_KINDS = [...RULE_KINDS, 'MANUAL_ADJUSTMENT'] as const satisfies readonly AnyRule['kind'][]
