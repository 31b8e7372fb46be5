import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { Fault } from '../../kernel/fault.ts'
import { type DataFolder, isRoot } from './data-folder.ts'
import { errorCode } from './error-code.ts'
import { type Launch, succeedsAs } from './run-as.ts'

/** A socket's path has at most 103 bytes on every system; its file is `/.s.PGSQL.5432`. */
const LONGEST = 103 - '/.s.PGSQL.65535'.length

/**
 * Makes the folder of the server's socket: short, of mode 0700, owned by the user whom the server runs as, and the same
 * for the same data, so that open pools find a server that was started again. That mode is what guards the database:
 * whoever reaches the socket is trusted. Throws DATABASE_UNAVAILABLE when the name is taken by somebody else.
 */
export function makeSocketFolder(folder: DataFolder, launch: Launch): string {
  const digest = createHash('sha256').update(`${launch.uid}:${folder.cluster}`).digest('hex').slice(0, 12)
  const socketFolder = path.join(temporaryFolder(launch), `tributary-${digest}`)
  make(socketFolder)
  const { uid, mode } = fs.lstatSync(socketFolder)
  const root = isRoot() && uid === 0
  if (root) fs.lchownSync(socketFolder, launch.uid, launch.gid)
  if (!fs.lstatSync(socketFolder).isDirectory() || (uid !== launch.uid && !root)) throw taken(socketFolder)
  if ((mode & 0o077) !== 0) fs.chmodSync(socketFolder, 0o700)
  return socketFolder
}

/** The usual folder, unless it is too long, means something in a list of folders, or is closed to the server's user. */
function temporaryFolder(launch: Launch): string {
  const usual = os.tmpdir()
  const fits = Buffer.byteLength(usual) + '/tributary-'.length + 12 <= LONGEST && !/[,"\n]/.test(usual)
  const enter = { program: '/bin/sh', args: ['-c', 'cd "$1"', 'sh', usual], environment: {} }
  return fits && succeedsAs(launch, enter) ? usual : '/tmp'
}

function make(socketFolder: string): void {
  try {
    fs.mkdirSync(socketFolder, { mode: 0o700 })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

function taken(socketFolder: string): Fault {
  return new Fault(
    'DATABASE_UNAVAILABLE',
    `The socket's folder ${socketFolder} belongs to another user: remove it, or set TMPDIR to a folder of your own.`,
  )
}
