import type { Context } from '../database/context.ts'
import type { ImportProgress, ImportReport } from '../records/import/import-spec.ts'
import { runImport } from '../records/import/run-import.ts'
import { type CustomerMapping, parseCustomerMapping } from './customer-mapping.ts'
import { keepPurposes } from './define-purposes.ts'
import { keepDefinitions } from './define-tags.ts'
import { type MappedCustomer, rowMapper } from './map-customer.ts'
import { selectDefinitions } from './store/tag-definitions.ts'
import { writeCustomers } from './write-customers.ts'

export type ImportCustomersInput = {
  /** Path of a CSV or NDJSON file, told apart by its extension. */
  readonly file: string
  /** Content of a mapping file (`tributary-customers/1`), as parsed JSON. */
  readonly mapping: unknown
  /** Where refused lines are written, as NDJSON. */
  readonly refusedFile?: string
  readonly onProgress?: (progress: ImportProgress) => void
}

/**
 * Imports customers and what is known of them: the tags and purposes of the mapping are defined first, new customers are
 * added, and tags follow the file where it says otherwise. A tag for which a row has no value stays as it was, and an older
 * observation never replaces a newer one. The same file again changes nothing. Lines that make no customer are refused one
 * by one, and the rest stands. Throws `INVALID_INPUT` for a mapping or file that is none, `MEANING_CHANGED` when it
 * redefines a tag or purpose, and what {@link runImport} throws.
 */
export async function importCustomers(
  context: Context,
  { file, mapping: content, refusedFile, onProgress }: ImportCustomersInput,
): Promise<ImportReport> {
  const mapping = parseCustomerMapping(content)
  await define(context, mapping)
  const definitions = await selectDefinitions(context.database.reads, Object.keys(mapping.tags))
  const now = context.clock.now()
  const { tagKeys, map } = rowMapper(mapping, definitions, now)
  const isSensitive = new Map(definitions.map(({ key, sensitivity }) => [key, sensitivity === 'HIGH']))
  const sealed = tagKeys.map((key) => isSensitive.get(key) === true)
  const observation = { source: mapping.source, tagKeys, sealed, at: now }
  return runImport<MappedCustomer>(context, {
    kind: 'customers',
    source: mapping.source,
    file,
    mapping: JSON.stringify(mapping),
    parse: map,
    write: (tx, items) => writeCustomers(context, tx, items, observation),
    ...(refusedFile === undefined ? {} : { refusedFile }),
    ...(onProgress === undefined ? {} : { onProgress }),
  })
}

async function define(context: Context, { definitions, purposes }: CustomerMapping): Promise<void> {
  await context.database.transaction(async (tx) => {
    await keepDefinitions(context, tx, definitions)
    await keepPurposes(context, tx, purposes)
  })
}
