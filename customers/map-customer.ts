import { z } from 'zod'
import { Fault } from '../kernel/fault.ts'
import { evaluate, type MappingExpression, type MappingRow } from '../kernel/mapping.ts'
import type { RowInput } from '../records/import/import-spec.ts'
import { type CustomerMapping, columnsNeeded } from './customer-mapping.ts'
import type { TagDefinition } from './tag-definition.ts'
import { normalizeValue } from './tag-value.ts'

/** A customer as a row of a file has it. */
export type MappedCustomer = {
  readonly accountKey: string
  readonly synthetic: boolean
  /** RFC 3339; absent when the file does not say. */
  readonly observedAt: string | undefined
  /** A value, or none, for each tag of the mapping, in the order of their keys. */
  readonly values: readonly (string | undefined)[]
}

export type RowMapper = {
  /** Keys of the mapping's tags, sorted. */
  readonly tagKeys: readonly string[]
  /** One row as a customer. Throws `INVALID_INPUT` that names the field at fault and never repeats a value. */
  readonly map: (row: RowInput) => MappedCustomer
}

const ACCOUNT_KEY = /^[\x21-\x7e]{1,128}$/
const MOST_AHEAD_MINUTES = 5

/**
 * Prepares a mapping for many rows. `now` is what times are compared with. Throws `INVALID_INPUT` for a tag without a
 * definition.
 */
export function rowMapper(mapping: CustomerMapping, definitions: readonly TagDefinition[], now: Date): RowMapper {
  const tagKeys = Object.keys(mapping.tags).sort()
  const tags = tagKeys.map((key) => mappedTag(mapping, definitions, key))
  const textsOf = textReader(mapping)
  return {
    tagKeys,
    map: ({ line, values }) => {
      const row = textsOf(values)
      return {
        accountKey: accountKeyOf(evaluate(mapping.accountKey, row, line)),
        synthetic: mapping.synthetic !== undefined && syntheticOf(evaluate(mapping.synthetic, row, line)),
        observedAt: mapping.observedAt && observedAtOf(evaluate(mapping.observedAt, row, line), now),
        values: tags.map((tag) => tagValueOf(tag, row, line)),
      }
    },
  }
}

type MappedTag = { readonly definition: TagDefinition; readonly expression: MappingExpression }

function mappedTag({ tags }: CustomerMapping, definitions: readonly TagDefinition[], key: string): MappedTag {
  const definition = definitions.find((one) => one.key === key)
  const expression = tags[key]
  if (definition && expression) return { definition, expression }
  throw new Fault('INVALID_INPUT', `mapping: tag ${key} is not defined`, { field: `tags.${key}` })
}

/** Texts of a row; numbers and booleans of NDJSON are written out, and what is neither is no value. */
function textReader(mapping: CustomerMapping): (values: RowInput['values']) => MappingRow {
  const columns = columnsNeeded(mapping)
  return (values) => {
    const row: Record<string, string> = {}
    for (const column of columns) {
      if (!Object.hasOwn(values, column)) {
        throw new Fault('INVALID_INPUT', `there is no column ${JSON.stringify(column)}, which the mapping reads`)
      }
      const value = values[column]
      if (typeof value === 'string') row[column] = value
      else if (typeof value === 'number' || typeof value === 'boolean') row[column] = String(value)
    }
    return row
  }
}

function accountKeyOf(text: string | undefined): string {
  if (text !== undefined && ACCOUNT_KEY.test(text)) return text
  throw new Fault('INVALID_INPUT', 'an account key has 1 to 128 visible ASCII characters', { field: 'accountKey' })
}

function syntheticOf(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw new Fault('INVALID_INPUT', 'synthetic is true or false', { field: 'synthetic' })
}

const instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })])

function observedAtOf(text: string | undefined, now: Date): string | undefined {
  if (text === undefined) return undefined
  const field = { field: 'observedAt' }
  if (!instant.safeParse(text).success) throw new Fault('INVALID_INPUT', 'it is no date and no RFC 3339 time', field)
  const at = new Date(text)
  if (at.getTime() > now.getTime() + MOST_AHEAD_MINUTES * 60_000) {
    throw new Fault('INVALID_INPUT', 'a value cannot have been observed in the future', field)
  }
  return at.toISOString()
}

function tagValueOf({ definition, expression }: MappedTag, row: MappingRow, line: number): string | undefined {
  const text = evaluate(expression, row, line)
  if (text === undefined) return undefined
  const value = normalizeValue(definition, text)
  if (value !== undefined) return value
  const message = `the value is none of the type ${definition.type}`
  throw new Fault('INVALID_INPUT', message, { field: `tags.${definition.key}` })
}
