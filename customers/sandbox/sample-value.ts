import { unreachable } from '../../kernel/invariant.ts'
import type { Band } from '../masking.ts'
import type { TagDefinition } from '../tag-definition.ts'

const YEARS = 30

/** A made-up value of a tag, for the customer with this number: the next ones fall into the next bands, or have the next values. */
export function sampleValue({ type, values = [], bands }: TagDefinition, number: number): string {
  switch (type) {
    case 'ENUM':
      return values[number % values.length] ?? ''
    case 'BOOLEAN':
      return String(number % 2 === 1)
    case 'INTEGER':
    case 'DECIMAL':
      return bands === undefined ? String(number) : numberIn(bands, number % bands.length)
    case 'DATE':
      return `${1970 + (number % YEARS)}-06-15`
    case 'TEXT':
      return `sample ${number}`
    default:
      return unreachable(type)
  }
}

/** The last number of a band; of the last one, which has no end, one that is above the one before. */
function numberIn(bands: readonly Band[], place: number): string {
  const end = bands[place]?.upTo
  if (end !== undefined) return end
  const [whole = '0'] = (bands[place - 1]?.upTo ?? '0').split('.')
  return String(BigInt(whole) + 1n)
}
