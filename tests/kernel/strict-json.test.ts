import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStrictJson } from '../../kernel/strict-json.ts'

/** Texts that PostgreSQL keeps, with everything that has to be escaped. */
const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\u0000'))

describe('strict JSON', () => {
  it('reads whatever JSON.parse reads, however it is spaced and escaped', () => {
    const value = fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 6 }).filter((each) => !hasNul(each))
    fc.assert(
      fc.property(value, fc.constantFrom(0, 1, '\t'), fc.boolean(), (given, space, escaped) => {
        const plain = JSON.stringify(given, null, space)
        const written = escaped ? escapeAll(plain) : plain
        expect(parseStrictJson(written)).toEqual(JSON.parse(written))
      }),
    )
  })

  it('refuses a key that stands twice, wherever and however it is written', () => {
    fc.assert(
      fc.property(
        text,
        fc.jsonValue({ stringUnit: 'grapheme' }).filter((each) => !hasNul(each)),
        (key, value) => {
          const [plain, other] = [JSON.stringify(key), escapeAll(JSON.stringify(key))]
          const inner = JSON.stringify(value)
          const doubled = `[${inner}, {"${'x'.repeat(key.length + 1)}":0, ${plain} : ${inner},\n${other}\t:1}]`
          expect(() => parseStrictJson(doubled)).toThrow('a key stands twice')
        },
      ),
    )
  })

  it('takes one key in different objects, and as a value', () => {
    for (const fine of ['{"a":{"a":{"a":"a"}}}', '[{"a":1},{"a":1}]', '{"a":["a","a"],"b":"a"}', '{"a:":1,"a":"a:"}']) {
      expect(parseStrictJson(fine)).toEqual(JSON.parse(fine))
    }
  })

  it('refuses NUL and halves of pairs in values and keys', () => {
    for (const bad of [
      '"\\u0000"',
      '{"\\u0000":1}',
      '["a\\\\\\u0000"]',
      '"\\ud800"',
      '"\\udc00\\ud800"',
      '{"\\udfff":1}',
    ]) {
      expect(() => parseStrictJson(bad)).toThrow('NUL')
    }
    expect(parseStrictJson('"\\\\u0000"')).toBe('\\u0000')
    expect(parseStrictJson('"\\ud83d\\ude00"')).toBe('😀')
  })

  it('reads 64 levels and no more', () => {
    const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
    expect(parseStrictJson(nested(64))).toEqual(JSON.parse(nested(64)))
    for (const levels of [65, 500, 200_000]) expect(() => parseStrictJson(nested(levels))).toThrow()
  })
})

/** The same JSON with the letters of its texts as escapes. */
function escapeAll(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/gs, (quoted) => {
    const units = [...Array(JSON.parse(quoted).length).keys()].map((at) => JSON.parse(quoted).charCodeAt(at))
    return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`
  })
}

function hasNul(value: unknown): boolean {
  return JSON.stringify(value).includes('\\u0000')
}
