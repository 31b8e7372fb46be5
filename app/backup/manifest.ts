import { hash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { errorCode } from '../../database/embedded/error-code.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Keyring } from '../../kernel/keyring.ts'

/** A backup is one only when it has this file, which is written last. */
const MANIFEST = 'manifest.json'

const whole = z.number().int().min(0)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const FILE = z.strictObject({ name: z.string(), bytes: whole, sha256 })

const SCHEMA = z.strictObject({
  format: z.literal('tributary-backup/1'),
  /** When it began: what was committed by then is in it. */
  at: z.iso.datetime(),
  tributary: z.string(),
  postgresql: z.string(),
  /** The last migration of the schema. */
  migration: z.string(),
  /** Whether it is of the embedded server, and can be restored into one. */
  embedded: z.boolean(),
  /** The log as it was signed before the backup began. */
  log: z.strictObject({ size: whole, root: sha256, checkpoint: z.string() }),
  /** Tells whether a master key is the one of this installation, without telling the key. */
  masterKeyCheck: sha256,
  files: z.array(FILE),
  bytes: whole,
})

/** What a backup says about itself. */
export type BackupManifest = z.infer<typeof SCHEMA>

/** Puts the manifest into a backup that is complete otherwise, and on disk. */
export async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  const handle = await open(path.join(folder, MANIFEST), 'wx', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(SCHEMA.parse(manifest), null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Reads the manifest of a backup. Throws `NOT_FOUND` where there is none, and `INVALID_INPUT` when it is not one of ours. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const text = await readFile(path.join(folder, MANIFEST), 'utf8').catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') throw error
    throw new Fault('NOT_FOUND', `${folder} is not a backup: it has no ${MANIFEST}`)
  })
  try {
    return SCHEMA.parse(JSON.parse(text))
  } catch (cause) {
    throw new Fault('INVALID_INPUT', `${path.join(folder, MANIFEST)} is not the manifest of a backup`, { cause })
  }
}

/** What tells a master key, and does not lead back to it. */
export function masterKeyCheck(keyring: Keyring): string {
  return hash('sha256', keyring.key('master-key-check'), 'hex')
}
