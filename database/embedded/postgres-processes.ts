import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { isRoot, type Owner } from './data-folder.ts'
import { errorCode } from './error-code.ts'

/**
 * Whether the process is a PostgreSQL that works in the folder. Each of its processes, initdb included, has the
 * cluster as its working folder for as long as it lives, so a number that was given to another process since, or a zombie, is told apart.
 */
export function isPostgresIn(folder: string, pid: number, owner: Owner): boolean {
  if (process.platform !== 'linux') return listWithLsof(folder).includes(pid)
  const there = isPostgres(pid) ? workingFolder(pid, owner) : undefined
  // The second form: a folder that was deleted, and made again, under a running server.
  return there === folder || there === `${folder} (deleted)`
}

/** All PostgreSQL processes that work in the folder, whatever became of their postmaster. */
export function listPostgresIn(folder: string, owner: Owner): readonly number[] {
  if (process.platform !== 'linux') return listWithLsof(folder)
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).filter((pid) => isPostgresIn(folder, pid, owner))
}

function isPostgres(pid: number): boolean {
  try {
    return PROGRAMS.has(fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim())
  } catch {
    return false // ended meanwhile
  }
}

const PROGRAMS = new Set(['postgres', 'initdb'])

function workingFolder(pid: number, owner: Owner): string | undefined {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`)
  } catch (error) {
    return errorCode(error) === 'EACCES' ? workingFolderSeenBy(owner, pid) : undefined
  }
}

/** Root in a container usually lacks the capability to look into other users' processes; their owner needs none. */
function workingFolderSeenBy({ uid, gid }: Owner, pid: number): string | undefined {
  if (!isRoot() || uid === 0) return undefined
  const { status, stdout } = spawnSync('readlink', ['-n', `/proc/${pid}/cwd`], { uid, gid, cwd: '/', encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

/** Where there is no /proc (macOS): lines `p<pid>` and `n<folder>`, one pair for each process. */
function listWithLsof(folder: string): readonly number[] {
  const { stdout } = spawnSync('lsof', ['-a', '-c', 'postgres', '-c', 'initdb', '-d', 'cwd', '-F', 'pn'], {
    encoding: 'utf8',
  })
  const entries = (stdout ?? '').split(/^p/m)
  return entries.filter((entry) => entry.split('\n').includes(`n${folder}`)).map((entry) => Number.parseInt(entry, 10))
}
