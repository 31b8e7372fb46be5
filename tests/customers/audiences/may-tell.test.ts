import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mayTell } from '../../../customers/audiences/may-tell.ts'
import {
  addMember,
  both,
  countOf,
  either,
  type MemberSet,
  noMembers,
  without,
} from '../../../customers/audiences/member-set.ts'

const SIZE = 61
const setOf = (places: Iterable<number>): MemberSet => {
  const set = noMembers(SIZE)
  for (const place of places) addMember(set, place)
  return set
}
const everybody = setOf(Array(SIZE).keys())
const places = fc.array(fc.nat(SIZE - 1), { maxLength: 80 }).map((list) => new Set(list))

test('sets of members are sets', () => {
  fc.assert(
    fc.property(places, places, (a, b) => {
      expect(countOf(setOf(a))).toBe(a.size)
      expect(both(setOf(a), setOf(b))).toEqual(setOf(a.intersection(b)))
      expect(either(setOf(a), setOf(b))).toEqual(setOf(a.union(b)))
      expect(without(setOf(a), setOf(b))).toEqual(setOf(a.difference(b)))
    }),
  )
})

test('whatever is asked in whatever order, no number told, no rest of all and no difference of two is about a few', () => {
  const least = 20
  fc.assert(
    fc.property(fc.array(places, { maxLength: 25 }), (asked) => {
      const told: Set<number>[] = []
      const everyone = new Set(Array(SIZE).keys())
      for (const one of asked) {
        if (mayTell(setOf(one), { all: everybody, told: told.map(setOf), least })) told.push(one)
      }
      const few = (set: ReadonlySet<number>) => set.size > 0 && set.size < least
      for (const a of told) {
        expect(a.size).toBeGreaterThanOrEqual(least)
        expect(few(everyone.difference(a))).toBe(false)
        for (const b of told) expect(few(a.difference(b))).toBe(false)
      }
    }),
  )
})

test('everybody, and a group that is large and leaves many, may be told', () => {
  const some = setOf(Array(30).keys())
  expect(mayTell(everybody, { all: everybody, told: [], least: 20 })).toBe(true)
  expect(mayTell(some, { all: everybody, told: [everybody], least: 20 })).toBe(true)
  expect(mayTell(setOf(Array(31).keys()), { all: everybody, told: [some], least: 20 })).toBe(false)
})
