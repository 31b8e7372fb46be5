import type { Line } from './read-block.ts'

/** An object, or why the line is none; `offset` is its line within the lines given. */
export type JsonRow = { readonly offset: number } & (
  | { readonly values: Readonly<Record<string, unknown>> }
  | { readonly reason: string }
)

/** Rows of whole lines, one JSON object on each. Blank lines are passed over. */
export function jsonRows(lines: readonly Line[]): readonly JsonRow[] {
  const rows: JsonRow[] = []
  lines.forEach((line, offset) => {
    if (line === undefined) rows.push({ offset, reason: 'the line is not UTF-8 text' })
    else if (line.trim() !== '') rows.push({ offset, ...jsonRow(line) })
  })
  return rows
}

function jsonRow(line: string): { values: Readonly<Record<string, unknown>> } | { reason: string } {
  const value = parseJson(line)
  if (value === undefined) return { reason: 'the line is not JSON' }
  if (!isObject(value)) return { reason: 'the line is not a JSON object' }
  // only an escape can bring in what UTF-8 itself cannot
  if (line.includes('\\u') && !isStorable(value)) return { reason: 'the line holds a character that is no text' }
  return { values: value }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Without null characters and lone surrogates. It keeps a list of its own: the line may be nested deeper than the stack. */
function isStorable(value: unknown): boolean {
  const left: unknown[] = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string' && (next.includes('\u0000') || !next.isWellFormed())) return false
    if (typeof next === 'object' && next !== null) {
      for (const [key, member] of Object.entries(next)) left.push(key, member)
    }
  }
  return true
}
