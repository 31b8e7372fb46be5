import * as fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../kernel/fault.ts'
import type { DataFolder } from './data-folder.ts'
import { errorCode } from './error-code.ts'
import { type LiveServer, readServerState } from './server-state.ts'

const DEADLINE_SECONDS = 120

/**
 * Asks the postmaster for a fast shutdown (SIGINT to it alone, it tells its children) and waits until it is gone, last
 * checkpoint included. Throws DATABASE_UNAVAILABLE when we may not, or when it takes two minutes.
 */
export async function stopServer(folder: DataFolder, { pid, host }: LiveServer): Promise<void> {
  interrupt(pid)
  const deadline = Date.now() + DEADLINE_SECONDS * 1000
  while (readServerState(folder).status !== 'absent') {
    if (Date.now() > deadline) throw refusal(pid, `is still running after ${DEADLINE_SECONDS} seconds`)
    await sleep(10)
  }
  removeSocketFolder(host)
}

function interrupt(pid: number): void {
  try {
    process.kill(pid, 'SIGINT')
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return
    throw refusal(pid, 'could not be told to stop', error)
  }
}

function refusal(pid: number, what: string, cause?: unknown): Fault {
  return new Fault('DATABASE_UNAVAILABLE', `The PostgreSQL with process number ${pid} ${what}.`, { cause })
}

/** Only tidiness: it is ours and empty now, unless somebody keeps something else in it. */
function removeSocketFolder(host: string): void {
  try {
    fs.rmdirSync(host)
  } catch (error) {
    if (!LEFT_ALONE.has(errorCode(error) ?? '')) throw error
  }
}

const LEFT_ALONE = new Set(['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM', 'ENOTDIR'])
