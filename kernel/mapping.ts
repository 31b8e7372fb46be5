import { z } from 'zod'
import { invariant } from './invariant.ts'

/**
 * The language in which a mapping file says how a row of text becomes a value. An expression takes a text from one
 * source (`column`, `constant`, `template`, `when`), and may translate it (`map`, or `bands` over numbers):
 *
 *     {"column": "currency", "map": {"HKD": "HKD/2", "JPY": "JPY/0"}}
 *     {"template": "bank-{line}"}
 *     {"column": "balance", "bands": [{"upTo": 0, "value": "NONE"}, {"upTo": "999.99", "value": "LOW"}, {"value": "HIGH"}]}
 *     {"when": [{"all": [{"column": "default", "equals": "yes"}], "value": "C1"}], "default": "C3"}
 */

const NUMBER = /^-?[0-9]{1,30}(?:\.[0-9]{1,18})?$/
const TEMPLATE = /^(?:[^{}]|\{[^{}]+\})+$/
const LONGEST_VALUE = 1000

const text = z
  .string()
  .max(LONGEST_VALUE)
  .refine((value) => !value.includes('\u0000'), 'a text has no NUL')
const columnName = text.min(1).describe("A column's name in the file's header")
const bound = z
  .union([z.number(), z.string().max(50)])
  .refine((value) => NUMBER.test(String(value)), { error: 'a bound is a decimal number', abort: true })

const condition = z
  .strictObject({
    column: columnName,
    equals: z.union([text, z.array(text).min(1).max(1000)]).optional(),
    atLeast: bound.optional(),
    upTo: bound.optional(),
  })
  .refine((value) => value.equals !== undefined || value.atLeast !== undefined || value.upTo !== undefined, {
    error: 'a condition has equals, atLeast or upTo',
  })
  .describe('Holds when the column equals one of the texts and lies within the bounds (both inclusive)')

const band = z.strictObject({ upTo: bound.optional().describe('Inclusive; the last band may go without'), value: text })

/** An expression of a mapping file. */
export const mappingExpression = z
  .strictObject({
    column: columnName.optional(),
    constant: text.optional(),
    template: text.regex(TEMPLATE, 'a template is text with {column} or {line} in it').optional(),
    when: z
      .array(z.strictObject({ all: z.array(condition).min(1).max(20), value: text }))
      .min(1)
      .max(100)
      .describe('The value of the first case whose conditions all hold')
      .optional(),
    trim: z.boolean().describe('Whether white space around a value is dropped; true unless told').optional(),
    map: z.record(text, text).describe('Translates the value; one that is not here becomes the default').optional(),
    bands: z.array(band).min(1).max(100).refine(ascend, 'bands ascend, and only the last may be open').optional(),
    default: text.describe('Stands in when there is no value').optional(),
  })
  .refine((value) => sourcesOf(value).length === 1, 'give exactly one of column, constant, template and when')
  .refine((value) => value.map === undefined || value.bands === undefined, 'give either map or bands')

export type MappingExpression = z.infer<typeof mappingExpression>

/** One row of a file: texts by column. */
export type MappingRow = Readonly<Record<string, string>>

type Sources = Readonly<Partial<Record<'column' | 'constant' | 'template' | 'when', unknown>>>
type Condition = z.infer<typeof condition>
type Band = z.infer<typeof band>
type Bound = z.infer<typeof bound>

/**
 * The expression's value for a row, or nothing: for an empty or missing column, a text that the map lacks, a number beyond
 * the bands or no number at all, where there is no default. `line` is what `{line}` in a template stands for.
 */
export function evaluate(expression: MappingExpression, row: MappingRow, line: number): string | undefined {
  const found = sourceValue(expression, row, line)
  return (found === undefined ? undefined : translate(expression, found)) ?? expression.default
}

/** The columns that an expression reads: a file without one of them does not fit the mapping. */
export function columnsOf(expression: MappingExpression): readonly string[] {
  const { column, template, when } = expression
  if (column !== undefined) return [column]
  if (template !== undefined) return placeholders(template).filter((name) => name !== 'line')
  return [...new Set(when?.flatMap(({ all }) => all.map((one) => one.column)) ?? [])]
}

function sourcesOf({ column, constant, template, when }: Sources): readonly unknown[] {
  return [column, constant, template, when].filter((source) => source !== undefined)
}

function sourceValue(expression: MappingExpression, row: MappingRow, line: number): string | undefined {
  const { column, constant, template, when } = expression
  const trim = expression.trim ?? true
  if (column !== undefined) return cell(row, column, trim)
  if (constant !== undefined) return constant
  if (template !== undefined) return fill(template, row, line, trim)
  invariant(when, 'an expression has a source')
  return when.find(({ all }) => all.every((one) => holds(one, row, trim)))?.value
}

/** A cell's text; an empty one is none. A row may be any object: only what it has itself counts. */
function cell(row: MappingRow, column: string, trim: boolean): string | undefined {
  const value = Object.hasOwn(row, column) ? row[column] : undefined
  const kept = trim ? value?.trim() : value
  return kept === '' ? undefined : kept
}

function fill(template: string, row: MappingRow, line: number, trim: boolean): string | undefined {
  const values = new Map(
    placeholders(template).map((name) => [name, name === 'line' ? String(line) : cell(row, name, trim)]),
  )
  if ([...values.values()].includes(undefined)) return undefined
  return template.replace(/\{([^{}]+)\}/g, (_, name: string) => values.get(name) ?? '')
}

function placeholders(template: string): readonly string[] {
  return [...template.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '')
}

function holds({ column, equals, atLeast, upTo }: Condition, row: MappingRow, trim: boolean): boolean {
  const value = cell(row, column, trim) ?? ''
  if (equals !== undefined && !(Array.isArray(equals) ? equals.includes(value) : equals === value)) return false
  if (atLeast === undefined && upTo === undefined) return true
  if (!NUMBER.test(value)) return false
  return (atLeast === undefined || compare(atLeast, value) <= 0) && (upTo === undefined || compare(value, upTo) <= 0)
}

function translate({ map, bands }: MappingExpression, value: string): string | undefined {
  if (map) return Object.hasOwn(map, value) ? map[value] : undefined
  return bands ? bandOf(bands, value) : value
}

function bandOf(bands: readonly Band[], value: string): string | undefined {
  if (!NUMBER.test(value)) return undefined
  return bands.find(({ upTo }) => upTo === undefined || compare(value, upTo) <= 0)?.value
}

function ascend(bands: readonly Band[]): boolean {
  return bands.every(({ upTo }, index) => {
    const next = bands[index + 1]
    if (next === undefined) return true
    return upTo !== undefined && (next.upTo === undefined || compare(upTo, next.upTo) < 0)
  })
}

/** Below zero when a < b, above when a > b: decimals compared exactly, without a float. */
function compare(a: Bound, b: Bound): number {
  const difference = scaled(a) - scaled(b)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

const SCALE = 18

function scaled(value: Bound): bigint {
  const [whole = '', fraction = ''] = String(value).split('.')
  return BigInt(`${whole}${fraction.padEnd(SCALE, '0')}`)
}
