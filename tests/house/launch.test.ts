import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chooseNode } from '../../bin/launch.js'
import { checkoutRoot } from '../../tools/checkout-root.ts'

type Child = ChildProcessByStdio<null, Readable, Readable>

const linux = { platform: 'linux', arch: 'x64', bundledNode: '/bundled/node' }

describe('which Node runs the program', () => {
  test.each(['v22.18.0', 'v22.20.1', 'v23.6.0', 'v24.0.0', 'v26.1.0'])('%s runs TypeScript itself', (version) => {
    expect(chooseNode({ ...linux, version })).toEqual({ kind: 'current' })
  })

  test.each(['v18.20.8', 'v20.20.2', 'v22.17.1', 'v23.5.0'])('%s leaves it to the bundled Node', (version) => {
    expect(chooseNode({ ...linux, version })).toEqual({ kind: 'bundled', path: '/bundled/node' })
  })

  test('an old Node on Linux without a bundled one is told to run npm ci', () => {
    const choice = chooseNode({ ...linux, bundledNode: undefined, version: 'v20.20.2' })
    const sentence =
      'Tributary needs Node 24 (at least 22.18), and this is Node 20.20.2: run "npm ci", which brings it.'
    expect(choice).toEqual({ kind: 'none', sentence })
  })

  test.each([
    ['darwin', 'arm64'],
    ['linux', 'riscv64'],
  ])('an old Node on %s %s, where npm brings none, is told where to get it', (platform, arch) => {
    const choice = chooseNode({ platform, arch, bundledNode: undefined, version: 'v20.20.2' })
    expect(choice).toMatchObject({ kind: 'none', sentence: expect.stringContaining('https://nodejs.org') })
  })
})

describe('a program run again on another Node', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-launch-'))
    await writeFile(join(folder, 'old.mjs'), launcherUnderOldNode())
  })

  afterAll(() => rm(folder, { recursive: true }))

  test('gets the arguments and gives its exit code', async () => {
    const child = start('exit', '7')
    const [output, ended] = await Promise.all([outputOf(child), endOf(child)])
    expect({ output, ended }).toEqual({ output: 'arguments exit 7', ended: { code: 7, signal: null } })
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('gets %s, and its own exit code counts', async (signal) => {
    const child = start('wait')
    child.stdout.once('data', () => child.kill(signal))
    const [output, ended] = await Promise.all([outputOf(child), endOf(child)])
    expect({ output, ended }).toEqual({ output: `arguments wait\ngot ${signal}`, ended: { code: 3, signal: null } })
  })

  test('that dies of a signal makes the launcher die of it too', async () => {
    const child = start('die')
    expect(await endOf(child)).toEqual({ code: null, signal: 'SIGKILL' })
  })

  test('says in one sentence that the other Node does not start', async () => {
    const child = start('no-such-node')
    const [errors, ended] = await Promise.all([text(child.stderr), endOf(child)])
    expect(errors).toBe('/no/such/node did not start: spawn /no/such/node ENOENT.\n')
    expect(ended).toEqual({ code: 1, signal: null })
  })

  function start(...args: readonly string[]): Child {
    const env = { ...process.env, BEHAVIOUR: args[0] }
    return spawn(process.execPath, [join(folder, 'old.mjs'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  }
})

test('a launcher of ours runs the program, under whichever Node starts it', async () => {
  const child = spawn(process.execPath, [join(checkoutRoot, 'bin', 'check.js'), 'no-such-check'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [errors, ended] = await Promise.all([text(child.stderr), endOf(child)])
  expect(errors).toMatch(/^There is no check no-such-check[.]/)
  expect(ended).toEqual({ code: 2, signal: null })
})

// The first run believes that its Node is old; the second one, on the same Node, is what would run on the bundled one.
function launcherUnderOldNode(): string {
  const launcher = pathToFileURL(join(checkoutRoot, 'bin', 'launch.js')).href
  return `
    import { launch } from '${launcher}'
    const behaviour = process.env.BEHAVIOUR
    const again = process.env.AGAIN === 'yes'
    process.env.AGAIN = 'yes'
    const bundledNode = behaviour === 'no-such-node' ? '/no/such/node' : process.execPath
    await launch(import.meta.url, run, { version: again ? process.version : 'v20.20.2', bundledNode })
    async function run() {
      for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => { console.log('got', signal); process.exit(3) })
      if (behaviour === 'exit') process.exitCode = Number(process.argv[3])
      if (behaviour === 'die') process.kill(process.pid, 'SIGKILL')
      if (behaviour === 'wait') setInterval(() => {}, 1000)
      console.log('arguments', ...process.argv.slice(2))
    }
  `
}

async function outputOf(child: Child): Promise<string> {
  return (await text(child.stdout)).trim()
}

async function endOf(child: Child): Promise<{ readonly code: number | null; readonly signal: string | null }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; signal: string | null }>()
  child.once('close', (code, signal) => resolve({ code, signal }))
  return await promise
}
