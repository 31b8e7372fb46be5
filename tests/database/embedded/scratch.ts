import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { openPool, type Pool } from '../../../database/client.ts'
import { type EmbeddedServer, stopEmbedded } from '../../../database/embedded/start-embedded.ts'

/** A user of the machine; undefined: whoever runs the tests. */
export type Identity = { readonly uid: number; readonly gid: number } | undefined

/** nobody, who is on every machine, as the ordinary user that root can become. */
export const NOBODY = { uid: 65534, gid: 65534 }

export const isRoot = process.getuid?.() === 0

/** What a process of its own said about its start: the server, or the refusal. */
export type Outcome = Partial<EmbeddedServer> & { readonly code?: string; readonly message?: string }

/** A folder of the test's own, which others may enter; its server is stopped and it is removed when the test ends. */
export function makeScratch(
  dataDirName = '.data',
  owner?: Identity,
): { readonly folder: string; readonly dataDir: string } {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'trb-'))
  fs.chmodSync(folder, 0o755)
  if (owner !== undefined) fs.chownSync(folder, owner.uid, owner.gid)
  const dataDir = path.join(folder, dataDirName)
  onTestFinished(async () => {
    await stopEmbedded({ dataDir })
    fs.rmSync(folder, { recursive: true, force: true })
  })
  return { folder, dataDir }
}

/** A connection to the server that ends with the test. */
export function connect({ host, port }: Pick<Outcome, 'host' | 'port'>, size = 1): Pool {
  if (host === undefined || port === undefined) throw new Error('there is no server to connect to')
  const pool = openPool({ host, port, user: 'postgres', database: 'postgres' }, 'tributary:tests', size)
  onTestFinished(() => pool.end({ timeout: 1 }))
  return pool
}

/** Starts the server from another process, as somebody else if asked, and says what came of it. */
export async function startElsewhere(
  dataDir: string,
  identity?: Identity,
  wrapper: readonly string[] = [],
): Promise<Outcome> {
  const child = launch([dataDir], identity, wrapper)
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  await new Promise((resolve) => child.once('close', resolve))
  return JSON.parse(output) as Outcome
}

/** A process that starts the server, and is killed when the test ends, if it still runs. */
export function launch(args: readonly string[], identity?: Identity, wrapper: readonly string[] = []): ChildProcess {
  const script = fileURLToPath(import.meta.resolve('./start-process.ts'))
  const [program = process.execPath, ...rest] = [...wrapper, process.execPath, script, ...args]
  const child = spawn(program, rest, { ...identity, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** A harmless process of that user, to be mistaken for a server. */
export function bystander(identity: Identity, cwd = '/'): number {
  const child = spawn('sleep', ['300'], { ...identity, cwd, stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  if (child.pid === undefined) throw new Error('sleep did not start')
  return child.pid
}

/** Process ids of the PostgreSQL processes that work in the folder, by the system's own reckoning. */
export function processesIn(folder: string): readonly number[] {
  const { stdout } = spawnSync('pgrep', ['postgres'], { encoding: 'utf8' })
  return stdout
    .split('\n')
    .filter(Boolean)
    .map(Number)
    .filter((pid) => workingFolder(pid) === folder)
}

/** Waits until it is so. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5)
}

/** Who owns the path. */
export function ownerOf(file: string): { readonly uid: number; readonly gid: number } {
  const { uid, gid } = fs.statSync(file)
  return { uid, gid }
}

function workingFolder(pid: number): string | undefined {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}
