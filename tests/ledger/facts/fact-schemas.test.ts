import { describe, expect, test } from 'vitest'
import { contributionItemJsonSchema, revenueItemJsonSchema } from '../../../ledger/facts/fact-schemas.ts'

describe('the schemas that other systems read', () => {
  test('revenue is one of four kinds of line, told apart by their type', () => {
    const { oneOf, title } = revenueItemJsonSchema()
    expect(title).toBeTypeOf('string')
    expect(oneOf).toMatchObject([
      { properties: { type: { const: 'revenue' } }, additionalProperties: false },
      { properties: { type: { const: 'lead_bound' } }, additionalProperties: false },
      { properties: { type: { const: 'contribution_confirmed' } }, additionalProperties: false },
      { properties: { type: { const: 'contribution_rejected' } }, additionalProperties: false },
    ])
    expect(oneOf?.[0]).toMatchObject({
      required: ['type', 'externalId', 'customer', 'base', 'asset', 'occurredAt'],
      properties: { occurredAt: { type: 'string', format: 'date-time' } },
    })
  })

  test('a contribution needs a key, a kind and a time, and has no unknown fields', () => {
    expect(contributionItemJsonSchema()).toMatchObject({
      required: ['externalId', 'kind', 'occurredAt'],
      additionalProperties: false,
    })
  })

  test('a contribution needs and refuses what its kind does', () => {
    const { allOf } = contributionItemJsonSchema()
    const rule = allOf?.find((one) => JSON.stringify(one).includes('SERVICE_OUTCOME'))
    expect(rule).toMatchObject({
      if: { properties: { kind: { const: 'SERVICE_OUTCOME' } } },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: {
        allOf: [{ required: ['asset'] }, { required: ['score'] }],
        properties: {
          course: { type: 'null' },
          units: { type: 'null' },
          unit: { type: 'null' },
          referrer: { type: 'null' },
        },
      },
    })
    expect(allOf).toHaveLength(5)
  })

  test('they are JSON', () => {
    const schemas = [revenueItemJsonSchema(), contributionItemJsonSchema()]
    expect(JSON.parse(JSON.stringify(schemas))).toEqual(schemas)
  })
})
