import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compare, measure, numberOption } from '../../benchmarks/harness.ts'
import { checkoutRoot } from '../../tools/checkout-root.ts'

const sorting = { name: 'sorting', ours: 90, peer: 100, unit: 'rows/s' }

describe('a comparison', () => {
  test('where higher is better holds from the target up', () => {
    expect(compare({ ...sorting, target: 0.9, better: 'higher' })).toEqual({
      ...sorting,
      ratio: 0.9,
      target: 0.9,
      holds: true,
    })
    expect(compare({ ...sorting, target: 0.91, better: 'higher' }).holds).toBe(false)
  })

  test('where lower is better holds from the target down', () => {
    expect(compare({ ...sorting, target: 0.9, better: 'lower' })).toMatchObject({ ratio: 0.9, holds: true })
    expect(compare({ ...sorting, target: 0.89, better: 'lower' }).holds).toBe(false)
  })

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s as a measurement', (value) => {
    expect(() => compare({ ...sorting, ours: value, target: 1, better: 'higher' })).toThrow(RangeError)
    expect(() => compare({ ...sorting, peer: value, target: 1, better: 'higher' })).toThrow(RangeError)
  })
})

test('a measurement lasts as long as its work', async () => {
  const seconds = await measure('waiting', () => new Promise((resolve) => setTimeout(resolve, 50)))
  expect(seconds).toBeGreaterThanOrEqual(0.049)
  expect(seconds).toBeLessThan(5)
})

test('a measurement of work that fails fails', async () => {
  await expect(measure('failing', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})

test('a number is read from the options, or refused', () => {
  expect(numberOption({ rows: '1000' }, 'rows', 5)).toBe(1000)
  expect(numberOption({}, 'rows', 5)).toBe(5)
  for (const rows of ['many', '1.5', '-1', '', true] as const) {
    expect(() => numberOption({ rows }, 'rows', 5)).toThrow('--rows takes a whole number')
  }
})

describe('the command', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-bench-'))
    await writeFile(join(folder, 'sorting.ts'), benchThatEchoesItsOptions())
    await writeFile(join(folder, 'hollow.ts'), 'export const walk = 1\n')
  })

  afterAll(() => rm(folder, { recursive: true }))

  test('without a name lists what there is', () => {
    const { status, stdout } = bench()
    expect(stdout).toMatch(/NAME is one of:\n {2}hollow\n {2}sorting\n$/)
    expect(status).toBe(0)
  })

  test('refuses a name that it does not know, with exit code 2', () => {
    const { status, stdout, stderr } = bench('sorter')
    expect(stderr).toBe('There is no benchmark "sorter". There are: hollow, sorting.\n')
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })

  test('ends with one line of JSON, below a table', () => {
    const { status, stdout } = bench('sorting', '--target', '2', '--better=lower')
    const lines = stdout.trimEnd().split('\n')
    const result = { name: 'sorting', ours: 3, peer: 2, unit: 's', ratio: 1.5, target: 2, holds: true }
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ bench: 'sorting', results: [result] })
    expect(lines.slice(0, -1).join('\n')).toMatch(/sorting .* 3 .* 2 .* s .* 1\.50 .* 2 .* yes/)
    expect(status).toBe(0)
  })

  test('fails on a missed target only when it is strict', () => {
    expect(bench('sorting', '--target', '2').status).toBe(0)
    expect(bench('sorting', '--target', '2', '--strict').status).toBe(1)
    expect(bench('--strict', 'sorting', '--target', '1').status).toBe(0)
  })

  test('says what a benchmark without "run" lacks', () => {
    const { status, stderr } = bench('hollow')
    expect(stderr).toContain('benchmarks/hollow.ts exports no function "run"')
    expect(status).not.toBe(0)
  })

  function bench(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    const command = pathToFileURL(join(checkoutRoot, 'tools', 'bench-command.ts')).href
    const script = `
      import { runBenchCommand } from '${command}'
      process.exitCode = await runBenchCommand('${folder}', process.argv.slice(1))
    `
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', script, '--', ...args],
      { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    )
    return { status, stdout, stderr }
  }
})

function benchThatEchoesItsOptions(): string {
  const harness = pathToFileURL(join(checkoutRoot, 'benchmarks', 'harness.ts')).href
  return `
    import { compare } from '${harness}'
    export async function run(options) {
      const better = options.better ?? 'higher'
      return [compare({ name: 'sorting', ours: 3, peer: 2, unit: 's', target: Number(options.target), better })]
    }
  `
}
