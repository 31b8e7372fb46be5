import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import type { MappingRow } from '../kernel/mapping.ts'
import type { ImportProgress, ImportReport, RowInput } from '../records/import/import-spec.ts'
import { runImport } from '../records/import/run-import.ts'
import { type MappedProduct, mapProduct } from './map-product.ts'
import { columnsNeeded, type ProductMapping, parseProductMapping } from './product-mapping.ts'
import { writeProducts } from './write-products.ts'

export type ImportProductsInput = {
  /** Path of a CSV or NDJSON file, told apart by its extension. */
  readonly file: string
  /** Content of a mapping file (`tributary-products/1`), as parsed JSON. */
  readonly mapping: unknown
  /** Where refused lines are written, as NDJSON. */
  readonly refusedFile?: string
  readonly onProgress?: (progress: ImportProgress) => void
}

/**
 * Imports products: new ones are created, known ones changed where the file says otherwise, each with its record; lines that
 * make no product are refused one by one, and the rest stands. The same file again changes nothing. A product that the file
 * no longer names stays; it is withdrawn by its status. Throws `INVALID_INPUT` for a mapping or file that is none, and what
 * {@link runImport} throws.
 */
export async function importProducts(
  context: Context,
  { file, mapping: content, refusedFile, onProgress }: ImportProductsInput,
): Promise<ImportReport> {
  const mapping = parseProductMapping(content)
  return runImport<MappedProduct>(context, {
    kind: 'products',
    source: mapping.source,
    file,
    mapping: JSON.stringify(mapping),
    parse: rowParser(mapping, /\.csv$/i.test(file)),
    write: (tx, items) => writeProducts(context, tx, items),
    ...(refusedFile === undefined ? {} : { refusedFile }),
    ...(onProgress === undefined ? {} : { onProgress }),
  })
}

function rowParser(mapping: ProductMapping, hasHeader: boolean): (row: RowInput) => MappedProduct {
  const columns = hasHeader ? columnsNeeded(mapping) : []
  return ({ line, values }) => {
    // without this a column that was renamed would turn into every row's default
    const missing = columns.find((column) => !Object.hasOwn(values, column))
    if (missing !== undefined) {
      throw new Fault('INVALID_INPUT', `the file has no column ${JSON.stringify(missing)}, which the mapping reads`)
    }
    return mapProduct(mapping, textsOf(values), line)
  }
}

/** A row's texts; numbers and booleans of NDJSON are written out, and what is neither is no value. */
function textsOf(values: RowInput['values']): MappingRow {
  const entries = Object.entries(values).flatMap(([column, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[column, String(value)]]
      : [],
  )
  return Object.fromEntries(entries)
}
