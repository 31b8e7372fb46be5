import { unreachable } from '../kernel/invariant.ts'

/** What kind of value a tag has. */
export const TAG_TYPES = ['TEXT', 'INTEGER', 'DECIMAL', 'BOOLEAN', 'ENUM', 'DATE'] as const
export type TagType = (typeof TAG_TYPES)[number]

/** A tag's type, and for an ENUM its values in their order. */
export type ValueForm = { readonly type: TagType; readonly values?: readonly string[] | undefined }

const INTEGER = /^-?[0-9]{1,30}$/
const DECIMAL = /^(-?)([0-9]{1,30})(?:\.([0-9]{1,18}))?$/
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/
const LONGEST_TEXT = 500

/**
 * A value in the one form in which it is kept, or nothing when it is none of this type. Numbers lose what does not count
 * (`007` is `7`, `1.50` is `1.5`), so that the same value is the same text.
 */
export function normalizeValue({ type, values }: ValueForm, text: string): string | undefined {
  switch (type) {
    case 'TEXT':
      return isLine(text) ? text : undefined
    case 'INTEGER':
      return INTEGER.test(text) ? shortest(text) : undefined
    case 'DECIMAL':
      return shortest(text)
    case 'BOOLEAN':
      return text === 'true' || text === 'false' ? text : undefined
    case 'ENUM':
      return values?.includes(text) ? text : undefined
    case 'DATE':
      return isDate(text) ? text : undefined
    default:
      return unreachable(type)
  }
}

/**
 * Where a value stands among others of its type: numbers by size, dates by day, an ENUM's values by their place.
 * Nothing for a type without an order, and for a text that is no value of the type.
 */
export function rankOf({ type, values }: ValueForm, text: string): bigint | undefined {
  switch (type) {
    case 'INTEGER':
    case 'DECIMAL':
      return scaled(text)
    case 'DATE':
      return isDate(text) ? BigInt(text.replaceAll('-', '')) : undefined
    case 'ENUM': {
      const place = values?.indexOf(text) ?? -1
      return place === -1 ? undefined : BigInt(place)
    }
    case 'TEXT':
    case 'BOOLEAN':
      return undefined
    default:
      return unreachable(type)
  }
}

const SCALE = 18

/** A decimal as a whole number of 10⁻¹⁸: exact, so that nothing is rounded into another band. */
function scaled(text: string): bigint | undefined {
  const match = DECIMAL.exec(text)
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = ''] = match
  return BigInt(`${sign}${whole}${fraction.padEnd(SCALE, '0')}`)
}

function shortest(text: string): string | undefined {
  const match = DECIMAL.exec(text)
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = ''] = match
  const kept = fraction.replace(/0+$/, '')
  const size = `${whole.replace(/^0+(?=[0-9])/, '')}${kept === '' ? '' : `.${kept}`}`
  return size === '0' ? size : `${sign}${size}`
}

function isLine(text: string): boolean {
  return text.length > 0 && text.length <= LONGEST_TEXT && text.isWellFormed() && !/\p{Cc}/u.test(text)
}

function isDate(text: string): boolean {
  if (!DATE.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}
