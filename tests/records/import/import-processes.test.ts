import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import type { ImportReport } from '../../../records/import/import-spec.ts'
import { runImport } from '../../../records/import/run-import.ts'
import { useWorld } from '../../support/database.ts'
import { createThings, thingsFrom, useFolder, writeThings } from './things.ts'

const world = useWorld()
const save = useFolder()
const child = fileURLToPath(new URL('./import-child.ts', import.meta.url))
const ROWS = 3000

beforeAll(() => createThings(world.owner))

const numbered = (prefix: string) =>
  ['key,value', ...Array.from({ length: ROWS }, (_, index) => `${prefix}${index},v`)].join('\n')

test('killed again and again, an import still brings each line in once', async () => {
  const file = await save('killed.csv', numbered('a'))
  let report: ImportReport | undefined
  for (let runs = 0; report === undefined; runs++) {
    expect(runs).toBeLessThan(8)
    report = await runKilledAfter(file, runs < 3 ? 5 : Number.POSITIVE_INFINITY)
  }
  expect(report).toMatchObject({ rows: ROWS, created: ROWS, unchanged: 0 })
  const [written] = await world.owner<{ lines: number; distinct: number; batches: number }[]>`
    select count(*)::int as lines, count(distinct line)::int as distinct, count(distinct tx)::int as batches
    from things_written`
  expect(written).toEqual({ lines: ROWS, distinct: ROWS, batches: ROWS / 100 })
  const [records] = await world.owner<{ n: number }[]>`select count(*)::int as n from records where kind = 'import'`
  expect(records?.n).toBe(ROWS / 100)
})

test('of two imports of one file at once, one works and the other is told', async () => {
  const file = await save('twice.csv', numbered('b'))
  const first = start(file, 120)
  await lineOf(first.lines, /^rows /)
  await expect(runImport(world.context, thingsFrom(file))).rejects.toMatchObject({ code: 'WRONG_STATE' })
  const done = await lineOf(first.lines, /^(done|failed) /)
  expect(JSON.parse(done.slice('done '.length))).toMatchObject({ rows: ROWS, created: ROWS })
})

test('imports of other files go on side by side, however many', async () => {
  const files = await Promise.all(
    Array.from({ length: 12 }, (_, index) => save(`side-${index}.csv`, `key,value\ns${index},v`)),
  )
  const reports = await Promise.all(
    files.map((file) => runImport(world.context, thingsFrom(file, { write: writeThings }))),
  )
  expect(reports.map(({ created }) => created)).toEqual(files.map(() => 1))
})

/** Runs the import and kills it once it has told so many batches; the report, if it was done before. */
async function runKilledAfter(file: string, batches: number): Promise<ImportReport | undefined> {
  const { process: running, lines } = start(file, 15)
  let seen = 0
  for await (const line of lines) {
    if (line.startsWith('done ')) return JSON.parse(line.slice('done '.length))
    if (line.startsWith('failed ')) throw new Error(line)
    if (++seen >= batches) running.kill('SIGKILL')
  }
  return undefined
}

function start(file: string, pause: number): { readonly process: ChildProcess; readonly lines: Interface } {
  const args = [child, JSON.stringify(world.address), file, String(pause)]
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  return { process: running, lines: createInterface(running.stdout) }
}

async function lineOf(lines: Interface, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => pattern.test(line) && resolve(line))
    lines.once('close', () => reject(new Error('the import ended without a word')))
  })
}
