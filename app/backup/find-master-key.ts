import path from 'node:path'
import { Fault } from '../../kernel/fault.ts'
import { keyringOf } from '../../kernel/keyring.ts'
import { MASTER_KEY_FILE, readMasterKey } from '../master-key.ts'
import { type BackupManifest, masterKeyCheck } from './manifest.ts'

/** The master key of what is restored; `kept` when the new data folder is to have it too. */
export type FoundKey = { readonly key: Uint8Array; readonly kept: boolean }

/**
 * Finds the master key of a backup: in the folder of secrets that is named, in the backup, in the settings.
 * Throws `NOT_READY` when there is none, and `INVALID_INPUT` when it belongs to another installation.
 */
export async function findMasterKey(input: {
  readonly backup: string
  readonly manifest: BackupManifest
  readonly secrets: string | undefined
  readonly settings: Uint8Array | undefined
}): Promise<FoundKey> {
  const { backup, manifest, secrets, settings } = input
  const file =
    secrets === undefined ? path.join(backup, MASTER_KEY_FILE) : path.join(secrets, path.basename(MASTER_KEY_FILE))
  const read = await readMasterKey(file)
  if (secrets !== undefined && !read) throw new Fault('NOT_READY', `${file} is not there`)
  const key = read ?? settings
  if (!key) {
    throw new Fault(
      'NOT_READY',
      'the backup has no master key: name the folder that has it (--secrets), or set TRIBUTARY_MASTER_KEY',
    )
  }
  if (masterKeyCheck(keyringOf(key)) === manifest.masterKeyCheck) return { key, kept: read !== undefined }
  throw new Fault('INVALID_INPUT', 'the master key is not the one of the installation that was backed up')
}
