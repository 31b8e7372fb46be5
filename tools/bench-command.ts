import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Table from 'cli-table3'
import type { BenchOptions, BenchResult } from '../benchmarks/harness.ts'

type Bench = { readonly run: (options: BenchOptions) => Promise<readonly BenchResult[]> }

const notBenches: readonly string[] = ['harness', 'run']

/**
 * Runs the benchmark that the arguments name, out of those in `folder`, and returns the exit code: 0, 1 when a target
 * was missed under `--strict`, 2 when there is no such benchmark. The last line printed is one JSON object. Without a
 * name it lists what there is.
 */
export async function runBenchCommand(folder: string, args: readonly string[]): Promise<number> {
  const { name, strict, options } = readArguments(args)
  const known = await listBenches(folder)
  if (name === undefined) return list(known)
  if (!known.includes(name)) return refuse(name, known)
  const bench = toBench(name, await import(pathToFileURL(join(folder, `${name}.ts`)).href))
  const results = await bench.run(options)
  console.log(toTable(results))
  console.log(JSON.stringify({ bench: name, results }))
  return strict && !results.every((result) => result.holds) ? 1 : 0
}

function readArguments(args: readonly string[]): {
  readonly name: string | undefined
  readonly strict: boolean
  readonly options: BenchOptions
} {
  const [name, ...rest] = args.filter((arg) => arg !== '--strict')
  return { name, strict: args.includes('--strict'), options: readOptions(rest) }
}

function readOptions(args: readonly string[]): BenchOptions {
  const options: Record<string, string | true> = {}
  const pairs = args.flatMap((arg) => (arg.startsWith('--') && arg.includes('=') ? splitOnce(arg) : [arg]))
  pairs.forEach((arg, index) => {
    const next = pairs[index + 1]
    if (arg.startsWith('--')) options[arg.slice(2)] = next === undefined || next.startsWith('--') ? true : next
  })
  return options
}

function splitOnce(arg: string): readonly string[] {
  const at = arg.indexOf('=')
  return [arg.slice(0, at), arg.slice(at + 1)]
}

async function listBenches(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort()
  return files.map((file) => file.slice(0, -'.ts'.length)).filter((name) => !notBenches.includes(name))
}

function list(known: readonly string[]): 0 {
  console.log('npm run bench -- NAME [--strict] [options], where NAME is one of:')
  for (const name of known) console.log(`  ${name}`)
  return 0
}

function refuse(name: string, known: readonly string[]): 2 {
  console.error(`There is no benchmark "${name}". There are: ${known.join(', ')}.`)
  return 2
}

function toBench(name: string, module: unknown): Bench {
  if (!isBench(module)) throw new TypeError(`benchmarks/${name}.ts exports no function "run"`)
  return module
}

function isBench(module: unknown): module is Bench {
  return typeof module === 'object' && module !== null && 'run' in module && typeof module.run === 'function'
}

function toTable(results: readonly BenchResult[]): string {
  const table = new Table({
    head: ['', 'ours', 'peer', 'unit', 'ratio', 'target', 'holds'],
    colAligns: ['left', 'right', 'right', 'left', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  })
  for (const { name, ours, peer, unit, ratio, target, holds } of results) {
    table.push([name, shorten(ours), shorten(peer), unit, ratio.toFixed(2), target, holds ? 'yes' : 'NO'])
  }
  return table.toString()
}

function shorten(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 })
}
