import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { columnsOf, evaluate, mappingExpression } from '../../kernel/mapping.ts'

describe('an expression', () => {
  it.each([
    ['a column', { column: 'a' }, { a: 'x' }, 'x'],
    ['a column, trimmed', { column: 'a' }, { a: ' x\t' }, 'x'],
    ['a column as it is', { column: 'a', trim: false }, { a: ' x' }, ' x'],
    ['an empty column', { column: 'a' }, { a: '  ' }, undefined],
    ['an absent column', { column: 'a' }, {}, undefined],
    ['an absent column with a default', { column: 'a', default: 'd' }, {}, 'd'],
    ['a column that every object inherits', { column: 'constructor' }, {}, undefined],
    ['a constant', { constant: 'c' }, {}, 'c'],
    ['a template', { template: 'bank-{line}' }, {}, 'bank-7'],
    ['a template with columns', { template: '{a}/{b}-{a}' }, { a: 'x', b: '{a}' }, 'x/{a}-x'],
    ['a template with dollars', { template: '{a}$1' }, { a: '$&' }, '$&$1'],
    ['a template with an empty column', { template: '{a}/2', default: 'd' }, { a: '' }, 'd'],
    ['a map', { column: 'a', map: { x: 'y' } }, { a: 'x' }, 'y'],
    ['a map that lacks the text', { column: 'a', map: { x: 'y' } }, { a: 'z' }, undefined],
    ['a map that lacks the text, with a default', { column: 'a', map: { x: 'y' }, default: 'd' }, { a: 'z' }, 'd'],
    ['a map asked for what every object inherits', { column: 'a', map: { x: 'y' } }, { a: 'toString' }, undefined],
    ['a mapped template', { template: '{a}-{b}', map: { 'x-y': 'z' } }, { a: 'x', b: 'y' }, 'z'],
  ] as const)('of %s', (_, expression, row, value) => {
    expect(evaluate(mappingExpression.parse(expression), row, 7)).toBe(value)
  })

  it.each([
    ['-1', 'NONE'],
    ['0', 'NONE'],
    ['-0.000000000000000001', 'NONE'],
    ['0.000000000000000001', 'LOW'],
    ['999.99', 'LOW'],
    ['999.990000000000000001', 'HIGH'],
    ['123456789012345678901234567890', 'HIGH'],
    ['007', 'LOW'],
    ['1e3', undefined],
    ['many', undefined],
    ['', undefined],
  ])('with bands takes %j to %s', (balance, band) => {
    const bands = [{ upTo: 0, value: 'NONE' }, { upTo: '999.99', value: 'LOW' }, { value: 'HIGH' }]
    expect(evaluate(mappingExpression.parse({ column: 'balance', bands }), { balance }, 1)).toBe(band)
  })

  it('with closed bands has no value beyond them', () => {
    expect(evaluate({ column: 'a', bands: [{ upTo: 5, value: 'x' }] }, { a: '6' }, 1)).toBeUndefined()
  })

  it.each([
    [{ default: 'yes', age: '70' }, 'C1'],
    [{ default: 'no', age: '70' }, 'C2'],
    [{ default: 'no', age: '65' }, 'C2'],
    [{ default: 'no', age: '64', loan: 'yes' }, 'C3'],
    [{ default: 'no', age: '64', loan: 'maybe' }, 'C3'],
    [{ default: 'no', age: '17' }, 'C5'],
    [{ default: 'no', age: 'old' }, 'C4'],
    [{}, 'C4'],
  ])('with cases takes %j to %s', (row, value) => {
    const when = [
      { all: [{ column: 'default', equals: 'yes' }], value: 'C1' },
      { all: [{ column: 'age', atLeast: 65 }], value: 'C2' },
      {
        all: [
          { column: 'age', atLeast: 18, upTo: 64 },
          { column: 'loan', equals: ['yes', 'maybe'] },
        ],
        value: 'C3',
      },
      { all: [{ column: 'age', upTo: '17.5' }], value: 'C5' },
    ]
    expect(evaluate(mappingExpression.parse({ when, default: 'C4' }), row, 1)).toBe(value)
  })

  it('can ask for an empty column', () => {
    const expression = mappingExpression.parse({ when: [{ all: [{ column: 'a', equals: '' }], value: 'none' }] })
    expect(evaluate(expression, { a: ' ' }, 1)).toBe('none')
  })

  it.each([
    ['nothing', {}],
    ['two sources', { column: 'a', constant: 'b' }],
    ['an unknown word', { column: 'a', suffix: '/2' }],
    ['a map and bands', { column: 'a', map: {}, bands: [{ value: 'x' }] }],
    [
      'bands that do not ascend',
      {
        column: 'a',
        bands: [
          { upTo: 2, value: 'x' },
          { upTo: 2, value: 'y' },
        ],
      },
    ],
    ['an open band that is not the last', { column: 'a', bands: [{ value: 'x' }, { upTo: 2, value: 'y' }] }],
    [
      'a bound that is no number',
      {
        column: 'a',
        bands: [
          { upTo: 'ten', value: 'x' },
          { upTo: 11, value: 'y' },
        ],
      },
    ],
    ['a bound without end', { column: 'a', bands: [{ upTo: 1e21, value: 'x' }] }],
    ['a condition of nothing', { when: [{ all: [{ column: 'a' }], value: 'x' }] }],
    ['a case without conditions', { when: [{ all: [], value: 'x' }] }],
    ['a template with a brace too many', { template: '{a}}' }],
    ['a template with nothing in braces', { template: '{}' }],
    ['a NUL', { constant: 'a\u0000' }],
    ['text', 'column'],
  ])('is not %s', (_, expression) => {
    expect(mappingExpression.safeParse(expression).success).toBe(false)
  })

  it('agrees with the order of numbers on which band holds them', () => {
    const bands = [{ upTo: -10, value: '0' }, { upTo: 0, value: '1' }, { upTo: 10, value: '2' }, { value: '3' }]
    fc.assert(
      fc.property(fc.integer({ min: -30, max: 30 }), (number) => {
        const expected = number <= -10 ? '0' : number <= 0 ? '1' : number <= 10 ? '2' : '3'
        return evaluate({ column: 'a', bands }, { a: String(number) }, 1) === expected
      }),
    )
  })

  it('never fails on a row', () => {
    const expressions = [
      { column: 'a', bands: [{ upTo: 0, value: 'x' }] },
      { template: '{a}{b}' },
      { when: [{ all: [{ column: 'a', atLeast: 1 }], value: 'x' }] },
    ].map((expression) => mappingExpression.parse(expression))
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.string({ unit: 'binary' })), (row) => {
        for (const expression of expressions) evaluate(expression, row, 1)
      }),
    )
  })

  it('names the columns that it reads', () => {
    expect(columnsOf({ column: 'a' })).toEqual(['a'])
    expect(columnsOf({ constant: 'a' })).toEqual([])
    expect(columnsOf({ template: '{a}-{line}-{b}' })).toEqual(['a', 'b'])
    const all = [
      { column: 'a', equals: 'x' },
      { column: 'b', upTo: 1 },
    ]
    expect(
      columnsOf({
        when: [
          { all, value: 'x' },
          { all, value: 'y' },
        ],
      }),
    ).toEqual(['a', 'b'])
  })

  it('has a JSON Schema', () => {
    const schema = z.toJSONSchema(mappingExpression, { io: 'input' })
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false })
  })
})
