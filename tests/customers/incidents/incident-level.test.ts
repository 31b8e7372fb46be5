import fc from 'fast-check'
import { expect, test } from 'vitest'
import { duesOf, INCIDENT_LEVELS, levelOf } from '../../../customers/incidents/incident-level.ts'

test.each([
  [0, 'GENERAL'],
  [9999, 'GENERAL'],
  [10_000, 'SERIOUS'],
  [100_000, 'SERIOUS'],
  [100_001, 'MAJOR'],
])('%i customers make it %s', (customers, level) => {
  expect(levelOf(customers)).toBe(level)
})

test('more customers never lower the level, and a higher level never has more time', () => {
  const at = new Date('2026-11-25T08:00:00Z')
  fc.assert(
    fc.property(fc.nat(300_000), fc.nat(300_000), (customers, more) => {
      const [less, greater] = [levelOf(customers), levelOf(customers + more)]
      expect(INCIDENT_LEVELS.indexOf(greater)).toBeGreaterThanOrEqual(INCIDENT_LEVELS.indexOf(less))
      const [early, late] = [duesOf(greater, customers + more, at), duesOf(less, customers, at)]
      expect(early.regulator.getTime()).toBeLessThanOrEqual(late.regulator.getTime())
    }),
  )
})

test('the regulator is told within two hours from 10,000 customers on, customers within a day', () => {
  const at = new Date('2026-11-25T08:00:00Z')
  const [two, day] = [new Date('2026-11-25T10:00:00Z'), new Date('2026-11-26T08:00:00Z')]
  expect(duesOf('MAJOR', 100_001, at)).toEqual({ regulator: two, customers: day })
  expect(duesOf('SERIOUS', 10_000, at)).toEqual({ regulator: two, customers: day })
  expect(duesOf('GENERAL', 1, at)).toEqual({ regulator: day, customers: day })
  expect(duesOf('GENERAL', 0, at)).toEqual({ regulator: day, customers: undefined })
})
