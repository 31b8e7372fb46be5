import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'
import { RULE_KINDS, type Terms } from '../../../ledger/agreements/terms.ts'
import { bodyOf } from '../../../ledger/agreements/terms-body.ts'
import { termsJsonSchema } from '../../../ledger/agreements/terms-schema.ts'
import { someTerms } from './arbitrary-terms.ts'
import { POINTS_RULE, REFERRAL_RULE, termsInput } from './factories.ts'
import { faultsOf, type Schema } from './json-schema-faults.ts'

const schema: Schema = JSON.parse(JSON.stringify(termsJsonSchema()))
const written = (terms: Terms): Written => JSON.parse(bodyOf(terms))

type Written = { rules: Record<string, unknown>[]; [name: string]: unknown }

/** Every property that a schema names, with its path. */
function propertiesOf(part: unknown, path: string): readonly (readonly [path: string, about: Schema])[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([keyword, inner]) => {
    if (keyword !== 'properties') return propertiesOf(inner, path)
    return Object.entries(inner as Record<string, Schema>).flatMap(([name, about]) => [
      [`${path}/${name}`, about] as const,
      ...propertiesOf(about, `${path}/${name}`),
    ])
  })
}

describe('the JSON Schema of terms', () => {
  test('names every kind of rule, each with what it gives', () => {
    const { oneOf } = (schema as { properties: { rules: { items: { oneOf: Schema[] } } } }).properties.rules.items
    expect(oneOf.map((rule) => (rule as { properties: { kind: Schema } }).properties.kind['const'])).toEqual(RULE_KINDS)
    for (const { description } of oneOf) expect(description).toMatch(/[.]$/)
  })

  test('says of every field what it is, in a sentence', () => {
    const fields = propertiesOf(schema, '')
    expect(fields.length).toBeGreaterThan(100)
    expect(
      fields.filter(([, { description }]) => !/^[A-Z].*[.]$/.test(`${description}`)).map(([path]) => path),
    ).toEqual([])
  })

  test('takes all sound terms, with rules of every kind', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(someTerms, (terms) => {
        for (const { kind } of terms.rules) seen.add(kind)
        expect(faultsOf(schema, written(terms))).toEqual([])
      }),
      { numRuns: 200 },
    )
    expect([...seen].sort()).toEqual(RULE_KINDS.toSorted())
  })

  test('takes what leaves out defaults, counts in numbers and says where the schema is', () => {
    const rules = [REFERRAL_RULE, POINTS_RULE, { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 5 }]
    const terms = termsInput('spring', { rules, $schema: 'http://localhost:4000/schemas/terms.json' })
    expect(faultsOf(schema, terms)).toEqual([])
  })

  test('refuses a field that is not known, wherever it stands, as parsing does', () => {
    fc.assert(
      fc.property(someTerms, fc.nat(), (terms, at) => {
        const value = written(terms)
        const places = [value, value.rules[at % Math.max(1, value.rules.length)] ?? value]
        for (const place of places) {
          place['colour'] = 'red'
          expect(faultsOf(schema, value)).not.toEqual([])
          expect(() => parseTerms(value)).toThrow('colour')
          delete place['colour']
        }
      }),
      { numRuns: 100 },
    )
  })

  test('refuses nothing that parsing takes: any field left out', () => {
    let refused = 0
    fc.assert(
      fc.property(someTerms, fc.nat(), (terms, at) => {
        const value = written(terms)
        const place = value.rules[at % Math.max(1, value.rules.length)] ?? value
        const names = Object.keys(place)
        delete place[names[at % names.length] ?? '']
        const faults = faultsOf(schema, value)
        if (faults.length === 0) return
        refused++
        expect(() => parseTerms(value)).toThrow('terms: ')
      }),
      { numRuns: 200 },
    )
    expect(refused).toBeGreaterThan(20)
  })

  test.each([
    ['a rate above all', { rules: [{ ...REFERRAL_RULE, ratePpm: 1_000_001 }] }],
    ['a fraction', { minimumPayout: 1.5 }],
    ['a window of both', { rules: [{ ...REFERRAL_RULE, window: { days: 1, months: 1 } }] }],
    ['a half-life where there is none', { rules: [pool({ model: 'LINEAR', halfLifeDays: 7 })] }],
    ['a decay without its half-life', { rules: [pool({ model: 'TIME_DECAY' })] }],
    ['a kind that nobody knows', { rules: [{ kind: 'LOTTERY' }] }],
    ['tiers that are none', { rules: [{ kind: 'AUM_INCREMENT_TIERS', tiers: [], mode: 'VOLUME' }] }],
  ])('refuses %s, as parsing does', (_, changes) => {
    const terms = termsInput('spring', changes)
    expect(faultsOf(schema, terms)).not.toEqual([])
    expect(() => parseTerms(terms)).toThrow('terms: ')
  })
})

function pool(attribution: object): object {
  return { kind: 'POOL_SPLIT', poolPpm: 1, housePpm: 0, attribution }
}

test('where the schema is, is no part of the terms', () => {
  const terms = termsInput('spring')
  expect(parseTerms({ ...terms, $schema: './terms.schema.json' })).toEqual(parseTerms(terms))
  expect(() => parseTerms({ ...terms, $schema: 7 })).toThrow('$schema')
})
