import { invariant } from '../../../kernel/invariant.ts'

/**
 * Names that two things never share: each gets the one it would like if it is the first to ask, and otherwise the one
 * that is its own for certain.
 */
export function distinctNames<K extends string>(
  liked: (key: K) => string,
  certain: (key: K) => string,
): (key: K) => string {
  const names = new Map<K, string>()
  const taken = new Set<string>()
  return (key) => {
    const known = names.get(key)
    if (known !== undefined) return known
    const name = taken.has(liked(key)) ? certain(key) : liked(key)
    invariant(!taken.has(name), `${name} would name two things in an export`)
    names.set(key, name)
    taken.add(name)
    return name
  }
}
