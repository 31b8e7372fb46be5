import { invariant } from '../../kernel/invariant.ts'

/** Where a field lies in the row's bytes; `from` is −1 when it is null. */
export type Field = { readonly from: number; readonly to: number }

/** A row as it lies in the stream, without a copy: it is there only until the next one. */
export type CopiedRow<Column extends string> = Readonly<Record<Column, Field>> & { readonly bytes: Buffer }

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
const FIXED_HEADER_BYTES = SIGNATURE.length + 8
const TRAILER = -1

/**
 * Visits each row of a binary COPY. Chunks may begin and end anywhere. Source: PostgreSQL, COPY, “Binary Format”:
 *
 *     PGCOPY\n\377\r\n\0 | flags | length of extension | (fields | (length, −1 for null | bytes)*)* | −1
 */
export async function visitRows<Column extends string>(
  chunks: AsyncIterable<Buffer>,
  columns: readonly Column[],
  visit: (row: CopiedRow<Column>) => void,
): Promise<void> {
  const fields = columns.map(() => ({ from: 0, to: 0 }))
  const row = rowOf(columns, fields)
  let rest: Buffer = Buffer.alloc(0)
  let begun = false
  for await (const chunk of chunks) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    if (!begun) {
      const header = headerBytes(bytes)
      if (header > bytes.length) {
        rest = bytes
        continue
      }
      begun = true
      at = header
    }
    for (let next = rowEnd(bytes, at, fields); next !== undefined; next = rowEnd(bytes, at, fields)) {
      row.bytes = bytes
      visit(row)
      at = next
    }
    rest = bytes.subarray(at)
  }
  invariant(begun && rest.length === 2 && rest.readInt16BE(0) === TRAILER, 'a COPY ended before its end')
}

/** Safe because every column has its field, which is moved from row to row. */
function rowOf<Column extends string>(columns: readonly Column[], fields: readonly Field[]): Moved<Column> {
  const named = Object.fromEntries(columns.map((column, index) => [column, fields[index]]))
  return { ...named, bytes: Buffer.alloc(0) } as Moved<Column>
}

type Moved<Column extends string> = Record<Column, Field> & { bytes: Buffer }

function headerBytes(bytes: Buffer): number {
  if (bytes.length < FIXED_HEADER_BYTES) return FIXED_HEADER_BYTES
  invariant(bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE), 'a COPY is in the binary format')
  return FIXED_HEADER_BYTES + bytes.readInt32BE(SIGNATURE.length + 4)
}

/** Finds the fields of the row that begins here; where it ends, `undefined` when it has not come whole, or there is none. */
function rowEnd(bytes: Buffer, start: number, fields: { from: number; to: number }[]): number | undefined {
  if (start + 2 > bytes.length || bytes.readInt16BE(start) === TRAILER) return undefined
  invariant(bytes.readInt16BE(start) === fields.length, 'a COPY has the columns that were asked for')
  let at = start + 2
  for (const field of fields) {
    if (at + 4 > bytes.length) return undefined
    const length = bytes.readInt32BE(at)
    at += 4
    field.from = length < 0 ? -1 : at
    at += Math.max(0, length)
    if (at > bytes.length) return undefined
    field.to = at
  }
  return at
}
