import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { invariant } from '../../kernel/invariant.ts'

/** Where a field lies in the row's bytes; `from` is −1 when it is null. */
export type Field = { readonly from: number; readonly to: number }

/** A row as it lies in the stream, without a copy: it is there only until the next one. */
export type CopiedRow<Column extends string> = Readonly<Record<Column, Field>> & { readonly bytes: Buffer }

type MovingRow<Column extends string> = Record<Column, Field> & { bytes: Buffer }
type MovingField = { from: number; to: number }

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
const FIXED_HEADER_BYTES = SIGNATURE.length + 8
const TRAILER = -1

/**
 * Visits each row of a binary COPY, as soon as it has come; chunks may begin and end anywhere. PostgreSQL sends each row
 * as one message, and the driver hands on each as one chunk, so that hardly ever a byte is moved.
 * Source: PostgreSQL, COPY, “Binary Format”:
 *
 *     PGCOPY\n\377\r\n\0 | flags | length of extension | (number of fields | (length, −1 for null | bytes)*)* | −1
 */
export async function visitRows<Column extends string>(
  stream: Readable,
  columns: readonly Column[],
  visit: (row: CopiedRow<Column>) => void,
): Promise<void> {
  const fields = columns.map(() => ({ from: 0, to: 0 }))
  const row = rowOver(columns, fields)
  let rest: Buffer = Buffer.alloc(0)
  let begun = false
  let failed: { readonly error: unknown } | undefined
  const take = (chunk: Buffer): void => {
    row.bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at: number | undefined = begun ? 0 : headerBytes(row.bytes)
    let done = at ?? 0
    begun = at !== undefined
    while (at !== undefined) {
      done = at
      at = findRow(row.bytes, at, fields)
      if (at !== undefined) visit(row)
    }
    rest = row.bytes.subarray(done)
  }
  stream.on('data', (chunk: Buffer) => {
    // an error must not get into the driver, which hands on the rest before its connection can be used again
    try {
      if (!failed) take(chunk)
    } catch (error) {
      failed = { error }
    }
  })
  await finished(stream)
  if (failed) throw failed.error
  invariant(begun && rest.length === 2 && rest.readInt16BE(0) === TRAILER, 'a COPY ended before its end')
}

/** Safe because each column has its field, and keeps it. */
function rowOver<Column extends string>(columns: readonly Column[], fields: readonly Field[]): MovingRow<Column> {
  const named = Object.fromEntries(columns.map((column, index) => [column, fields[index]]))
  return { ...named, bytes: Buffer.alloc(0) } as MovingRow<Column>
}

/** How long the header is; `undefined` when it has not come whole. */
function headerBytes(bytes: Buffer): number | undefined {
  if (bytes.length < FIXED_HEADER_BYTES) return undefined
  invariant(bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE), 'a COPY is in the binary format')
  const length = FIXED_HEADER_BYTES + bytes.readInt32BE(SIGNATURE.length + 4)
  return length > bytes.length ? undefined : length
}

/** Finds the fields of the row that begins here, and tells where it ends; `undefined` when it is not there, or not whole. */
function findRow(bytes: Buffer, start: number, fields: readonly MovingField[]): number | undefined {
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
