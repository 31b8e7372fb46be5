import { sha256Hex } from '../../kernel/digest.ts'
import { Fault } from '../../kernel/fault.ts'
import { MOST_LINES_OF_A_ROW } from './csv-rows.ts'
import type { ImportItem, ImportSpec, Position, Refusal } from './import-spec.ts'
import type { Source } from './open-source.ts'
import { type Block, blockReader, bytesOfLines } from './read-block.ts'
import { type Row, type RowReader, rowReader } from './row-reader.ts'

/** Lines that go in together: what was understood, what was refused, and where they stand in the file. */
export type Batch<Item> = {
  readonly items: readonly ImportItem<Item>[]
  readonly refusals: readonly Refusal[]
  readonly from: Position
  readonly to: Position
  /** SHA-256 of the lines' bytes, hexadecimal. */
  readonly digest: string
}

type Reading<Item> = Pick<ImportSpec<Item>, 'parse' | 'delimiter'> & { readonly batchSize: number }

/**
 * Reads a file's batches from a position on: a line that is no good is refused and the rest goes on.
 * Memory is bounded by one batch. Throws `INVALID_INPUT` when the header line is no good.
 */
export async function* readBatches<Item>(
  source: Source,
  from: Position,
  { parse, delimiter = ',', batchSize }: Reading<Item>,
): AsyncGenerator<Batch<Item>, void, void> {
  const read = blockReader(source.file, source.size)
  const reader = await rowReader(source.format, read, delimiter)
  const mostLines = Math.max(batchSize, MOST_LINES_OF_A_ROW)
  for (let position = from.byte === 0 ? reader.start : from; ; ) {
    const block = await read(position, mostLines)
    if (!block) return
    const batch = block.tooLong ? overlongBatch<Item>(block) : batchOf(block, reader, parse)
    position = batch.to
    yield batch
  }
}

function overlongBatch<Item>({ from, to, bytes }: Block): Batch<Item> {
  const refusal: Refusal = { line: to.line, code: 'BODY_TOO_LARGE', message: 'the line is longer than 1 MiB' }
  return { items: [], refusals: [refusal], from, to, digest: sha256Hex(bytes) }
}

function batchOf<Item>(block: Block, { rowsOf }: RowReader, parse: ImportSpec<Item>['parse']): Batch<Item> {
  const { rows, done } = rowsOf(block)
  const length = bytesOfLines(block.bytes, done)
  const { from } = block
  const items: ImportItem<Item>[] = []
  const refusals: Refusal[] = []
  for (const row of rows) {
    const result = itemOf(from.line + row.offset + 1, row, parse)
    if ('code' in result) refusals.push(result)
    else items.push(result)
  }
  const to = { byte: from.byte + length, line: from.line + done }
  return { items, refusals, from, to, digest: sha256Hex(block.bytes.subarray(0, length)) }
}

function itemOf<Item>(line: number, row: Row, parse: ImportSpec<Item>['parse']): ImportItem<Item> | Refusal {
  if ('reason' in row) return { line, code: 'INVALID_INPUT', message: row.reason }
  try {
    return { line, item: parse({ line, values: row.values }) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { code, message, field } = error
    return { line, code, message, ...(field === undefined ? {} : { field }) }
  }
}
