import * as fs from 'node:fs'
import * as path from 'node:path'
import { text } from 'node:stream/consumers'
import { Fault } from '../../kernel/fault.ts'
import type { Binaries } from './binaries.ts'
import { endOrphans } from './clear-remains.ts'
import type { DataFolder } from './data-folder.ts'
import { errorCode } from './error-code.ts'
import { type Launch, spawnAs } from './run-as.ts'
import { syncFolder } from './sync-folder.ts'

const BESIDE = 'pg.new-'

/**
 * Makes the cluster if there is none: in a folder beside it, which takes its name only when it is complete and on disk,
 * so that a crash leaves either no database or a whole one. Call it under the start lock.
 * Throws DATABASE_UNAVAILABLE when the folder holds something else, another version, or cannot be written.
 */
export async function initialiseCluster(folder: DataFolder, binaries: Binaries, launch: Launch): Promise<void> {
  if (clusterExists(folder, binaries)) return
  await removeUnfinished(folder, launch)
  const fresh = fs.mkdtempSync(path.join(folder.root, BESIDE))
  // Not chown: in a folder of another user the name could have become a link meanwhile.
  if (launch.how === 'setuid') fs.lchownSync(fresh, launch.uid, launch.gid)
  await initdb(fresh, binaries, launch)
  fs.renameSync(fresh, folder.cluster)
  syncFolder(folder.root)
}

function clusterExists({ cluster }: DataFolder, { major }: Binaries): boolean {
  if (!fs.existsSync(cluster)) return false
  const version = readVersion(cluster)
  if (version === undefined && fs.readdirSync(cluster).length === 0) return false
  if (version === major) return true
  const held =
    version === undefined ? 'is not a database' : `is a database of PostgreSQL ${version}, and ${major} is installed`
  throw new Fault('DATABASE_UNAVAILABLE', `${cluster} ${held}: move it away, or restore it from a backup.`)
}

function readVersion(cluster: string): string | undefined {
  try {
    return fs.readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim()
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined
    throw error
  }
}

/** A start that was killed leaves its folder, and perhaps an initdb that still writes into it or clears it away. */
async function removeUnfinished({ root }: DataFolder, launch: Launch): Promise<void> {
  for (const name of fs.readdirSync(root).filter((entry) => entry.startsWith(BESIDE))) {
    await endOrphans(path.join(root, name), launch)
    fs.rmSync(path.join(root, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

async function initdb(fresh: string, { initdb: program, environment }: Binaries, launch: Launch): Promise<void> {
  const command = { program, args: ['-D', fresh, ...INITDB_FLAGS], environment }
  // Its working folder is what an initdb is known by, should we be killed meanwhile.
  const child = spawnAs(launch, command, { cwd: fresh, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [code, , complaint] = await Promise.all([ended, readAll(child.stdout), readAll(child.stderr)])
  if (code === 0) return
  fs.rmSync(fresh, { recursive: true, force: true })
  throw new Fault(
    'DATABASE_UNAVAILABLE',
    `The database could not be made: ${complaint.trim() || `initdb ended with ${code}`}`,
  )
}

async function readAll(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? '' : await text(stream)
}

/** Without a UTF-8 character type, trigrams find nothing in Chinese; the builtin locale sorts alike on every machine. */
const INITDB_FLAGS = [
  ...['--username=postgres', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  process.platform === 'darwin' ? '--lc-ctype=UTF-8' : '--lc-ctype=C.UTF-8',
  ...['--auth-local=trust', '--auth-host=scram-sha-256', '--no-instructions'],
  ...(process.platform === 'linux' ? ['--sync-method=syncfs'] : []),
]
