import * as path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../kernel/fault.ts'
import { createOwnFile, type DataFolder } from './data-folder.ts'

const LOCK_FILE = 'start.lock'
const DEADLINE_SECONDS = 600
/** SQLite's result code for a lock that somebody else holds. */
const SQLITE_BUSY = 5

/**
 * Does the work while no other process starts or stops the server of this data folder; waits for its turn.
 *
 * The lock is a `fcntl` record lock, which the kernel drops when its owner ends, however it ends: no process id is kept
 * that could be stale or be somebody else's by now, and a server that we start does not inherit it. Node offers such
 * locks only through SQLite, so the lock is an open write transaction on an empty SQLite file, which also keeps out
 * other callers in this process. The file is never removed: two processes would lock two files of one name.
 *
 * Throws DATABASE_UNAVAILABLE when the turn does not come for ten minutes.
 */
export async function withStartLock<T>(folder: DataFolder, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(folder)
  try {
    return await work()
  } finally {
    lock.close()
  }
}

async function takeLock(folder: DataFolder): Promise<DatabaseSync> {
  createOwnFile(folder, LOCK_FILE)
  const deadline = Date.now() + DEADLINE_SECONDS * 1000
  while (Date.now() < deadline) {
    const lock = tryLock(path.join(folder.root, LOCK_FILE))
    if (lock !== undefined) return lock
    await sleep(15)
  }
  throw new Fault(
    'DATABASE_UNAVAILABLE',
    `Another process has been starting or stopping the database in ${folder.root} for ${DEADLINE_SECONDS} seconds.`,
  )
}

function tryLock(file: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE')
    return lock
  } catch (error) {
    lock.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined
    throw error
  }
}
