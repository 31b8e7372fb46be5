import { z } from 'zod'
import { CONTRIBUTION_KINDS, type ContributionKind } from './contribution.ts'
import { contributionItem } from './contribution-item.ts'
import { FIELDS_OF_KIND, strangersTo } from './fields-of-kind.ts'
import { revenueItem } from './parse-revenue.ts'

/** A schema that other systems can read (JSON Schema 2020-12). */
export type JsonSchema = z.core.JSONSchema.BaseSchema

/** JSON Schema of one line of a file of broker's facts (NDJSON). */
export function revenueItemJsonSchema(): JsonSchema {
  return schemaOf(
    revenueItem,
    'One fact of the broker: revenue of a customer, the customer behind a lead, or a decision on a contribution',
  )
}

/** JSON Schema of one contribution that a partner reports. */
export function contributionItemJsonSchema(): JsonSchema {
  const title = 'One contribution of a partner, naming its customer by either subject or lead'
  return { ...schemaOf(contributionItem, title), allOf: CONTRIBUTION_KINDS.map(ruleOfKind) }
}

/** What one kind needs beside what every contribution has, and what it must not have. */
function ruleOfKind(kind: ContributionKind): JsonSchema {
  const { needs, anonymous } = FIELDS_OF_KIND[kind]
  const names = [given('subject'), given('lead')]
  return {
    if: { properties: { kind: { const: kind } }, required: ['kind'] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: {
      allOf: needs.map(given),
      properties: Object.fromEntries(strangersTo(kind).map((field) => [field, { type: 'null' }])),
      oneOf: anonymous ? [...names, { not: { anyOf: names } }] : names,
    },
  }
}

/** That a field is there; null is as good as absent. */
function given(field: string): JsonSchema {
  return { required: [field], properties: { [field]: { not: { type: 'null' } } } }
}

function schemaOf(schema: z.ZodType, title: string): JsonSchema {
  return { title, ...z.toJSONSchema(schema, { io: 'input' }) }
}
