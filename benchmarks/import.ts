import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { DatabaseAddress } from '../database/client.ts'
import { startEmbedded, stopEmbedded } from '../database/embedded/start-embedded.ts'
import { migrate } from '../database/migrate.ts'
import { type BenchOptions, type BenchResult, compare, measure, numberOption } from './harness.ts'
import { writeBankFile } from './import/bank-file.ts'
import { cloneDatabase, copyIn, copyOut, settle } from './import/copy-tables.ts'
import type { ImportJob, ImportRun } from './import/import-process.ts'

const MAPPING = fileURLToPath(new URL('../examples/bank-customers.mapping.json', import.meta.url))
const PROCESS = fileURLToPath(new URL('./import/import-process.ts', import.meta.url))
/** What an import of customers writes, in the order in which it can be copied. */
const TABLES = ['customers', 'tags', 'records']
const FEW_ROWS = 45_000
const LEAST_SPEED = 0.25
const MOST_GROWTH = 1.25

/**
 * Imports a bank's customers, beside PostgreSQL's own COPY of the rows that this wrote, into the same tables with the same
 * indexes and constraints; and the importing process's peak of memory for many rows beside that for few.
 * Options: `--rows 1000000`; `--file customers.csv` for a file of that shape instead of a generated one.
 */
export async function run(options: BenchOptions): Promise<readonly BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-bench-'))
  const dataDir = path.join(folder, 'server')
  try {
    const { host, port } = await startEmbedded({ dataDir })
    return await compareImports({ host, port, user: 'postgres', database: 'postgres' }, folder, options)
  } finally {
    await stopEmbedded({ dataDir })
    await rm(folder, { recursive: true, force: true })
  }
}

async function compareImports(
  server: DatabaseAddress,
  folder: string,
  options: BenchOptions,
): Promise<readonly BenchResult[]> {
  const rows = numberOption(options, 'rows', 1_000_000)
  const template = await cloneDatabase(server, 'template1', 'migrated')
  await migrate(template)
  const few = await importInto(server, 'few', await generated(folder, Math.min(rows, FEW_ROWS)))
  const file = typeof options['file'] === 'string' ? options['file'] : await generated(folder, rows)
  const many = await importInto(server, 'many', file)
  const copySeconds = await copyAgain(server)
  return [
    compare({
      name: `${many.rows} customers`,
      ours: many.rows / many.seconds,
      peer: many.rows / copySeconds,
      unit: 'rows/s (peer: COPY)',
      target: LEAST_SPEED,
      better: 'higher',
    }),
    compare({
      name: `memory, ${many.rows} rows beside ${few.rows}`,
      ours: many.peakMebibytes,
      peer: few.peakMebibytes,
      unit: 'MiB at the peak',
      target: MOST_GROWTH,
      better: 'lower',
    }),
  ]
}

async function generated(folder: string, rows: number): Promise<string> {
  const file = path.join(folder, `${rows}.csv`)
  await writeBankFile(file, rows)
  return file
}

async function importInto(server: DatabaseAddress, name: string, file: string): Promise<ImportRun> {
  const address = { ...(await cloneDatabase(server, 'migrated', name)), role: 'tributary_app' }
  await settle(server)
  const job: ImportJob = { address, file, mapping: MAPPING }
  const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, JSON.stringify(job)])
  const run: ImportRun = JSON.parse(stdout)
  console.error(`import of ${run.rows} rows: ${run.seconds.toFixed(3)} s, ${run.peakMebibytes.toFixed(0)} MiB`)
  return run
}

/** Copies what the import of many rows wrote into a database of its own; returns the seconds. */
async function copyAgain(server: DatabaseAddress): Promise<number> {
  await copyOut({ ...server, database: 'many' }, TABLES)
  const peer = await cloneDatabase(server, 'migrated', 'peer')
  await settle(server)
  return measure('COPY of what it wrote', () => copyIn(peer, TABLES))
}
