import type { Transaction } from '../../database/client.ts'
import type { CanonicalValue } from '../../kernel/canonical-json.ts'
import type { FaultCode } from '../../kernel/fault-codes.ts'
import type { Id } from '../../kernel/ids.ts'

/** How the lines of a file are written: comma-separated with a header line, or one JSON object on each line. */
export type ImportFormat = 'csv' | 'ndjson'

/** One row as the file has it. */
export type RowInput = {
  /** Its physical line in the file, from 1; the first, if it spans several. */
  readonly line: number
  /** CSV: texts by the header's names. NDJSON: the members of the object. */
  readonly values: Readonly<Record<string, unknown>>
}

/** A row that was understood. */
export type ImportItem<Item> = { readonly line: number; readonly item: Item }

/** What became of one item. */
export type ImportOutcome = 'created' | 'changed' | 'unchanged' | RefusedItem

export type RefusedItem = { readonly refused: FaultCode; readonly message: string; readonly field?: string }

/** A line that did not go in, and why; never what stood in it. */
export type Refusal = {
  readonly line: number
  readonly code: FaultCode
  readonly message: string
  readonly field?: string
}

export type ImportSpec<Item> = {
  readonly kind: 'customers' | 'products' | 'revenue'
  /** Who the file comes from; part of what makes two imports the same. */
  readonly source: string
  /** Path of the file, UTF-8. */
  readonly file: string
  /** Told by the file's extension (`.csv`, `.ndjson`, `.jsonl`) when absent. */
  readonly format?: ImportFormat
  /** Between the cells of a CSV file; a comma when absent. */
  readonly delimiter?: string
  /** What else decides what a line means: with another mapping it is another import. */
  readonly mapping?: CanonicalValue
  /** Makes an item out of a row; throws a `Fault` to refuse the line. Pure. */
  readonly parse: (row: RowInput) => Item
  /**
   * Writes a batch and says what became of each item, in their order. It may be called again with the same items,
   * in another transaction, when the first ended in a deadlock.
   */
  readonly write: (
    tx: Transaction,
    items: readonly ImportItem<Item>[],
    importId: Id<'imp'>,
  ) => Promise<readonly ImportOutcome[]>
  /** Where to write all refused lines (NDJSON, without their values) once the import is done. */
  readonly refusedFile?: string
  /** Most lines in one transaction. */
  readonly batchSize?: number
  readonly onProgress?: (progress: ImportProgress) => void
}

/** What became of the rows so far, over all runs of the import. */
export type ImportCounts = {
  readonly created: number
  readonly changed: number
  readonly unchanged: number
  readonly refused: number
}

export type ImportProgress = ImportCounts & {
  readonly rows: number
  /** Bytes of the file that are done, and that there are. */
  readonly bytes: number
  readonly totalBytes: number
}

export type ImportReport = ImportCounts & {
  readonly importId: Id<'imp'>
  /** Rows of the file: what was created, changed, unchanged and refused together. */
  readonly rows: number
  /** The first hundred, in the order of their lines. */
  readonly firstRefused: readonly Refusal[]
  readonly refusedFile?: string
}

/** A place between two lines of a file: what comes before it is done. */
export type Position = { readonly byte: number; readonly line: number }
