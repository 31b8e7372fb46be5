import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatabaseAddress } from '../../database/client.ts'
import { appendRecords } from '../../records/append-records.ts'
import { signCheckpoint } from '../../records/sign-checkpoint.ts'
import { ORIGIN, projectedRows, type WholeScene, wholeLog } from '../records/replay/whole-scene.ts'
import { sealAll } from '../records/sealed-log.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { type TestWorld, useWorld } from '../support/database.ts'

const MANY = 30_000
const source = useWorld()
const target = useWorld()
let folder = ''
let scene: WholeScene
const file = (name: string): string => path.join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-replay-command-'))
  const { context, owner } = source
  const records = Array.from({ length: MANY }, (_, n) => ({ kind: 'import', data: { n: BigInt(n) } }) as const)
  await context.database.transaction((tx) => appendRecords(context, tx, records))
  scene = await wholeLog(source)
  await sealAll(context, owner)
  await signCheckpoint(context, { origin: ORIGIN })
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a log that goes from one installation to another by the commands', { timeout: 240_000 }, () => {
  test('is exported, its keys into a file for its owner alone, which is never written over', async () => {
    const exporting = start(source, 'ledger', 'export', '--format', 'records', '--keys', file('keys'))
    exporting.stdout?.pipe(createWriteStream(file('log')))
    expect(await codeOf(exporting)).toBe(0)
    expect((await stat(file('keys'))).mode & 0o777).toBe(0o600)
    const again = start(source, 'ledger', 'export', '--format', 'records', '--keys', file('keys'))
    again.stdout?.resume()
    expect(await codeOf(again)).toBe(1)
  })

  test('is replayed by a process that is killed in the middle, and goes on when it is run again', async () => {
    const first = start(target, 'ledger', 'replay', file('log'), '--keys', file('keys'))
    const at = await untilLoaded(target, 1)
    first.kill('SIGKILL')
    await once(first, 'exit')
    expect(at).toBeLessThan(MANY)
    const report = await cli(target, 'ledger', 'replay', file('log'), '--keys', file('keys'))
    expect(report).toMatchObject({ sound: true, waiting: [], checkpoints: 1, origin: ORIGIN })
    expect(await projectedRows(target)).toEqual(await projectedRows(source))
  })

  test('verifies there, and has the same balances', async () => {
    expect(await cli(target, 'ledger', 'verify')).toMatchObject({ sound: true, findings: [] })
    const balances = await cli(source, 'ledger', 'balances')
    expect(balances).not.toEqual([])
    expect(await cli(target, 'ledger', 'balances')).toEqual(balances)
  })

  test('goes on there: the next month is closed, and a customer is erased', async () => {
    const closed = await cli(target, 'period', 'close', '--programme', scene.programme, '--month', '2026-05')
    expect(closed).toMatchObject({ statements: 1 })
    const erased = await cli(target, 'customer', 'erase', scene.account, '--reason', 'asked', '--yes')
    expect(erased).toMatchObject({ consentsEnded: 2 })
    await sealAll(target.context, target.owner)
    expect(await cli(target, 'ledger', 'verify')).toMatchObject({ sound: true, findings: [] })
  })

  test('is not erased from without a word, and a table that was tampered with fails the command', async () => {
    await expect(cli(target, 'customer', 'erase', scene.other, '--reason', 'asked')).rejects.toThrow(/--yes/)
    await behindGuards(target.owner, `update partners set status = 'LIVE' where status = 'SUSPENDED'`)
    const failure = await cli(target, 'ledger', 'verify').catch((error: { stdout: string; code: number }) => error)
    expect(failure.code).toBe(1)
    expect(JSON.parse(failure.stdout).findings).toEqual([
      { where: expect.stringMatching(/^partners id /), what: 'its status is not what its records say' },
    ])
  })
})

async function untilLoaded({ owner }: TestWorld, least: number): Promise<number> {
  for (;;) {
    const [row] = await owner<{ loaded: string }[]>`select loaded from replays`
    if (Number(row?.loaded ?? 0) >= least) return Number(row?.loaded)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function start(world: TestWorld, ...words: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['bin/tributary.js', ...words], {
    env: environmentOf(world),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

async function codeOf(child: ChildProcess): Promise<number | null> {
  await once(child, 'close')
  return child.exitCode
}

// biome-ignore lint/suspicious/noExplicitAny: documents of several commands, each looked at by the test that asked
async function cli(world: TestWorld, ...words: readonly string[]): Promise<any> {
  const { stdout } = await promisify(execFile)(process.execPath, ['bin/tributary.js', '--json', ...words], {
    env: environmentOf(world),
  })
  return JSON.parse(stdout)
}

function environmentOf({ ownerAddress }: TestWorld): NodeJS.ProcessEnv {
  const masterKey = Buffer.alloc(32, 7).toString('base64')
  const dataDir = path.join(folder, 'data')
  return {
    ...process.env,
    DATABASE_URL: urlOf(ownerAddress),
    TRIBUTARY_MASTER_KEY: masterKey,
    TRIBUTARY_DATA_DIR: dataDir,
  }
}

function urlOf({ url, host = '', port = 5432, user = '', database = '' }: DatabaseAddress): string {
  return url ?? `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
}
