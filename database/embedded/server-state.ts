import * as fs from 'node:fs'
import * as path from 'node:path'
import { Fault } from '../../kernel/fault.ts'
import { clusterOwner, type DataFolder } from './data-folder.ts'
import { errorCode } from './error-code.ts'
import { isPostgresIn } from './postgres-processes.ts'

/** What runs on the data now. `host` is the folder of the socket. */
export type ServerState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'starting' | 'ready' | 'stopping'
      readonly pid: number
      readonly port: number
      readonly host: string
    }

/** A server that runs, whatever it is doing. */
export type LiveServer = Exclude<ServerState, { status: 'absent' }>

const ABSENT: ServerState = { status: 'absent' }

/**
 * Reads the postmaster's pid file and believes it only if that process is a PostgreSQL that works in the cluster: after
 * a crash the number may belong to anybody. Throws DATABASE_UNAVAILABLE when the data belongs to another user.
 */
export function readServerState(folder: DataFolder): ServerState {
  const owner = clusterOwner(folder)
  const state = owner === undefined ? ABSENT : parsePidFile(readPidFile(folder))
  if (owner === undefined || state.status === 'absent') return ABSENT
  return isPostgresIn(folder.cluster, state.pid, owner) ? state : ABSENT
}

function readPidFile({ cluster }: DataFolder): string {
  try {
    return fs.readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return ''
    throw new Fault('DATABASE_UNAVAILABLE', `The database in ${cluster} belongs to another user: run as that user.`, {
      cause: error,
    })
  }
}

/** Lines: pid, data folder, start time, port, socket folder, listen address, shared memory, status. */
function parsePidFile(text: string): ServerState {
  const [pid, , , port, host, , , status] = text.split('\n').map((line) => line.trim())
  if (!/^\d+$/.test(pid ?? '')) return ABSENT
  // A server that has just begun has not written every line yet.
  return { status: statusOf(status), pid: Number(pid), port: Number(port ?? 0), host: host ?? '' }
}

function statusOf(line: string | undefined): LiveServer['status'] {
  return line === 'ready' || line === 'stopping' ? line : 'starting'
}
