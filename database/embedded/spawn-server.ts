import type { ChildProcess } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../kernel/fault.ts'
import type { Binaries } from './binaries.ts'
import { removeStaleFiles } from './clear-remains.ts'
import { type DataFolder, openOwnFile } from './data-folder.ts'
import { type Launch, spawnAs } from './run-as.ts'
import { serverFlags } from './server-flags.ts'
import { readServerState } from './server-state.ts'
import { makeSocketFolder } from './socket-folder.ts'

const PORT = 5432
const DEADLINE_SECONDS = 600
const LOG = 'postgres.log'

/**
 * Starts PostgreSQL on a cluster on which nothing runs any more, and waits until it is ready; recovery after a crash is
 * part of that. It is a process group of its own: it outlives us, and a Ctrl-C meant for us does not reach it.
 * Call it under the start lock. Throws DATABASE_UNAVAILABLE with the server's own words when it does not start.
 */
export async function spawnServer(
  folder: DataFolder,
  binaries: Binaries,
  launch: Launch,
  flags: readonly string[],
): Promise<void> {
  const socketFolder = makeSocketFolder(folder, launch)
  removeStaleFiles(folder.cluster, socketFolder, PORT)
  const args = ['-D', folder.cluster, '-k', socketFolder, '-p', `${PORT}`, ...serverFlags(), ...flags]
  const log = openOwnFile(folder, LOG)
  const logged = fs.fstatSync(log).size
  const command = { program: binaries.postgres, args, environment: binaries.environment }
  // Its working folder from the first moment on, so that it is known even if we are killed before it has a pid file.
  const child = spawnAs(launch, command, { cwd: folder.cluster, detached: true, stdio: ['ignore', log, log] })
  fs.closeSync(log)
  child.unref()
  await untilReady(folder, child, logged)
}

async function untilReady(folder: DataFolder, child: ChildProcess, logged: number): Promise<void> {
  let failure: Error | undefined
  child.once('error', (error) => (failure = error))
  const deadline = Date.now() + DEADLINE_SECONDS * 1000
  while (Date.now() < deadline) {
    if (readServerState(folder).status === 'ready') return
    if (failure !== undefined || child.exitCode !== null || child.signalCode !== null) {
      throw new Fault('DATABASE_UNAVAILABLE', `PostgreSQL did not start: ${lastWords(folder, logged)}`, {
        cause: failure,
      })
    }
    await sleep(10)
  }
  throw new Fault('DATABASE_UNAVAILABLE', `PostgreSQL was not ready after ${DEADLINE_SECONDS} seconds; see ${LOG}.`)
}

/** What the server wrote since it was started, without times and process numbers. */
function lastWords({ root }: DataFolder, from: number): string {
  const lines = fs.readFileSync(path.join(root, LOG)).subarray(from).toString('utf8').trim().split('\n').slice(-3)
  const words = lines.map((line) => line.replace(/^[-\d]+ [\d:.]+ \w+ \[\d+\] /, '')).join(' ')
  return words === '' ? `it said nothing, see ${LOG}.` : words
}
