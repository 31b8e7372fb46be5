import { readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { prepareDataFolder } from '../../database/embedded/data-folder.ts'
import { errorCode } from '../../database/embedded/error-code.ts'
import { stopEmbedded } from '../../database/embedded/start-embedded.ts'
import { syncFolder } from '../../database/embedded/sync-folder.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Finding } from '../../records/verify/findings.ts'
import type { Watch } from '../commands/progress.ts'
import type { Config } from '../config.ts'
import { MASTER_KEY_FILE, writeMasterKey } from '../master-key.ts'
import { type FoundKey, findMasterKey } from './find-master-key.ts'
import { type BackupManifest, readManifest } from './manifest.ts'
import { unpackBackup } from './unpack-backup.ts'
import { verifyRestored } from './verify-restored.ts'

export type Restore = {
  readonly backup: string
  /** The data folder to make: not there, or empty. */
  readonly dataDir: string
  /** The folder that has the master key, when the backup has none. */
  readonly secrets?: string | undefined
  readonly watch: Watch
  /** Stops it at its next step forward. */
  readonly signal?: AbortSignal
}

/** What came of it. When something is wrong, the data folder was not made. */
export type Restored = {
  readonly sound: boolean
  readonly findings: readonly Finding[]
  readonly manifest: BackupManifest
}

/** Where the data stand in the data folder until they are known to be sound: no server looks there. */
const ASIDE = 'restoring'
const EVEN_FULL = { recursive: true, force: true } as const

/**
 * Restores a backup of the embedded database into a data folder of its own: every file is compared with its checksum,
 * the server recovers what was written while the backup was made, and the log is verified, against the checkpoint that
 * was signed before too. The data take their place only when all of that is sound. Throws `DUPLICATE` when the folder
 * holds something, `NOT_FOUND` and `INVALID_INPUT` when there is no such backup or the master key is another, `NOT_READY`
 * without a master key, `UNSUPPORTED` when this release cannot serve it, and `DATABASE_UNAVAILABLE` when the server does
 * not start on it; nothing is left then.
 */
export async function restoreBackup(config: Config, input: Restore): Promise<Restored> {
  const { backup, dataDir, secrets } = input
  const manifest = await readManifest(backup)
  if (!manifest.embedded)
    throw new Fault('UNSUPPORTED', `${backup} is of a server of your own: use that server’s tools`)
  const fresh = await isFresh(dataDir)
  const key = await findMasterKey({ backup, manifest, secrets, settings: config.masterKey })
  prepareDataFolder(dataDir)
  const aside = path.join(dataDir, ASIDE)
  const watch = stoppable(input)
  let sound = false
  try {
    const wrong = await unpackBackup({ backup, manifest, dataDir: aside, watch })
    const there = { ...config, databaseUrl: undefined, dataDir: aside, masterKey: key.key }
    const findings = wrong.length > 0 ? wrong : await verifyRestored(there, manifest, watch)
    if (findings.length === 0) await settle(dataDir, aside, key)
    sound = findings.length === 0
    return { sound, findings, manifest }
  } finally {
    await stopEmbedded({ dataDir: aside })
    await rm(aside, EVEN_FULL)
    if (!sound) await rm(fresh ? dataDir : path.join(dataDir, path.dirname(MASTER_KEY_FILE)), EVEN_FULL)
  }
}

/** Whether the folder is not there yet. Throws `DUPLICATE` when something is in it. */
async function isFresh(dataDir: string): Promise<boolean> {
  try {
    if ((await readdir(dataDir)).length === 0) return false
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true
    throw new Fault('INVALID_INPUT', `${dataDir} is not a folder that can be restored into`, { cause: error })
  }
  throw new Fault('DUPLICATE', `${dataDir} is not empty: name a folder that is not there yet`)
}

function stoppable({ watch, signal }: Restore): Watch {
  return (title, work) =>
    watch(title, (onProgress) =>
      work((progress) => {
        signal?.throwIfAborted()
        onProgress(progress)
      }),
    )
}

/** The database comes last: a data folder without one is a new one, not a restored one. */
async function settle(dataDir: string, aside: string, { key, kept }: FoundKey): Promise<void> {
  await stopEmbedded({ dataDir: aside })
  if (kept) await writeMasterKey(dataDir, key)
  await rename(path.join(aside, 'pg'), path.join(dataDir, 'pg'))
  syncFolder(dataDir)
}
