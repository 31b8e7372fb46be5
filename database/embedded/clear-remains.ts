import * as fs from 'node:fs'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../kernel/fault.ts'
import type { Owner } from './data-folder.ts'
import { errorCode } from './error-code.ts'
import { listPostgresIn } from './postgres-processes.ts'

const DEADLINE_SECONDS = 30

/**
 * Ends what a killed postmaster left behind: its backends work on for minutes, and keep the shared memory that a new
 * server must have for itself. Nothing committed is lost: recovery replays the log. Call it only when no postmaster
 * lives. Throws DATABASE_UNAVAILABLE when they do not end.
 */
export async function endOrphans(cluster: string, owner: Owner): Promise<void> {
  const deadline = Date.now() + DEADLINE_SECONDS * 1000
  for (;;) {
    const orphans = listPostgresIn(cluster, owner)
    if (orphans.length === 0) return
    if (Date.now() > deadline) throw new Fault('DATABASE_UNAVAILABLE', doNotEnd(cluster, orphans))
    for (const pid of orphans) kill(pid)
    await sleep(10)
  }
}

/**
 * Removes the pid file and the socket of a server that is gone, and the socket's own lock: PostgreSQL refuses to start
 * while the number in one of them belongs to a living process, whichever that is.
 */
export function removeStaleFiles(cluster: string, socketFolder: string, port: number): void {
  const socket = path.join(socketFolder, `.s.PGSQL.${port}`)
  for (const file of [path.join(cluster, 'postmaster.pid'), socket, `${socket}.lock`]) fs.rmSync(file, { force: true })
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}

function doNotEnd(cluster: string, orphans: readonly number[]): string {
  return `Processes ${orphans.join(', ')} of a killed server still work in ${cluster} after ${DEADLINE_SECONDS} seconds: end them.`
}
