import { z } from 'zod'
import { contributionItem } from './parse-contribution.ts'
import { revenueItem } from './parse-revenue.ts'

/** A schema that other systems can read (JSON Schema 2020-12). */
export type JsonSchema = z.core.JSONSchema.BaseSchema

/** JSON Schema of one line of a file of broker's facts (NDJSON). */
export function revenueItemJsonSchema(): JsonSchema {
  return schemaOf(revenueItem, 'One fact of the broker: revenue of a customer, or the customer behind a partner’s lead')
}

/** JSON Schema of one contribution that a partner reports. */
export function contributionItemJsonSchema(): JsonSchema {
  return schemaOf(contributionItem, 'One contribution of a partner, naming its customer by either subject or lead')
}

function schemaOf(schema: z.ZodType, title: string): JsonSchema {
  return { title, ...z.toJSONSchema(schema, { io: 'input' }) }
}
