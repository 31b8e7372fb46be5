import * as fs from 'node:fs'
import * as os from 'node:os'
import { Fault } from '../../kernel/fault.ts'
import type { Binaries } from './binaries.ts'
import { clusterOwner, type DataFolder, isRoot, type Owner } from './data-folder.ts'
import { errorCode } from './error-code.ts'
import { type Launch, succeedsAs } from './run-as.ts'

/**
 * Chooses as whom PostgreSQL runs: the owner of data that exists; else ourselves; root, whom it refuses, gives way to
 * the owner of the data folder, then `postgres`, then `nobody`, whoever can reach the programs and the folder; else a
 * user namespace. Nothing is made on the machine for it, and the owner of the data is all that must be remembered.
 * Throws DATABASE_UNAVAILABLE with what to do when nobody can.
 */
export function chooseLaunchUser(folder: DataFolder, binaries: Binaries): Launch {
  const candidates = isRoot() ? launchesOfRoot(folder) : [launchOfSelf(folder)]
  const launch = candidates.find((candidate) => canRun(candidate, folder, binaries))
  if (launch !== undefined) return launch
  throw new Fault('DATABASE_UNAVAILABLE', refusal(folder))
}

/** How a server that runs on the folder's data was started, judged by who owns the data. */
export function launchOfOwner(folder: DataFolder): Launch['how'] {
  const owner = clusterOwner(folder)
  if (owner === undefined || owner.uid === process.getuid?.()) return isRoot() ? 'namespace' : 'self'
  return 'setuid'
}

/** Data that root owns can only have been made in a namespace. */
function launchesOfRoot(folder: DataFolder): readonly Launch[] {
  const namespace: Launch = { how: 'namespace', uid: 0, gid: 0 }
  const owner = clusterOwner(folder)
  const users = owner === undefined ? [folder, namedUser('postgres'), namedUser('nobody')] : [owner]
  const others = users.flatMap((user) => (user === undefined || user.uid === 0 ? [] : [asUser(user)]))
  return owner === undefined || owner.uid === 0 ? [...others, namespace] : others
}

function asUser({ uid, gid }: Owner): Launch {
  return { how: 'setuid', uid, gid }
}

function namedUser(name: string): Owner | undefined {
  const line = fs.readFileSync('/etc/passwd', 'utf8').split('\n')
  const [, , uid, gid] = line.find((entry) => entry.startsWith(`${name}:`))?.split(':') ?? []
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

/** initdb, unlike the server, wants a user with a name; a container's user often has none. */
function launchOfSelf(folder: DataFolder): Launch {
  const { uid, gid } = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 }
  const owner = clusterOwner(folder)
  if (owner !== undefined && owner.uid !== uid) throw new Fault('DATABASE_UNAVAILABLE', belongsToAnother(folder, owner))
  return { how: owner !== undefined || hasName() ? 'self' : 'namespace', uid, gid }
}

function hasName(): boolean {
  try {
    return os.userInfo().username !== ''
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
}

function canRun(launch: Launch, folder: DataFolder, { postgres, environment }: Binaries): boolean {
  const enter = { program: '/bin/sh', args: ['-c', 'cd "$1"', 'sh', folder.root], environment }
  return succeedsAs(launch, { program: postgres, args: ['--version'], environment }) && succeedsAs(launch, enter)
}

function belongsToAnother({ cluster }: DataFolder, { uid }: Owner): string {
  return `The database in ${cluster} belongs to the user ${uid}: run as that user or as root, or choose another folder with TRIBUTARY_DATA_DIR.`
}

function refusal({ root }: DataFolder): string {
  if (!isRoot())
    return `PostgreSQL from npm does not run here for this user: check that node_modules can be read, or set DATABASE_URL.`
  return `PostgreSQL refuses to run as root, and no other user can reach both its programs and ${root} (tried: its owner, postgres, nobody, a user namespace): set TRIBUTARY_DATA_DIR to a folder that they can enter, or DATABASE_URL.`
}
