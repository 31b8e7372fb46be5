import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalizeValue, rankOf } from '../../customers/tag-value.ts'

test('a number has one form, whatever zeros it was written with', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.nat(5), fc.nat(5), (value, before, after) => {
      const digits = String(value < 0n ? -value : value)
      const text = `${value < 0n ? '-' : ''}${'0'.repeat(before)}${digits}.${'0'.repeat(after + 1)}`
      expect(normalizeValue({ type: 'DECIMAL' }, text)).toBe(String(value))
    }),
  )
})

test('normalizing again changes nothing, and keeps the rank', () => {
  const texts = fc.stringMatching(/^-?[0-9]{1,20}(\.[0-9]{1,10})?$/)
  fc.assert(
    fc.property(texts, (text) => {
      const once = normalizeValue({ type: 'DECIMAL' }, text) ?? ''
      expect(normalizeValue({ type: 'DECIMAL' }, once)).toBe(once)
      expect(rankOf({ type: 'DECIMAL' }, once)).toBe(rankOf({ type: 'DECIMAL' }, text))
    }),
  )
})

test.each([
  ['INTEGER', '-0', '0'],
  ['INTEGER', '007', '7'],
  ['DECIMAL', '-0.00', '0'],
  ['DECIMAL', '12.340', '12.34'],
  ['BOOLEAN', 'true', 'true'],
  ['DATE', '2024-02-29', '2024-02-29'],
  ['ENUM', 'C2', 'C2'],
  ['TEXT', '上海', '上海'],
] as const)('%s takes %s as %s', (type, text, value) => {
  expect(normalizeValue({ type, values: ['C1', 'C2'] }, text)).toBe(value)
})

test.each([
  ['INTEGER', '1.5'],
  ['INTEGER', '1e3'],
  ['INTEGER', ' 1'],
  ['INTEGER', '9'.repeat(31)],
  ['DECIMAL', 'NaN'],
  ['DECIMAL', '1,5'],
  ['DECIMAL', '.5'],
  ['BOOLEAN', 'yes'],
  ['DATE', '2023-02-29'],
  ['DATE', '2024-1-1'],
  ['ENUM', 'C9'],
  ['ENUM', 'toString'],
  ['TEXT', ''],
  ['TEXT', 'a\u0000b'],
  ['TEXT', 'a\nb'],
  ['TEXT', '\ud800'],
  ['TEXT', 'x'.repeat(501)],
] as const)('%s refuses %j', (type, text) => {
  expect(normalizeValue({ type, values: ['C1', 'C2'] }, text)).toBeUndefined()
})

test('text and truth have no order', () => {
  expect([rankOf({ type: 'TEXT' }, 'a'), rankOf({ type: 'BOOLEAN' }, 'true')]).toEqual([undefined, undefined])
})
