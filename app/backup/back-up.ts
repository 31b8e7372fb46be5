import { access, mkdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { baseBackup } from '../../database/backup/base-backup.ts'
import type { DatabaseAddress } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { describeServer } from '../../database/describe-server.ts'
import { errorCode } from '../../database/embedded/error-code.ts'
import { syncFolder } from '../../database/embedded/sync-folder.ts'
import { Fault } from '../../kernel/fault.ts'
import { writeMasterKey } from '../master-key.ts'
import { type BackupManifest, masterKeyCheck, writeManifest } from './manifest.ts'
import { signForAll } from './sign-for-all.ts'

export type BackUp = {
  /** The database, as a role that may replicate. */
  readonly owner: DatabaseAddress
  readonly embedded: boolean
  /** The folder to make; it must not be there. */
  readonly target: string
  /** The log's name, if it has none yet. */
  readonly origin: string
  /** Goes into the backup when it is given. */
  readonly masterKey?: Uint8Array | undefined
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  readonly signal?: AbortSignal
}

/**
 * Makes a backup while everything runs: the database's files, and a manifest with the log's checkpoint, signed before
 * the copy begins. What is committed by then is in it. The folder takes its name when it is complete and on disk: one
 * that was cut off is none, and nothing is left of one that failed. Throws `DUPLICATE` when the folder is there,
 * `INVALID_INPUT` when it cannot be written, `UNSUPPORTED` when the database does not give a backup, and
 * `DATABASE_UNAVAILABLE` when it goes away.
 */
export async function backUp(context: Context, input: BackUp): Promise<BackupManifest> {
  const { target, signal } = input
  const partial = `${target}.partial`
  await refuseTaken(target, 'choose another name')
  await refuseTaken(partial, `another backup is being made, or one was cut off: remove it then`)
  try {
    await mkdir(partial, { mode: 0o700 })
  } catch (error) {
    throw unwritable(error, partial)
  }
  try {
    const manifest = await fill(context, partial, input)
    signal?.throwIfAborted()
    await writeManifest(partial, manifest)
    syncFolder(partial)
    await rename(partial, target)
    syncFolder(path.dirname(target))
    return manifest
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw signal?.aborted ? signal.reason : unwritable(error, target)
  }
}

async function refuseTaken(folder: string, cure: string): Promise<void> {
  const there = await access(folder).then(
    () => true,
    () => false,
  )
  if (there) throw new Fault('DUPLICATE', `${folder} is there already: ${cure}`)
}

async function fill(context: Context, folder: string, input: BackUp): Promise<BackupManifest> {
  const { owner, embedded, origin, masterKey, onProgress, signal } = input
  const at = context.clock.now().toISOString()
  const { size, root, note } = await signForAll(context, { origin })
  const { postgresql, migration, bytes: total } = await describeServer(owner)
  const onBytes = (done: number): void => onProgress?.({ done, total: Math.max(done, total) })
  const files = await baseBackup({ address: owner, folder, onBytes, ...(signal ? { signal } : {}) })
  if (masterKey) await writeMasterKey(folder, masterKey)
  return {
    ...{ format: 'tributary-backup/1', at, tributary: await ownVersion(), postgresql, migration, embedded },
    log: { size, root: root.toString('hex'), checkpoint: note },
    masterKeyCheck: masterKeyCheck(context.keyring),
    files: [...files],
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

async function ownVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? ''
}

/** The system's refusals in words; whatever else went wrong as it is. */
function unwritable(error: unknown, folder: string): unknown {
  const reason = REASONS[errorCode(error) ?? '']
  if (error instanceof Fault || reason === undefined) return error
  return new Fault('INVALID_INPUT', `the backup cannot be written to ${folder}: ${reason}`, { cause: error })
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOENT: 'the folder that it would be in is not there',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'another backup has just begun there',
  ENOTEMPTY: 'another folder has taken its name meanwhile',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'files there may not be that large',
  ENAMETOOLONG: 'the path is too long',
}
