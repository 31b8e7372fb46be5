import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { backUp } from '../../../app/backup/back-up.ts'
import type { BackupManifest } from '../../../app/backup/manifest.ts'
import { readConfig } from '../../../app/config.ts'
import { type OpenContext, openContext } from '../../../app/open-context.ts'
import { silentLog } from '../../../kernel/log.ts'

export const ORIGIN = 'log.example'

/** A place of the test's own for data folders and backups, which others may enter. */
export async function makePlace(): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-backup-'))
  await chmod(folder, 0o755)
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** The environment of an installation on a data folder. */
export function environmentOf(dataDir: string): NodeJS.ProcessEnv {
  return { ...process.env, TRIBUTARY_DATA_DIR: dataDir, DATABASE_URL: '', TRIBUTARY_MASTER_KEY: '' }
}

/** The installation on a data folder, made if it is not there. */
export async function openInstallation(dataDir: string): Promise<OpenContext> {
  return openContext(readConfig(environmentOf(dataDir)), { actor: 'system:tests', name: 'tests', log: silentLog })
}

/** Backs an installation up, in this process. */
export async function backUpTo(
  { context, server }: OpenContext,
  target: string,
  more: Partial<Parameters<typeof backUp>[1]> = {},
): Promise<BackupManifest> {
  return backUp(context, { owner: server.owner, embedded: true, target, origin: ORIGIN, ...more })
}

/** Runs the command line on a data folder to its end. */
export async function tributary(
  dataDir: string,
  args: readonly string[],
  onStart: (child: ChildProcess) => void = () => {},
): Promise<{ readonly code: number | null; readonly out: string; readonly complaint: string }> {
  const child = spawn(process.execPath, ['app/cli.ts', ...args], {
    env: environmentOf(dataDir),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onStart(child)
  let [out, complaint] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, complaint }
}

/** A process that writes and seals until it is stopped; it tells how many records were acknowledged, and if it died. */
export function startWriting(dataDir: string): {
  readonly acknowledged: () => number
  readonly stop: () => Promise<number | null>
} {
  const script = fileURLToPath(import.meta.resolve('./writing-process.ts'))
  const child = spawn(process.execPath, [script, ORIGIN], {
    env: environmentOf(dataDir),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let acknowledged = 0
  createInterface(child.stdout).on('line', (line) => (acknowledged = Number(line)))
  const ended = once(child, 'exit') as Promise<[number | null]>
  return {
    acknowledged: () => {
      if (child.exitCode !== null) throw new Error(`the writing process ended with ${child.exitCode}`)
      return acknowledged
    },
    stop: async () => {
      child.kill('SIGTERM')
      return (await ended)[0]
    },
  }
}
