import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkoutRoot } from '../../tools/checkout-root.ts'

let project: string

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'tributary-vitest-'))
  await mkdir(join(project, 'tests'))
  await symlink(join(checkoutRoot, 'node_modules'), join(project, 'node_modules'))
})
afterEach(() => rm(project, { recursive: true }))

test('what passed, failed and was skipped is counted', async () => {
  await writeTests(`
    test('one', () => {}); test('two', () => {}); test('three', () => { throw new Error('no') })
    test.skip('four', () => {}); test.todo('five')
  `)
  expect(outcome()).toEqual({ passed: 2, failed: 1, skipped: 2 })
})

test('a file that does not load is a failure', async () => {
  await writeTests("import './nothing.js'; test('one', () => {})")
  expect(outcome()).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('an error that no test awaited is a failure, although every test passed', async () => {
  await writeTests("test('one', () => { setTimeout(() => { throw new Error('late') }) })")
  expect(outcome()).toEqual({ passed: 1, failed: 1, skipped: 0 })
})

test('no test at all is a failure', () => {
  expect(outcome()).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('a test that would run alone is a failure', async () => {
  await writeTests("test.only('one', () => {}); test('two', () => {})")
  expect(outcome('--no-allowOnly').failed).toBeGreaterThan(0)
})

function outcome(...options: readonly string[]): { readonly failed: number } {
  const module = pathToFileURL(join(checkoutRoot, 'tools', 'run-tests.ts')).href
  const script = `
    import { runTests } from '${module}'
    console.log(JSON.stringify(await runTests(process.argv.slice(1))))
  `
  const args = ['--input-type=module', '--eval', script, '--', '--root', project, ...options]
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
}

async function writeTests(body: string): Promise<void> {
  await writeFile(join(project, 'tests', 'some.test.js'), `import { test } from 'vitest'\n${body}\n`)
}
