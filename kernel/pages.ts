import { Fault } from './fault.ts'

/** One page of a list, as asked: forwards with `first` or backwards with `last`, 1 to 100. */
export type PageInput = {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

/** A parsed page: `limit` rows beyond `cursor` in the direction. */
export type Page = {
  readonly limit: number
  readonly direction: 'forward' | 'backward'
  /** Values of the order's columns at which the page begins (exclusive), as text. */
  readonly cursor: readonly string[] | undefined
}

/** One page of results, in the list's order whatever the direction. */
export type PageResult<T> = {
  readonly edges: readonly { readonly node: T; readonly cursor: string }[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

const LARGEST_PAGE = 100

/** Reads a page from outside. Throws `INVALID_INPUT` when it names no size, two sizes or more than 100, or a foreign cursor. */
export function parsePage(input: PageInput, columns: number): Page {
  const forward = input.first != null
  if (forward === (input.last != null)) throw new Fault('INVALID_INPUT', 'give either first or last, from 1 to 100')
  if ((forward ? input.before : input.after) != null) {
    throw new Fault('INVALID_INPUT', 'first goes with after, last goes with before')
  }
  const limit = (forward ? input.first : input.last) ?? 0
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    throw new Fault('INVALID_INPUT', `a page has from 1 to ${LARGEST_PAGE} items`, {
      field: forward ? 'first' : 'last',
    })
  }
  const cursor = (forward ? input.after : input.before) ?? undefined
  return {
    limit,
    direction: forward ? 'forward' : 'backward',
    cursor: cursor === undefined ? undefined : decodeCursor(cursor, columns),
  }
}

/** Makes a page of up to `limit + 1` rows that were read in the page's direction beyond its cursor. */
export function pageOf<T>(page: Page, rows: readonly T[], keysOf: (row: T) => readonly string[]): PageResult<T> {
  const more = rows.length > page.limit
  const kept = rows.slice(0, page.limit)
  const ordered = page.direction === 'forward' ? kept : kept.toReversed()
  return {
    edges: ordered.map((node) => ({ node, cursor: encodeCursor(keysOf(node)) })),
    hasNextPage: page.direction === 'forward' ? more : page.cursor !== undefined,
    hasPreviousPage: page.direction === 'forward' ? page.cursor !== undefined : more,
  }
}

/** An opaque, versioned cursor out of the values of the order's columns. */
export function encodeCursor(keys: readonly string[]): string {
  return Buffer.from(JSON.stringify(['c1', ...keys])).toString('base64url')
}

function decodeCursor(cursor: string, columns: number): readonly string[] {
  const keys = parseJson(Buffer.from(cursor, 'base64url').toString())
  const sound = Array.isArray(keys) && keys.length === columns + 1 && keys[0] === 'c1' && keys.every(isShortText)
  if (!sound) throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
  return keys.slice(1).map(String)
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 500 && !value.includes('\u0000')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
