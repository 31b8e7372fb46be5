import { isDeepStrictEqual } from 'node:util'

/** A JSON Schema as far as ours go: any other keyword makes the check throw, so that none is passed over. */
export type Schema = Readonly<Record<string, unknown>>

const TELLING = new Set(['title', 'description', 'default', 'examples', 'format', '$schema'])

/** The paths at which a value is not as its schema says, read by the words of JSON Schema 2020-12. */
export function faultsOf(schema: Schema, value: unknown, path = ''): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, wanted]) =>
    TELLING.has(keyword) ? [] : faultsOfKeyword(keyword, wanted, { schema, value, path }),
  )
}

type Looked = { readonly schema: Schema; readonly value: unknown; readonly path: string }

function faultsOfKeyword(keyword: string, wanted: unknown, looked: Looked): readonly string[] {
  const { value, path } = looked
  const unless = (holds: boolean) => (holds ? [] : [path])
  switch (keyword) {
    case 'type':
      return unless(isOfType(wanted, value))
    case 'const':
      return unless(isDeepStrictEqual(value, wanted))
    case 'enum':
      return unless((wanted as unknown[]).includes(value))
    case 'minimum':
      return unless(typeof value !== 'number' || value >= Number(wanted))
    case 'maximum':
      return unless(typeof value !== 'number' || value <= Number(wanted))
    case 'minLength':
      return unless(typeof value !== 'string' || [...value].length >= Number(wanted))
    case 'maxLength':
      return unless(typeof value !== 'string' || [...value].length <= Number(wanted))
    case 'pattern':
      return unless(typeof value !== 'string' || new RegExp(String(wanted), 'u').test(value))
    case 'minItems':
      return unless(!Array.isArray(value) || value.length >= Number(wanted))
    case 'maxItems':
      return unless(!Array.isArray(value) || value.length <= Number(wanted))
    case 'items':
      return Array.isArray(value)
        ? value.flatMap((item, place) => faultsOf(wanted as Schema, item, `${path}/${place}`))
        : []
    case 'anyOf':
      return unless(fitting(wanted, value) > 0)
    case 'oneOf':
      return unless(fitting(wanted, value) === 1)
    case 'required':
      return isObject(value)
        ? (wanted as string[]).filter((name) => !Object.hasOwn(value, name)).map((name) => `${path}/${name}`)
        : []
    case 'properties':
      return isObject(value)
        ? Object.entries(wanted as Record<string, Schema>).flatMap(([name, part]) =>
            Object.hasOwn(value, name) ? faultsOf(part, value[name], `${path}/${name}`) : [],
          )
        : []
    case 'additionalProperties':
      return wanted === false ? strangers(looked) : []
    default:
      throw new Error(`the check does not know the keyword ${keyword}`)
  }
}

function fitting(schemas: unknown, value: unknown): number {
  return (schemas as Schema[]).filter((schema) => faultsOf(schema, value).length === 0).length
}

function strangers({ schema, value, path }: Looked): readonly string[] {
  if (!isObject(value)) return []
  const known = schema['properties'] as object
  return Object.keys(value)
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => `${path}/${name}`)
}

function isOfType(type: unknown, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  return typeof value === type
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
