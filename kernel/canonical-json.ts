import { invariant } from './invariant.ts'

/** A value that is written as canonical JSON already: it goes in as it is. Made of what `canonicalJson` gave, of nothing else. */
export class CanonicalText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What a record's body may hold: no floats; integers of any size are written as strings before they come here. */
export type CanonicalValue =
  | string
  | boolean
  | null
  | bigint
  | CanonicalText
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue | undefined }

/**
 * RFC 8785 with integers written as strings: keys in order of UTF-16 code units, no white space. An absent value
 * (`undefined`) leaves its key out. A lone surrogate is refused: its bytes would not be the same everywhere.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      invariant(value.isWellFormed(), 'canonical JSON takes well-formed text only')
      return JSON.stringify(value)
    case 'bigint':
      return `"${value}"`
    case 'boolean':
      return String(value)
    default:
      if (value instanceof CanonicalText) return value.text
      return isList(value) ? `[${value.map(canonicalJson).join(',')}]` : canonicalObject(value)
  }
}

function isList(value: object): value is readonly CanonicalValue[] {
  return Array.isArray(value)
}

function canonicalObject(value: { readonly [key: string]: CanonicalValue | undefined }): string {
  const members: string[] = []
  for (const key of Object.keys(value).sort()) {
    const member = value[key]
    if (member !== undefined) members.push(`${canonicalJson(key)}:${canonicalJson(member)}`)
  }
  return `{${members.join(',')}}`
}
