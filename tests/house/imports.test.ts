import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cruiseImports, type ImportReport } from '../../tools/cruise-imports.ts'

const domains = ['customers', 'catalog', 'partners', 'ledger']
const production = ['kernel', 'database', 'records', ...domains, 'contracts', 'schema', 'gateway', 'app', 'console']

// Who may import whom, written once more and apart from the rules, so that a slip in either shows.
const allowed: ReadonlyMap<string, readonly string[]> = new Map([
  ['kernel', []],
  ['database', ['kernel']],
  ['records', ['kernel', 'database']],
  ...domains.map((domain): [string, readonly string[]] => [domain, ['kernel', 'database', 'records']]),
  ['contracts', ['kernel']],
  ['schema', ['kernel', 'database', 'records', ...domains]],
  ['gateway', ['kernel', 'database', 'records', 'schema', ...domains]],
  ['app', production.filter((folder) => folder !== 'app')],
  ['console', []],
])

const packages = ['drizzle-orm', 'postgres', 'ethers', 'express', 'luxon', 'uuid', 'zod', 'pino', 'vitest']

// A file, what it imports, and the rules that refuse it.
const otherCases: readonly (readonly [from: string, to: string, ...rules: string[]])[] = [
  ...['bin', 'tests', 'benchmarks'].map((folder) => [`${folder}/to-app.ts`, 'app/leaf.ts'] as const),
  ...['tools', 'examples'].map((folder) => [`${folder}/to-app.ts`, 'app/leaf.ts', 'app-is-the-top'] as const),
  ['app/to-tests.ts', 'tests/leaf.ts', 'no-imports-of-tests', 'production-stands-alone'],
  ['ledger/to-tests.ts', 'tests/leaf.ts', 'no-imports-of-tests', 'production-stands-alone'],
  ['tools/to-tests.ts', 'tests/leaf.ts', 'no-imports-of-tests'],
  ['benchmarks/to-tests.ts', 'tests/leaf.ts'],
  ['gateway/to-tools.ts', 'tools/leaf.ts', 'production-stands-alone'],
  ['kernel/to-benchmarks.ts', 'benchmarks/leaf.ts', 'production-stands-alone'],
  ['tests/to-tools.ts', 'tools/leaf.ts'],
  ['console/to-sdl.ts', 'schema/printed/customer.graphql'],

  ['database/client.ts', 'postgres'],
  ['records/store/append.ts', 'postgres'],
  ['ledger/settlement/store/lock.ts', 'drizzle-orm'],
  ['ledger/settlement/tables.ts', 'drizzle-orm'],
  ['customers/tables.ts', 'drizzle-orm'],
  ['tests/to-postgres.ts', 'postgres'],
  ['benchmarks/to-postgres.ts', 'postgres'],
  ['customers/consents.ts', 'postgres', 'sql-in-stores-only'],
  ['ledger/settlement/lock.ts', 'drizzle-orm', 'sql-in-stores-only'],
  ['ledger/timetables.ts', 'drizzle-orm', 'sql-in-stores-only'],
  ['gateway/bookstore/to-postgres.ts', 'postgres', 'sql-in-stores-only'],
  ['app/to-postgres.ts', 'postgres', 'sql-in-stores-only'],
  ['schema/to-drizzle.ts', 'drizzle-orm', 'schema-knows-no-edge', 'sql-in-stores-only'],
  ['schema/store/to-drizzle.ts', 'drizzle-orm', 'schema-knows-no-edge'],
  ['schema/to-ethers.ts', 'ethers', 'schema-knows-no-edge'],
  ['schema/to-express.ts', 'express', 'schema-knows-no-edge'],
  ['gateway/to-express.ts', 'express'],
  ['contracts/to-ethers.ts', 'ethers'],

  ['kernel/to-crypto.ts', 'node:crypto'],
  ['kernel/to-util.ts', 'node:util'],
  ['kernel/to-luxon.ts', 'luxon'],
  ['kernel/to-uuid.ts', 'uuid'],
  ['kernel/to-pino.ts', 'pino', 'kernel-needs-few-packages'],
  ...['fs', 'fs/promises', 'net', 'http', 'https', 'child_process', 'worker_threads', 'dns', 'process'].map(
    (name) => [`kernel/to-${name.replace('/', '-')}.ts`, `node:${name}`, 'kernel-does-no-io'] as const,
  ),
  ['kernel/to-bare-fs.ts', 'fs', 'kernel-does-no-io'],
  ['records/to-fs.ts', 'node:fs'],

  ['gateway/to-vitest.ts', 'vitest', 'no-development-packages'],
  ['tests/to-vitest.ts', 'vitest'],
  ['gateway/to-nowhere.ts', 'gateway/nowhere.ts', 'everything-resolves'],
  ['gateway/to-no-package.ts', 'no-such-package', 'everything-resolves'],
]

describe('over a tree with every direction in it', () => {
  let tree: string
  let report: ImportReport

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'tributary-imports-'))
    await writeTree(tree)
    report = await cruiseImports(tree)
  })

  afterAll(() => rm(tree, { recursive: true }))

  test('every file is read', () => {
    expect(report.unread).toEqual([])
    expect(report.modulesRead).toBeGreaterThan(2 * production.length ** 2)
  })

  describe.each(production)('%s', (from) => {
    test.each(production.filter((to) => to !== from))('imports %s only if it may', (to) => {
      const expected = allowed.get(from)?.includes(to) ? [] : [`layers-${from}`]
      expect(rulesFor(`${from}/value-of-${to}.ts`).filter(aboutLayers)).toEqual(expected)
      expect(rulesFor(`${from}/type-of-${to}.ts`).filter(aboutLayers)).toEqual(expected)
    })

    test('imports itself', () => {
      expect(rulesFor(`${from}/itself.ts`)).toEqual([])
    })
  })

  test.each(production.filter((from) => from !== 'app'))('%s does not import the program', (from) => {
    expect(rulesFor(`${from}/value-of-app.ts`)).toContain('app-is-the-top')
  })

  test.each(otherCases)('%s importing %s breaks %s %s', (from, _to, ...rules) => {
    expect(rulesFor(from)).toEqual(rules)
  })

  test.each(['value', 'type'])('a circle of two files is refused (%s)', (kind) => {
    // A circle is reported once, at whichever of its files comes first.
    const reported = ['a', 'b'].flatMap((half) => rulesFor(`ledger/${kind}-circle-${half}.ts`))
    expect(reported).toEqual(['no-circles'])
  })

  function rulesFor(from: string): readonly string[] {
    return report.violations
      .filter((violation) => violation.from === from)
      .map((violation) => violation.rule)
      .sort()
  }
})

test('over this checkout, every file is read', async () => {
  const { modulesRead, unread } = await cruiseImports()
  expect(unread).toEqual([])
  expect(modulesRead).toBeGreaterThan(30)
})

function aboutLayers(rule: string): boolean {
  return rule.startsWith('layers-')
}

async function writeTree(tree: string): Promise<void> {
  const leaves = [...production, 'bin', 'tests', 'benchmarks', 'tools', 'examples'].map((folder) => `${folder}/leaf.ts`)
  for (const path of leaves) await write(tree, path, 'export const leaf = 1\nexport type Leaf = typeof leaf\n')
  for (const name of packages) await writePackage(tree, name)
  await write(tree, 'package.json', packageJson())
  await write(tree, 'schema/printed/customer.graphql', 'type Query { me: String }\n')
  for (const from of production) await writeDirections(tree, from)
  for (const [from, to] of otherCases) await write(tree, from, `import '${specifier(from, to)}'\n`)
  await writeCircles(tree)
}

async function writeDirections(tree: string, from: string): Promise<void> {
  await write(tree, `${from}/itself.ts`, "import './leaf.ts'\n")
  for (const to of production.filter((folder) => folder !== from)) {
    const leaf = `'../${to}/leaf.ts'`
    await write(tree, `${from}/value-of-${to}.ts`, `import { leaf } from ${leaf}\nexport const mine = leaf\n`)
    await write(tree, `${from}/type-of-${to}.ts`, `import type { Leaf } from ${leaf}\nexport type Mine = Leaf\n`)
  }
}

async function writeCircles(tree: string): Promise<void> {
  for (const [kind, keyword] of [
    ['value', ''],
    ['type', 'type '],
  ] as const) {
    const half = (other: string): string => `export ${keyword}{ Leaf } from './${kind}-circle-${other}.ts'\n`
    await write(tree, `ledger/${kind}-circle-a.ts`, half('b'))
    await write(tree, `ledger/${kind}-circle-b.ts`, half('a'))
  }
}

async function writePackage(tree: string, name: string): Promise<void> {
  const folder = `node_modules/${name}`
  const about = { name, version: '1.0.0', type: 'module', main: 'index.js', types: 'index.d.ts' }
  await write(tree, `${folder}/package.json`, JSON.stringify(about))
  await write(tree, `${folder}/index.js`, 'export const leaf = 1\n')
  await write(tree, `${folder}/index.d.ts`, 'export type Leaf = number\n')
}

function packageJson(): string {
  const versions = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, '1.0.0']))
  const dependencies = versions(packages.filter((name) => name !== 'vitest'))
  return JSON.stringify({ name: 'tree', type: 'module', dependencies, devDependencies: versions(['vitest']) })
}

function specifier(from: string, to: string): string {
  return to.includes('/') && !to.startsWith('node:') ? `${'../'.repeat(from.split('/').length - 1)}${to}` : to
}

async function write(tree: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true })
  await writeFile(join(tree, path), text)
}
