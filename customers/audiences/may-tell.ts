import { countOf, type MemberSet, without } from './member-set.ts'

/** The least number of persons that a count may be about. A setting may raise it and never lower it. */
export const LEAST_PERSONS = 20

/**
 * Whether the number of the asked may be told, beside all that was told before. It may not be about fewer than `least` persons,
 * nor leave so few out of all that are counted; and with no number before it may it lie so close that the difference of the
 * two is about fewer: neither of them may hold 1 to `least - 1` persons that the other one does not.
 * Source: ADR 0037.
 */
export function mayTell(
  asked: MemberSet,
  { all, told, least }: { readonly all: MemberSet; readonly told: readonly MemberSet[]; readonly least: number },
): boolean {
  const few = (set: MemberSet): boolean => {
    const count = countOf(set)
    return count > 0 && count < least
  }
  if (countOf(asked) < least || few(without(all, asked))) return false
  return told.every((before) => !few(without(asked, before)) && !few(without(before, asked)))
}
