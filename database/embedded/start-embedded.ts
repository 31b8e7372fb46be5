import * as fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../kernel/fault.ts'
import { answers } from './answers.ts'
import { findBinaries } from './binaries.ts'
import { endOrphans } from './clear-remains.ts'
import { type DataFolder, locateDataFolder, prepareDataFolder } from './data-folder.ts'
import { errorCode } from './error-code.ts'
import { initialiseCluster } from './initialise-cluster.ts'
import { chooseLaunchUser, launchOfOwner } from './launch-user.ts'
import type { Launch } from './run-as.ts'
import { type LiveServer, readServerState } from './server-state.ts'
import { spawnServer } from './spawn-server.ts'
import { withStartLock } from './start-lock.ts'
import { stopServer } from './stop-server.ts'

/** A server that says it is ready and does not answer: its socket was removed, or it is overwhelmed. */
const MUTE_SECONDS = 30
/** Recovery after a crash, or a shutdown, may have much to write. */
const TRANSITION_SECONDS = 600

/** A PostgreSQL of ours that answers. Connect as `postgres` to the database `postgres`; the socket trusts who reaches it. */
export type EmbeddedServer = {
  /** Folder of the Unix-domain socket. */
  readonly host: string
  readonly port: number
  /** The postmaster's process. */
  readonly pid: number
  /** True when it ran already. */
  readonly adopted: boolean
  /** As ourselves, as another user by root's leave, or as ourselves under another name. */
  readonly how: Launch['how']
  readonly dataDir: string
}

/**
 * Gives a PostgreSQL that answers on the data in `<dataDir>/pg`, and makes both if they are missing. A server that runs
 * there is adopted, whoever started it, and keeps the flags it was started with. What a crash left is cleared away; what
 * was committed is recovered. The server outlives this process. Of processes that start it together, one does; the
 * others adopt. Throws DATABASE_UNAVAILABLE with a sentence for people.
 */
export async function startEmbedded(options: {
  readonly dataDir: string
  /** More arguments of `postgres`, e.g. `['-c', 'max_connections=300']`. */
  readonly flags?: readonly string[]
}): Promise<EmbeddedServer> {
  const { dataDir, flags = [] } = options
  try {
    const folder = prepareDataFolder(dataDir)
    return (
      (await adopt(folder)) ?? (await withStartLock(folder, async () => (await adopt(folder)) ?? start(folder, flags)))
    )
  } catch (error) {
    if (error instanceof Fault || errorCode(error) === undefined) throw error
    const sentence = `The database in ${dataDir} could not be started: ${errorCode(error)}.`
    throw new Fault('DATABASE_UNAVAILABLE', sentence, { cause: error })
  }
}

/** Stops the server of the data folder, if one runs: sessions are ended, everything is on disk when this returns. */
export async function stopEmbedded({ dataDir }: { readonly dataDir: string }): Promise<void> {
  if (!fs.existsSync(dataDir)) return
  const folder = prepareDataFolder(dataDir)
  await withStartLock(folder, async () => {
    const server = readServerState(folder)
    if (server.status !== 'absent') await stopServer(folder, server)
  })
}

/** What runs on a data folder. */
export type EmbeddedState =
  | { readonly running: false }
  | {
      readonly running: true
      readonly pid: number
      readonly host: string
      readonly port: number
      readonly ready: boolean
    }

/** Says whether a server runs on the data folder, and where; changes nothing. */
export function describeEmbedded(dataDir: string): EmbeddedState {
  const state = fs.existsSync(dataDir) ? readServerState(locateDataFolder(dataDir)) : NOTHING
  if (state.status === 'absent') return { running: false }
  const { pid, host, port, status } = state
  return { running: true, pid, host, port, ready: status === 'ready' }
}

const NOTHING = { status: 'absent' } as const

async function start(folder: DataFolder, flags: readonly string[]): Promise<EmbeddedServer> {
  const binaries = await findBinaries(folder)
  const launch = chooseLaunchUser(folder, binaries)
  await initialiseCluster(folder, binaries, launch)
  await endOrphans(folder.cluster, launch)
  await spawnServer(folder, binaries, launch, flags)
  const server = await adopt(folder)
  if (server !== undefined) return { ...server, adopted: false, how: launch.how }
  throw new Fault(
    'DATABASE_UNAVAILABLE',
    `PostgreSQL ended as soon as it was ready; see postgres.log in ${folder.root}.`,
  )
}

/** Waits for a server that is starting or stopping, so that it is either there or gone. */
async function adopt(folder: DataFolder): Promise<EmbeddedServer | undefined> {
  const began = Date.now()
  for (;;) {
    const state = readServerState(folder)
    if (state.status === 'absent') return undefined
    if (state.status === 'ready' && (await answers(state))) return described(folder, state)
    const patienceSeconds = state.status === 'ready' ? MUTE_SECONDS : TRANSITION_SECONDS
    if (Date.now() - began > patienceSeconds * 1000) throw mute(folder, state)
    await sleep(10)
  }
}

function described({ root: dataDir, ...folder }: DataFolder, { host, port, pid }: LiveServer): EmbeddedServer {
  return { host, port, pid, adopted: true, how: launchOfOwner({ root: dataDir, ...folder }), dataDir }
}

function mute({ cluster }: DataFolder, { pid, host, status }: LiveServer): Fault {
  const sentence = `A PostgreSQL works in ${cluster} (process ${pid}, ${status}) but does not answer at ${host}: stop it first.`
  return new Fault('DATABASE_UNAVAILABLE', sentence)
}
