import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { comparePages } from './consents/compare-pages.ts'
import { compareReads } from './consents/compare-reads.ts'
import { countStatements } from './consents/count-statements.ts'
import { populate } from './consents/population.ts'
import { type BenchOptions, type BenchResult, numberOption } from './harness.ts'
import { writeBankFile } from './import/bank-file.ts'
import { openContext, withServer } from './ledger/bench-world.ts'

const CUSTOMERS = 45_211
const CONSENTS = 60_000

/**
 * Reads under consent (rights looked up, limits kept, each row's disclosure durable): pages beside the same rows read by
 * SQL that asks nobody and leaves no trace, single reads beside the textbook's three statements; and how many statements a page of 100 customers takes, as PostgreSQL itself counts them.
 * Options: `--file bank-customers.csv` for the UCI Bank Marketing data instead of as many generated customers of that
 * shape; `--consents 60000`; `--rounds 5`.
 */
export async function run(options: BenchOptions): Promise<readonly BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-bench-'))
  try {
    return await withServer(
      async (world) => {
        const owner = await world.migrated('consents')
        const { context, close } = openContext(owner)
        try {
          const file = typeof options['file'] === 'string' ? options['file'] : await generated(folder)
          const rounds = numberOption(options, 'rounds', 5)
          const party = await populate(context, { file, consents: numberOption(options, 'consents', CONSENTS) })
          return [
            await countStatements(context, owner, party),
            await comparePages(context, party, rounds),
            await compareReads(context, party, rounds),
          ]
        } finally {
          await close()
        }
      },
      ['-c', 'shared_preload_libraries=pg_stat_statements'],
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function generated(folder: string): Promise<string> {
  const file = path.join(folder, 'customers.csv')
  await writeBankFile(file, CUSTOMERS)
  return file
}
