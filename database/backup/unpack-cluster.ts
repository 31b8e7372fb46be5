import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import type { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Fault } from '../../kernel/fault.ts'
import { type Binaries, findBinaries } from '../embedded/binaries.ts'
import { prepareDataFolder } from '../embedded/data-folder.ts'
import { chooseLaunchUser } from '../embedded/launch-user.ts'
import { spawnAs } from '../embedded/run-as.ts'

export type Packed = {
  /** A data folder that has no database yet. */
  readonly dataDir: string
  /** The archive of a base backup. */
  readonly archive: string
  /** The version of PostgreSQL that it is of, such as `18.4`. */
  readonly postgresql: string
  readonly onBytes: (bytes: number) => void
}

/** What came out of an archive. */
export type Unpacked = {
  /** The database's folder. */
  readonly cluster: string
  /** The SHA-256 of the whole archive, in hex. */
  readonly sha256: string
  /** What `tar` complained of, if it did. */
  readonly complaint: string | undefined
}

/**
 * Unpacks a cluster to where the embedded server will look for it, as the user whom that server will run as: the files
 * are that user's from the first moment on. Whether they are the right ones is for `checkFiles`. Throws `UNSUPPORTED`
 * when the cluster is of another major version of PostgreSQL than the one that is installed.
 */
export async function unpackCluster(packed: Packed): Promise<Unpacked> {
  const folder = prepareDataFolder(packed.dataDir)
  const binaries = await findBinaries(folder)
  refuseOtherVersion(packed, binaries)
  const launch = chooseLaunchUser(folder, binaries)
  fs.mkdirSync(folder.cluster, { mode: 0o700 })
  if (launch.how === 'setuid') fs.lchownSync(folder.cluster, launch.uid, launch.gid)
  const environment = { PATH: binaries.environment['PATH'] ?? '', LC_ALL: 'C' }
  // -p: the server refuses a folder whose mode a umask has changed
  const command = { program: 'tar', args: ['-x', '-p', '-f', '-'], environment }
  const tar = spawnAs(launch, command, { cwd: folder.cluster, stdio: ['pipe', 'ignore', 'pipe'] })
  const ended = new Promise<string | number | null>((resolve) => {
    tar.once('error', ({ message }) => resolve(message))
    tar.once('close', resolve)
  })
  const words = tar.stderr === null ? '' : text(tar.stderr)
  // whatever happens, it must not write any more when we are done
  const sha256 = await feed(packed, tar.stdin).finally(() => ended)
  const code = await ended
  return { cluster: folder.cluster, sha256, complaint: code === 0 ? undefined : (await words).trim() || `tar: ${code}` }
}

function refuseOtherVersion({ postgresql }: Packed, { major }: Binaries): void {
  if (postgresql.split('.')[0] === major) return
  throw new Fault(
    'UNSUPPORTED',
    `the backup is of PostgreSQL ${postgresql}, and ${major} is installed: use its release`,
  )
}

/** Gives the archive to the program and hashes it on the way: to its end, even if the program has ended before. */
async function feed({ archive, onBytes }: Packed, program: Writable | null): Promise<string> {
  const digest = createHash('sha256')
  let done = 0
  // that the program is gone shows in its own words and its exit code
  program?.on('error', () => {})
  try {
    for await (const chunk of fs.createReadStream(archive, { highWaterMark: 1 << 18 })) {
      digest.update(chunk)
      await new Promise((resolve) => program?.write(chunk, resolve) ?? resolve(undefined))
      done += chunk.length
      onBytes(done)
    }
    return digest.digest('hex')
  } finally {
    program?.end()
  }
}
