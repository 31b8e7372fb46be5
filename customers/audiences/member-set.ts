/** Some of the members of a cohort: a bit for each, by its place. Sets of one cohort are equally long. */
export type MemberSet = Uint8Array

/** The set of nobody among so many members. */
export function noMembers(size: number): MemberSet {
  return new Uint8Array(Math.ceil(size / 8))
}

/** Puts a member into a set that is being made. */
export function addMember(set: MemberSet, place: number): void {
  set[place >> 3] = (set[place >> 3] ?? 0) | (1 << (place & 7))
}

/** Those in both. */
export function both(a: MemberSet, b: MemberSet): MemberSet {
  return a.map((byte, index) => byte & (b[index] ?? 0))
}

/** Those in either. */
export function either(a: MemberSet, b: MemberSet): MemberSet {
  return a.map((byte, index) => byte | (b[index] ?? 0))
}

/** Those in the first and not in the second. */
export function without(a: MemberSet, b: MemberSet): MemberSet {
  return a.map((byte, index) => byte & ~(b[index] ?? 0))
}

/** How many are in a set. */
export function countOf(set: MemberSet): number {
  let count = 0
  for (const byte of set) count += BITS[byte] ?? 0
  return count
}

const BITS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)
