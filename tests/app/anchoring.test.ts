import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { stopEmbedded } from '../../database/embedded/start-embedded.ts'
import { FUNDED_KEYS, useAnvil } from '../support/anvil.ts'

const anvil = useAnvil()
let folder = ''
let environment: NodeJS.ProcessEnv = {}
let server: ChildProcess | undefined
let logged = ''
let origin = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-anchoring-'))
  const keyFile = path.join(folder, 'anchor.key')
  await writeFile(keyFile, `${FUNDED_KEYS[0]}\n`, { mode: 0o600 })
  environment = {
    ...process.env,
    ...{ PORT: '0', TRIBUTARY_DATA_DIR: path.join(folder, 'data'), DATABASE_URL: '' },
    ...{ TRIBUTARY_ANCHOR_RPC: `${anvil.url}/?token=hush-hush`, TRIBUTARY_ANCHOR_KEY_FILE: keyFile },
    ...{ TRIBUTARY_ANCHOR_EVERY: '1', TRIBUTARY_ANCHOR_CONFIRMATIONS: '2' },
  }
})
afterAll(async () => {
  server?.kill('SIGKILL')
  await stopEmbedded({ dataDir: path.join(folder, 'data') })
  await rm(folder, { recursive: true, force: true })
})

describe('anchoring by the command line and the worker', { timeout: 120_000 }, () => {
  test('deploying needs no database and says where the contract is', async () => {
    const { code, result } = await cli('anchor', 'deploy', '--admin', '0x70997970C51812dc3A010C7d01b50e0d17dc79C8')
    expect([code, result]).toEqual([
      0,
      expect.objectContaining({ chainId: '31337', admin: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' }),
    ])
    expect(existsSync(path.join(folder, 'data'))).toBe(false)
    environment['TRIBUTARY_ANCHOR_CONTRACT'] = result.contract
  })

  test('without a contract it is off, and says so', async () => {
    const { code, result } = await cli('anchor', 'status', { TRIBUTARY_ANCHOR_CONTRACT: '' })
    expect([code, result]).toMatchObject([0, { state: 'OFF' }])
    const publish = await cli('anchor', 'publish', { TRIBUTARY_ANCHOR_CONTRACT: '' })
    expect([publish.code, publish.errors]).toEqual([
      1,
      expect.stringContaining('CONFIG_INVALID: set TRIBUTARY_ANCHOR_RPC'),
    ])
  })

  test('the worker anchors what was sealed, and the metrics show it', async () => {
    await startServer()
    expect((await cli('partner', 'create', '--code', 'acme-travel', '--name', 'Acme', '--kind', 'SCENARIO')).code).toBe(
      0,
    )
    await vi.waitFor(async () => expect(await gauge('tributary_anchored_records')).toBe(1), WAIT)
    expect(await gauge('tributary_anchor_stopped')).toBe(0)
    expect(await gauge('tributary_anchor_lag_seconds')).toBe(0)
    const { code, result } = await cli('anchor', 'status')
    expect([code, result]).toMatchObject([
      0,
      { sequence: '1', anchoredSize: '1', checkpointSize: 1, finality: 'UNCONFIRMED' },
    ])
    await anvil.mine()
    expect((await cli('anchor', 'status')).result).toMatchObject({ finality: 'CONFIRMED', confirmedSize: '1' })
  })

  test('publishing brings the chain up to date now, and doing it again changes nothing', async () => {
    await cli('partner', 'create', '--code', 'other-school', '--name', 'Other', '--kind', 'SCENARIO')
    await vi.waitFor(async () => expect((await cli('anchor', 'status')).result.checkpointSize).toBe(2), WAIT)
    const [first, second] = await Promise.all([cli('anchor', 'publish'), cli('anchor', 'publish')])
    const again = await cli('anchor', 'publish')
    for (const { code, result } of [first, second, again]) {
      expect([code, result]).toMatchObject([0, { state: 'CURRENT', sequence: '2', anchoredSize: '2' }])
    }
    const { result } = await cli('anchor', 'status')
    expect(result.attempts.map(({ sequence }) => sequence)).toEqual(['2', '1'])
  })

  test('verification holds the log against the chain', async () => {
    const { code, result } = await cli('ledger', 'verify')
    expect([code, result]).toMatchObject([0, { sound: true, findings: [] }])
  })

  test('with the chain down the ledger goes on; what is not so is not called so', async () => {
    await anvil.kill()
    const created = await cli('partner', 'create', '--code', 'third-bank', '--name', 'Third', '--kind', 'BANK')
    expect(created.code).toBe(0)
    await vi.waitFor(async () => expect(await gauge('tributary_anchor_lag_seconds')).toBeGreaterThan(0), WAIT)
    expect(await gauge('tributary_anchored_records')).toBe(2)
    const why = 'the chain’s node does not answer (ECONNREFUSED)'
    const [status, publish, verify, without] = [
      await cli('anchor', 'status'),
      await cli('anchor', 'publish'),
      await cli('ledger', 'verify'),
      await cli('ledger', 'verify', '--no-chain'),
    ]
    expect([status.code, status.result]).toMatchObject([1, { state: 'WAITING', why, lag: { records: '1' } }])
    expect([publish.code, publish.result]).toMatchObject([1, { state: 'WAITING', why }])
    expect([verify.code, verify.result.findings]).toEqual([
      1,
      [
        {
          where: `the contract ${environment['TRIBUTARY_ANCHOR_CONTRACT']}`,
          what: `its anchors could not be read: ${why}`,
        },
      ],
    ])
    expect([without.code, without.result]).toMatchObject([0, { sound: true, findings: [] }])
    expect((await fetch(`${origin}/readyz`)).status).toBe(200)
    for (const said of [status, publish, verify]) expect(said.printed + said.errors).not.toMatch(SECRETS)
  })

  test('the server ends in good order, and has told neither the key nor the address with its token', async () => {
    const ended = server && once(server, 'exit')
    server?.kill('SIGTERM')
    expect((await ended)?.[0]).toBe(0)
    expect(logged).toContain('is ready')
    expect(logged).not.toMatch(SECRETS)
  })
})

const WAIT = { timeout: 40_000, interval: 300 }
const SECRETS = new RegExp(`hush-hush|${FUNDED_KEYS[0].slice(2)}`)

/** What a command prints, as far as it is read here; the rest is matched as a whole. */
type Printed = {
  readonly contract: string
  readonly checkpointSize: number
  readonly attempts: readonly { readonly sequence: string }[]
  readonly findings: readonly object[]
}

type Said = { readonly code: number; readonly printed: string; readonly errors: string; readonly result: Printed }

/** Runs a command; words, and perhaps other settings at the end. */
async function cli(...words: readonly (string | NodeJS.ProcessEnv)[]): Promise<Said> {
  const last = words.at(-1)
  const settings = typeof last === 'object' ? last : {}
  const parameters = words.filter((word) => typeof word === 'string')
  return new Promise((resolve) => {
    const env = { ...environment, ...settings }
    execFile(process.execPath, ['bin/tributary.js', ...parameters, '--json'], { env }, (error, printed, errors) => {
      const code = error === null ? 0 : Number(error.code)
      resolve({ code, printed, errors, result: JSON.parse(printed || '{}') })
    })
  })
}

async function startServer(): Promise<void> {
  server = spawn(process.execPath, ['bin/start.js'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      logged += chunk.toString()
    })
  }
  await vi.waitFor(() => {
    origin = /"origin":"([^"]+)"[^\n]*is ready/.exec(logged)?.[1] ?? ''
    expect(origin).not.toBe('')
  }, WAIT)
}

async function gauge(name: string): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text()
  const value = new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]
  return Number(value)
}
