import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { behindGuards } from '../support/behind-guards.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const WAIT = { timeout: 40_000, interval: 100 }
let folder = ''
let server: ChildProcess | undefined
let logged = ''
let origin = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-verify-'))
  server = start('bin/start.js')
  server.stdout?.on('data', (chunk: Buffer) => {
    logged += chunk.toString()
  })
  await vi.waitFor(() => {
    origin = /"origin":"([^"]+)"[^\n]*is ready/.exec(logged)?.[1] ?? ''
    expect(origin).not.toBe('')
  }, WAIT)
}, 60_000)
afterAll(async () => {
  if (server?.exitCode === null) {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  await rm(folder, { recursive: true, force: true })
})

function start(...words: readonly string[]): ChildProcess {
  const { url, host = '', port, user, database } = world.ownerAddress
  const address = url ?? `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
  const env = { ...process.env, PORT: '0', DATABASE_URL: address, TRIBUTARY_DATA_DIR: folder }
  return spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

async function run(words: readonly string[], onStart: (child: ChildProcess) => void = () => {}): Promise<Ran> {
  const child = start('bin/tributary.js', ...words)
  const said = { out: '', err: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    said.out += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    said.err += chunk.toString()
  })
  onStart(child)
  await once(child, 'close')
  return { code: child.exitCode, ...said }
}

const createPartner = (code: string): Promise<Ran> =>
  run(['partner', 'create', '--code', code, '--name', code, '--kind', 'BANK'])

async function gauges(): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${origin}/metrics`)).text()
  return new Map(
    [...text.matchAll(/^(tributary_log_\w+) (\S+)$/gm)].map(([, name = '', value]) => [name, Number(value)]),
  )
}

describe('a running server', { timeout: 60_000 }, () => {
  test('seals what is written within moments, signs for it, and its metrics say so', async () => {
    expect((await createPartner('first-bank')).code).toBe(0)
    await vi.waitFor(async () => {
      const now = await gauges()
      expect(now.get('tributary_log_sealed_records')).toBe(1)
      expect(now.get('tributary_log_checkpoint_records')).toBe(1)
      expect(now.get('tributary_log_unsealed_records')).toBe(0)
      expect(now.get('tributary_log_sealing_lag_seconds')).toBe(0)
      expect(now.get('tributary_log_checkpoint_age_seconds')).toBeGreaterThanOrEqual(0)
    }, WAIT)
  })

  test('shows a transaction that holds sealing up, and seals once it is over', async () => {
    await world.owner.begin(async (tx) => {
      await tx`create table held_up (n integer)`
      expect((await createPartner('second-bank')).code).toBe(0)
      await vi.waitFor(async () => {
        const now = await gauges()
        expect(now.get('tributary_log_unsealed_records')).toBe(1)
        expect(now.get('tributary_log_sealing_lag_seconds')).toBeGreaterThan(0)
        expect(now.get('tributary_log_oldest_writer_seconds')).toBeGreaterThan(0)
      }, WAIT)
    })
    await vi.waitFor(async () => expect((await gauges()).get('tributary_log_sealed_records')).toBe(2), WAIT)
  })

  test('bounds every statement and every transaction of the application in time', async () => {
    const { reads, disclosures, entries } = world.context.database
    for (const pool of [reads, disclosures, entries]) {
      const [row] = await pool<{ statement: string; idle: string }[]>`
        select current_setting('statement_timeout') as statement,
               current_setting('idle_in_transaction_session_timeout') as idle`
      expect(row).toEqual({ statement: '1min', idle: '1min' })
    }
  })
})

describe('ledger verify', { timeout: 60_000 }, () => {
  test('says what was checked, with the root and the checkpoints that agree', async () => {
    const note = await (await fetch(`${origin}/transparency/checkpoint`)).text()
    const file = path.join(folder, 'kept.note')
    await writeFile(file, note)
    const [, size, root = ''] = note.split('\n')
    const { code, out } = await run(['ledger', 'verify', '--checkpoint', file])
    expect(code).toBe(0)
    expect(out).toContain(`Sound: ${size} records under the root ${root}, which`)
    const json = JSON.parse((await run(['ledger', 'verify', '--checkpoint', file, '--json'])).out)
    expect(json).toMatchObject({ sound: true, findings: [], log: { size: Number(size), root } })
    expect(json.checks.map(({ check }: { check: string }) => check)).toContain('tables')
    expect((await run(['ledger', 'verify', '--checkpoint', path.join(folder, 'none')])).err).toContain('NOT_FOUND')
  })

  test('fails, with a line for each thing that is wrong', async () => {
    await behindGuards(world.owner, `update records set kind = 'terms'`)
    const { code, out } = await run(['ledger', 'verify'])
    expect(code).toBe(1)
    expect(out).toContain('its kind is not the one in its body')
    expect(out).toMatch(/Not sound: something is wrong with records \(\d+\)/)
    await behindGuards(world.owner, `update records set kind = 'partner'`)
  })

  test('ends at Ctrl-C in good order, says that it was stopped, and leaves no connection', async () => {
    const { code, err } = await run(['ledger', 'verify'], (child) => void stopOnceConnected(child))
    expect([code, err]).toEqual([1, expect.stringContaining('WRONG_STATE: the verification was stopped')])
    await vi.waitFor(async () => expect(await connections()).toBe(0), WAIT)
  })

  /** The check of the tables waits for this lock, so that there is time to stop it. */
  async function stopOnceConnected(child: ChildProcess): Promise<void> {
    await world.owner.begin(async (tx) => {
      await tx`lock table partners in access exclusive mode`
      await vi.waitFor(async () => expect(await connections()).toBeGreaterThan(1), WAIT)
      child.kill('SIGINT')
      await once(child, 'close')
    })
  }

  async function connections(): Promise<number> {
    const [row] = await world.owner<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity
      where application_name like 'tributary:cli%' and datname = current_database()`
    return row?.n ?? 0
  }
})
