import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wrapText } from '../../../ledger/documents/pdf/wrap-text.ts'

const widthOf = (character: string): number => (/[\u2e80-\u9fff]/.test(character) ? 2 : 1)
const widthOfAll = (line: string): number => [...line].reduce((all, character) => all + widthOf(character), 0)
const text = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', '海', '港', '，', '（', '-', '9', '.', '%'),
  maxLength: 60,
})

test('no line is wider than the width, and nothing is lost but blanks', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 20 }), (words, width) => {
      const lines = wrapText(words, width, widthOf)
      for (const line of lines) expect(widthOfAll(line)).toBeLessThanOrEqual(width)
      expect(lines.join('').replaceAll(' ', '')).toBe(words.replaceAll(' ', ''))
    }),
  )
})

test.each([
  ['one two three', 7, ['one two', 'three']],
  ['海港国际旅行', 6, ['海港国', '际旅行']],
  ['海港国，际', 6, ['海港', '国，际']],
  ['half to even: -799', 15, ['half to even:', '-799']],
  ['abcdefgh', 3, ['abc', 'def', 'gh']],
  ['by 20 % now', 6, ['by', '20 %', 'now']],
  ['', 3, ['']],
])('%j within %i breaks where a reader would', (words, width, lines) => {
  expect(wrapText(words, width, widthOf)).toEqual(lines)
})
