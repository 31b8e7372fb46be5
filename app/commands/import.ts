import type { Command } from 'commander'
import type { ImportProgress, ImportReport } from '../../records/import/import-spec.ts'
import { act, type Outcome } from './act.ts'
import { openProgress } from './progress.ts'
import { readJson } from './read-json.ts'

type MappedOptions = { readonly mapping: string; readonly refused?: string }
type RevenueOptions = { readonly source?: string; readonly refused?: string }
type OnProgress = (progress: ImportProgress) => void

/** `tributary import customers|products|revenue FILE`. */
export function addImport(program: Command): void {
  const noun = program.command('import').description("take in the broker's files: CSV or NDJSON, resumable, idempotent")
  mapped(noun, 'customers', 'customers and their tags').action(
    (file: string, options: MappedOptions, command: Command) =>
      act(command, async (context) => {
        const { importCustomers } = await import('../../customers/import-customers.ts')
        const mapping = await readJson(options.mapping)
        return report((onProgress) => importCustomers(context, { file, mapping, ...refusedFile(options), onProgress }))
      }),
  )
  mapped(noun, 'products', 'products of the catalogue').action(
    (file: string, options: MappedOptions, command: Command) =>
      act(command, async (context) => {
        const { importProducts } = await import('../../catalog/import-products.ts')
        const mapping = await readJson(options.mapping)
        return report((onProgress) => importProducts(context, { file, mapping, ...refusedFile(options), onProgress }))
      }),
  )
  verb(noun, 'revenue', 'revenue events and lead bindings')
    .option('--source <name>', 'who the facts come from', 'broker')
    .action((file: string, options: RevenueOptions, command: Command) =>
      act(command, async (context) => {
        const { importRevenue } = await import('../../ledger/facts/import-revenue.ts')
        const source = options.source ?? 'broker'
        return report((onProgress) => importRevenue(context, { file, source, ...refusedFile(options), onProgress }))
      }),
    )
}

function verb(noun: Command, name: string, about: string): Command {
  return noun
    .command(name)
    .argument('<file>', 'CSV or NDJSON file')
    .description(about)
    .option('--refused <file>', 'write every refused line there: its number and why')
}

function mapped(noun: Command, name: string, about: string): Command {
  return verb(noun, name, about).requiredOption('--mapping <file>', 'what the columns mean (see examples/)')
}

function refusedFile({ refused }: { readonly refused?: string }): { readonly refusedFile?: string } {
  return refused === undefined ? {} : { refusedFile: refused }
}

async function report(work: (onProgress: OnProgress) => Promise<ImportReport>): Promise<Outcome> {
  const bar = openProgress('import')
  const result = await work(({ bytes, totalBytes, rows }) => bar.show(bytes, totalBytes, `${rows} lines`)).finally(
    bar.end,
  )
  const { rows, created, changed, unchanged, refused, firstRefused } = result
  for (const { line, code, message } of firstRefused.slice(0, 20))
    process.stderr.write(`line ${line}: ${code}: ${message}\n`)
  return { result, rows: [{ rows, created, changed, unchanged, refused }] }
}
