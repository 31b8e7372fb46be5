import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Check, runChecks } from '../../tools/run-checks.ts'
import { findMissingPackages, programPath, systemPackages } from '../../tools/system-packages.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-checks-'))
})
afterAll(() => rm(folder, { recursive: true }))

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

test('every check runs although one fails, and the summary keeps their order', async () => {
  const outcomes = await runChecks([
    check('slow', 'await wait(300)'),
    check('bad', 'process.exit(1)'),
    check('good', ''),
  ])
  expect(outcomes.map(({ check: { name }, passed }) => [name, passed])).toEqual([
    ['slow', true],
    ['bad', false],
    ['good', true],
  ])
})

test('a check that a signal ends has failed', async () => {
  const [outcome] = await runChecks([check('killed', "process.kill(process.pid, 'SIGKILL')")])
  expect(outcome?.passed).toBe(false)
})

test('what a failed check printed is shown whole, both streams, under its heading', async () => {
  await runChecks([check('bad', "console.log('first'); console.error('second'); process.exitCode = 1")])
  expect(printed()).toMatch(/== bad: bad holds ==.*\nfirst\nsecond\n.*does not hold \(exit code 1\)/)
})

test('never more than two checks run at once', async () => {
  const path = join(folder, 'running')
  await writeFile(path, '')
  const body = `appendFileSync('${path}', '+'); await wait(150); appendFileSync('${path}', '-')`
  await runChecks(['a', 'b', 'c', 'd', 'e'].map((name) => check(name, body)))
  expect(mostOpen(await readFile(path, 'utf8'))).toBe(2)
})

test('every program and font that the tests need is on this machine', () => {
  expect(findMissingPackages()).toEqual([])
  for (const { brings } of systemPackages) if ('program' in brings) expect(runs(programPath(brings.program))).toBe(true)
})

test('a missing program and missing fonts are found out', () => {
  const packages = [
    { debianName: 'no-such-package', brings: { program: 'no-such-program' } },
    { debianName: 'fonts-no-such', brings: { fontsFor: 'qaa' } },
    { debianName: 'bash', brings: { program: 'bash' } },
  ]
  expect(findMissingPackages(packages)).toEqual(['no-such-package', 'fonts-no-such'])
})

test('asking for a program that is not installed says how to install it', () => {
  expect(() => programPath('no-such-program')).toThrow('"npm test -- --only-packages" installs it')
})

function check(name: string, body: string): Check {
  const prelude = "import { appendFileSync } from 'node:fs'; import { setTimeout as wait } from 'node:timers/promises';"
  return { name, promise: `${name} holds`, script: ['--input-type=module', '--eval', `${prelude} ${body}`] }
}

function printed(): string {
  return vi
    .mocked(console.log)
    .mock.calls.map((line) => line.join(' '))
    .join('\n')
}

function mostOpen(marks: string): number {
  let open = 0
  return Math.max(...[...marks].map((mark) => (open += mark === '+' ? 1 : -1)))
}

function runs(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined
}
