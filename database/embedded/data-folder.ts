import * as fs from 'node:fs'
import * as path from 'node:path'
import { Fault } from '../../kernel/fault.ts'
import { errorCode } from './error-code.ts'

/** A user of the machine, as file owners are told apart. */
export type Owner = { readonly uid: number; readonly gid: number }

/** The folder that holds everything of one installation, and the database's own folder in it. Paths are real ones. */
export type DataFolder = Owner & {
  readonly root: string
  readonly cluster: string
}

/**
 * Makes the data folder if it is missing. Root's may be entered by all (never listed), because the database then runs
 * as another user; whatever else is kept there must be 0600. Throws DATABASE_UNAVAILABLE when it cannot be used.
 */
export function prepareDataFolder(dataDir: string): DataFolder {
  try {
    fs.mkdirSync(dataDir, { recursive: true, mode: isRoot() ? 0o711 : 0o700 })
    const folder = locateDataFolder(dataDir)
    if (isRoot()) letOthersEnter(folder)
    fs.accessSync(folder.root, fs.constants.W_OK | fs.constants.X_OK)
    return folder
  } catch (error) {
    const reason = REASONS[errorCode(error) ?? ''] ?? 'it cannot be used'
    throw new Fault(
      'DATABASE_UNAVAILABLE',
      `The data folder ${dataDir} does not serve: ${reason}. Choose another with TRIBUTARY_DATA_DIR, or set DATABASE_URL.`,
      { cause: error },
    )
  }
}

/** Where the data folder is, without making anything. Throws the system's error when it is not there. */
export function locateDataFolder(dataDir: string): DataFolder {
  const root = fs.realpathSync(dataDir)
  const { uid, gid } = fs.statSync(root)
  const cluster = path.join(root, 'pg')
  return { root, cluster: fs.existsSync(cluster) ? fs.realpathSync(cluster) : cluster, uid, gid }
}

/** Who owns the database's files, undefined when there are none yet. */
export function clusterOwner({ cluster }: DataFolder): Owner | undefined {
  const { uid, gid } = fs.statSync(cluster, { throwIfNoEntry: false }) ?? {}
  return uid === undefined || gid === undefined ? undefined : { uid, gid }
}

/**
 * Makes an empty file (0600) in the data folder if it is missing. One that root makes in somebody else's folder belongs
 * to that somebody, who could not use it later otherwise. A file that is there is not even opened: closing any
 * descriptor of the start lock would drop the lock that another caller in this process holds.
 */
export function createOwnFile(folder: DataFolder, name: string): void {
  try {
    const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL
    const descriptor = fs.openSync(path.join(folder.root, name), flags, 0o600)
    if (isRoot()) fs.fchownSync(descriptor, folder.uid, folder.gid)
    fs.closeSync(descriptor)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/** Opens a file of the data folder for appending, making it if it is missing. Returns the descriptor. */
export function openOwnFile(folder: DataFolder, name: string): number {
  createOwnFile(folder, name)
  // A link planted in somebody else's folder must not lead root to write into a file of the system.
  const flags = fs.constants.O_WRONLY | fs.constants.O_APPEND | fs.constants.O_NOFOLLOW
  return fs.openSync(path.join(folder.root, name), flags)
}

/** Whether this process runs as root, whom PostgreSQL refuses to serve. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** The umask may have taken what mkdir was asked for; a folder of another user is that user's own affair. */
function letOthersEnter({ root, uid }: DataFolder): void {
  const { mode } = fs.statSync(root)
  if (uid === 0 && (mode & 0o001) === 0) fs.chmodSync(root, (mode & 0o7777) | 0o001)
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file has that name',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'the path is too long',
}
