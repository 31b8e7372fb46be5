import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultOfIban } from '../../../ledger/bank-accounts/iban.ts'

const COUNTRIES = [
  ['DE', 22],
  ['FR', 27],
  ['GB', 22],
  ['NO', 15],
  ['MT', 31],
  ['RU', 33],
  ['AE', 23],
  ['CH', 21],
] as const
const LETTERS_AND_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Check digits by school arithmetic, digit by digit. */
function withCheckDigits(country: string, rest: string): string {
  let remainder = 0
  for (const letter of `${rest}${country}00`) {
    const value = LETTERS_AND_DIGITS.indexOf(letter)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return `${country}${`${98 - remainder}`.padStart(2, '0')}${rest}`
}

const sound = fc
  .constantFrom(...COUNTRIES)
  .chain(([country, length]) =>
    fc
      .array(fc.constantFrom(...LETTERS_AND_DIGITS), { minLength: length - 4, maxLength: length - 4 })
      .map((rest) => withCheckDigits(country, rest.join(''))),
  )

describe('an IBAN', () => {
  // examples of the registry (ISO 13616)
  test.each([
    'DE89370400440532013000',
    'GB29NWBK60161331926819',
    'FR1420041010050500013M02606',
    'NO9386011117947',
    'MT84MALT011000012345MTLCAST001S',
    'CH9300762011623852957',
    'SA0380000000608010167519',
    'RU0304452522540817810538091310419',
  ])('%s is sound', (iban) => {
    expect(faultOfIban(iban)).toBeUndefined()
  })

  test.each([
    ['DE8937040044053201300', 'an IBAN of its country has 22 characters'],
    ['DE88370400440532013000', 'its check digits do not fit'],
    ['CN89370400440532013000', 'its country issues no IBAN'],
    ['de89370400440532013000', 'it is not an IBAN'],
    ['DEX9370400440532013000', 'it is not an IBAN'],
    ['', 'it is not an IBAN'],
  ])('%s is none', (iban, why) => {
    expect(faultOfIban(iban)).toBe(why)
  })

  test('with the right check digits is sound, whatever its country', () => {
    fc.assert(fc.property(sound, (iban) => faultOfIban(iban) === undefined))
  })

  test('with one character changed for another of its sort, or two such neighbours swapped, is none', () => {
    fc.assert(
      fc.property(sound, fc.nat(), fc.nat(), (iban, place, other) => {
        const at = 4 + (place % (iban.length - 5))
        const [was = '', next = ''] = iban.slice(at, at + 2)
        const sort = /[0-9]/.test(was) ? '0123456789' : LETTERS_AND_DIGITS.slice(10)
        const changed = sort.replace(was, '').charAt(other % (sort.length - 1))
        const wrong = [`${iban.slice(0, at)}${changed}${iban.slice(at + 1)}`]
        // a letter stands for two digits: 1B and B1 are the same ones, which no check digits tell apart
        if (was !== next && sort.includes(next)) wrong.push(`${iban.slice(0, at)}${next}${was}${iban.slice(at + 2)}`)
        expect(wrong.map(faultOfIban)).toEqual(wrong.map(() => 'its check digits do not fit'))
      }),
      { numRuns: 2000 },
    )
  })
})
