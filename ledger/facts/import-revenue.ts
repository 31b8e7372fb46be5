import type { Context } from '../../database/context.ts'
import type {
  ImportFormat,
  ImportOutcome,
  ImportProgress,
  ImportReport,
  RowInput,
} from '../../records/import/import-spec.ts'
import { runImport } from '../../records/import/run-import.ts'
import type { FactResult } from './fact-result.ts'
import { type BrokerReport, parseSource } from './parse-revenue.ts'
import { parseFact } from './record-revenue.ts'
import { storeRevenue } from './store-revenue.ts'

export type ImportRevenueInput = {
  /** Path of a file of facts: NDJSON, or CSV with the same names in its header. */
  readonly file: string
  /** The system that states the facts; `broker` when it is not named. */
  readonly source?: string
  readonly format?: ImportFormat
  /** Where to write all refused lines, without their values. */
  readonly refusedFile?: string
  readonly onProgress?: (progress: ImportProgress) => void
}

const DEFAULT_SOURCE = 'broker'

/**
 * Records the facts of a file as `recordRevenue` does, line by line of any number; an import that was cut off goes on
 * where it stopped, and a file that was imported before changes nothing. Lines that are refused are reported with their
 * numbers, and the others stand. In CSV an empty cell is an absent field, and a line without a type is revenue.
 * Throws as `runImport` does, and `INVALID_INPUT` for the source.
 */
export async function importRevenue(context: Context, input: ImportRevenueInput): Promise<ImportReport> {
  const source = parseSource(input.source ?? DEFAULT_SOURCE)
  return runImport<BrokerReport>(context, {
    ...input,
    kind: 'revenue',
    source,
    parse: (row) => parseFact(valuesOf(row), source, context.clock.now()),
    write: async (tx, items) => {
      const batch = items.map(({ item }) => item)
      return (await storeRevenue(context, tx, { source, batch })).map(outcomeOf)
    },
  })
}

function valuesOf({ values }: RowInput): Readonly<Record<string, unknown>> {
  const present = Object.entries(values).filter(([, value]) => value !== '')
  return { type: 'revenue', ...Object.fromEntries(present) }
}

function outcomeOf(result: FactResult): ImportOutcome {
  if (result.outcome !== 'refused') return result.outcome === 'recorded' ? 'created' : 'unchanged'
  const { code, message, field } = result
  return field === undefined ? { refused: code, message } : { refused: code, message, field }
}
