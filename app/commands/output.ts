import Table from 'cli-table3'

/** What one row of a printed table holds, by heading. */
export type Row = Readonly<Record<string, string | number | bigint | Date | undefined>>

/** Prints for machines (one JSON document) or for people (a table, or name and value line by line; then a sentence). */
export function print(result: unknown, json: boolean, rows?: readonly Row[], sentence?: string): void {
  if (json) process.stdout.write(`${jsonText(result)}\n`)
  else process.stdout.write(`${[forPeople(result, rows), sentence].filter((text) => text !== undefined).join('\n')}\n`)
}

/** JSON for machines. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, plainly)
}

/** bigint as text, so that no digit is lost. */
function plainly(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

function forPeople(result: unknown, rows: readonly Row[] | undefined): string {
  if (rows !== undefined) return tableOf(rows)
  if (typeof result === 'string') return result
  const table = new Table({ style: { head: [], border: [] } })
  for (const [name, value] of Object.entries(result ?? {}))
    if (value !== undefined) table.push({ [name]: textOf(value) })
  return table.toString()
}

function tableOf(rows: readonly Row[]): string {
  const [first] = rows
  if (first === undefined) return '(none)'
  const table = new Table({ head: Object.keys(first), style: { head: [], border: [] } })
  for (const row of rows) table.push(Object.values(row).map(textOf))
  return table.toString()
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' && value !== null ? jsonText(value) : String(value ?? '')
}
