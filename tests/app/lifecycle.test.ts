import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeEmbedded, stopEmbedded } from '../../database/embedded/start-embedded.ts'

let dataDir = ''
const started: ChildProcess[] = []

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'tributary-life-'))
})
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL')
  await stopEmbedded({ dataDir })
  await rm(dataDir, { recursive: true, force: true })
})

describe('a server process', { timeout: 120_000 }, () => {
  test('starts, is ready, refuses a second start on its data, and ends in good order', async () => {
    const first = await start()
    expect((await fetch(`${first.origin}/readyz`)).status).toBe(200)
    const [name, size] = (await emptyCheckpoint(first.origin)).split('\n')
    expect([name, size]).toEqual([`${new URL(first.origin).host}/transparency`, '0'])
    const second = run()
    expect(await ended(second.child)).toBe(1)
    expect(second.output()).toContain('DATABASE_IN_USE')
    first.child.kill('SIGTERM')
    expect(await ended(first.child)).toBe(0)
    expect(describeEmbedded(dataDir).running).toBe(false)
  })

  test('starts again after both it and PostgreSQL were killed', async () => {
    const first = await start()
    const state = describeEmbedded(dataDir)
    if (state.running) process.kill(state.pid, 'SIGKILL')
    first.child.kill('SIGKILL')
    await ended(first.child)
    const again = await start()
    expect((await fetch(`${again.origin}/readyz`)).status).toBe(200)
    again.child.kill('SIGTERM')
    expect(await ended(again.child)).toBe(0)
  })
})

type Run = { readonly child: ChildProcess; readonly output: () => string }

function run(): Run {
  const environment = { ...process.env, PORT: '0', TRIBUTARY_DATA_DIR: dataDir, DATABASE_URL: '' }
  const child = spawn(process.execPath, ['bin/start.js'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { child, output: () => text }
}

async function start(): Promise<Run & { readonly origin: string }> {
  const running = run()
  const deadline = Date.now() + 60_000
  for (;;) {
    const origin = /"origin":"([^"]+)"[^\n]*is ready/.exec(running.output())?.[1]
    if (origin !== undefined) return { ...running, origin }
    if (running.child.exitCode !== null || Date.now() > deadline) throw new Error(`no server: ${running.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The first turn of the worker signs for the empty log; it may come a moment after the server is ready. */
async function emptyCheckpoint(origin: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`${origin}/transparency/checkpoint`)
    if (answer.ok) return answer.text()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}
