import { readFile } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { importCustomers } from '../../customers/import-customers.ts'
import { type DatabaseAddress, openDatabase } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { systemClock } from '../../kernel/clock.ts'
import { keyringOf } from '../../kernel/keyring.ts'
import { silentLog } from '../../kernel/log.ts'

export type ImportJob = { readonly address: DatabaseAddress; readonly file: string; readonly mapping: string }
export type ImportRun = { readonly rows: number; readonly seconds: number; readonly peakMebibytes: number }

const SAMPLE_MS = 5

// One import in a process of its own, so that its memory is its own: the job as an argument, the run on standard output.
const { address, file, mapping }: ImportJob = JSON.parse(process.argv[2] ?? '{}')
const database = openDatabase(address, 'tributary:bench')
const context: Context = {
  clock: systemClock,
  log: silentLog,
  database,
  keyring: keyringOf(Buffer.alloc(32, 1)),
  actor: 'system:bench',
}
const content: unknown = JSON.parse(await readFile(mapping, 'utf8'))
// Sampled, and not what the system calls maxRSS: on Linux that includes the parent, whose memory a child begins with.
let peakBytes = 0
const sample = (): void => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
}
const sampling = setInterval(sample, SAMPLE_MS)
const start = performance.now()
const { created, refused } = await importCustomers(context, { file, mapping: content, onProgress: sample })
const seconds = (performance.now() - start) / 1000
clearInterval(sampling)
await database.close()
if (refused > 0) throw new Error(`${refused} rows were refused`)
const run: ImportRun = { rows: created, seconds, peakMebibytes: peakBytes / 2 ** 20 }
console.log(JSON.stringify(run))
