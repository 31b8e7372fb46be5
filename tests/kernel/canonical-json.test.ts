import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts'
import { fingerprintOf } from '../../kernel/digest.ts'

const text = fc.string({ unit: 'binary' })
const values: fc.Arbitrary<CanonicalValue> = fc.letrec<{ value: CanonicalValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.bigInt(),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(text, tie('value'), { maxKeys: 5 }),
  ),
})).value

describe('canonical JSON', () => {
  it('sorts keys by UTF-16 code units, as in RFC 8785 §3.2.3', () => {
    const sample = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    const sorted = [...canonicalJson(sample).matchAll(/:"([^"]+)"/g)].map((match) => match[1])
    expect(sorted).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  it('writes text as in RFC 8785 §3.2.2.2', () => {
    expect(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/')).toBe('"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"')
    expect(canonicalJson('\b\f\t\r\u0000\u007f\u2028')).toBe('"\\b\\f\\t\\r\\u0000\u007f\u2028"')
  })

  it('writes literals and nesting without white space', () => {
    expect(canonicalJson({ b: [null, true, false, {}, []], a: { d: '', c: 1n } })).toBe(
      '{"a":{"c":"1","d":""},"b":[null,true,false,{},[]]}',
    )
  })

  it('writes integers of any size as strings', () => {
    expect(canonicalJson([-(2n ** 64n), 0n])).toBe('["-18446744073709551616","0"]')
  })

  it('leaves out what is absent', () => {
    expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}')
  })

  it.each([
    ['a value', '\ud800'],
    ['a key', { '\udc00': true }],
    ['a list', ['ok', 'x\ud83d']],
  ])('refuses half of a surrogate pair in %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow('well-formed')
  })

  it('keeps a key named __proto__', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":"x","a":"y"}'))).toBe('{"__proto__":"x","a":"y"}')
  })

  it('is JSON for the same value', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(withTexts(value))
      }),
    )
  })

  it('is a fixed point: read and written again it is the same', () => {
    fc.assert(fc.property(values, (value) => canonicalJson(JSON.parse(canonicalJson(value))) === canonicalJson(value)))
  })

  it('does not depend on the order in which keys were set', () => {
    fc.assert(
      fc.property(fc.dictionary(text, values, { maxKeys: 8 }), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse())
        return fingerprintOf(turned) === fingerprintOf(value)
      }),
    )
  })
})

/** The value as JSON has it: integers are text, and absent members are gone. */
function withTexts(value: CanonicalValue): unknown {
  return JSON.parse(JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? String(member) : member)))
}
