import { z } from 'zod'
import { columnsOf, type MappingExpression, mappingExpression } from '../kernel/mapping.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { type DefinedPurpose, parsePurposes } from './purpose.ts'
import { parseTagDefinitions, TAG_KEY, type TagDefinition } from './tag-definition.ts'

const customerMapping = z.strictObject({
  format: z.literal('tributary-customers/1'),
  description: lineOfText(500).optional(),
  source: lineOfText(100).describe('Where the values come from; it stands beside each of them'),
  accountKey: mappingExpression.describe("The broker's opaque key of the customer"),
  synthetic: mappingExpression.optional().describe('true for a customer who was made up; false unless told'),
  observedAt: mappingExpression.optional().describe('A date or an RFC 3339 time; the time of the import unless told'),
  definitions: z.unknown().default([]),
  purposes: z.unknown().default([]),
  tags: z.record(z.string().regex(TAG_KEY, 'it is no key of a tag'), mappingExpression),
})

/** How the columns of a file become customers and their tags: a mapping file in the format `tributary-customers/1`. */
export type CustomerMapping = {
  readonly source: string
  readonly accountKey: MappingExpression
  readonly synthetic?: MappingExpression | undefined
  readonly observedAt?: MappingExpression | undefined
  /** Tags and purposes that are defined before the first line is read. */
  readonly definitions: readonly TagDefinition[]
  readonly purposes: readonly DefinedPurpose[]
  readonly tags: Readonly<Record<string, MappingExpression>>
}

/** Reads a mapping file's content. Throws `INVALID_INPUT` that names the place at fault. */
export function parseCustomerMapping(content: unknown): CustomerMapping {
  const {
    format: _,
    description: __,
    definitions,
    purposes,
    ...mapping
  } = parseWith(customerMapping, content, 'mapping')
  return { ...mapping, definitions: parseTagDefinitions(definitions), purposes: parsePurposes(purposes) }
}

/** The columns without which a file does not fit the mapping. */
export function columnsNeeded({ accountKey, synthetic, observedAt, tags }: CustomerMapping): readonly string[] {
  const optional = [synthetic, observedAt].filter((expression) => expression !== undefined)
  return [...new Set([accountKey, ...optional, ...Object.values(tags)].flatMap(columnsOf))]
}
