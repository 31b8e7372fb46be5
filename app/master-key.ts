import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Fault } from '../kernel/fault.ts'

/** Where a data folder, or a backup, has the master key. */
export const MASTER_KEY_FILE = path.join('secrets', 'master.key')

/**
 * The master key: the one of the settings, else the one kept in `<dataDir>/secrets/master.key`, made on first use.
 * It is written aside and linked into place, so that of two processes that make it at once both use the same.
 */
export async function masterKey(given: Uint8Array | undefined, dataDir: string): Promise<Uint8Array> {
  if (given !== undefined) return given
  const file = path.join(dataDir, MASTER_KEY_FILE)
  return (await readMasterKey(file)) ?? (await makeKey(path.dirname(file), file))
}

/** The key that a file holds; `undefined` when there is none. Throws `CONFIG_INVALID` when it holds something else. */
export async function readMasterKey(file: string): Promise<Uint8Array | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const key = Buffer.from(text, 'base64')
  if (key.length !== 32) throw new Fault('CONFIG_INVALID', `${file} does not hold a key of 32 bytes`)
  return key
}

/** Keeps a master key in a data folder, or a backup, that has none. */
export async function writeMasterKey(folder: string, key: Uint8Array): Promise<void> {
  const file = path.join(folder, MASTER_KEY_FILE)
  await mkdir(path.dirname(file), { mode: 0o700 })
  await writeFile(file, Buffer.from(key).toString('base64'), { mode: 0o600, flag: 'wx', flush: true })
}

async function makeKey(folder: string, file: string): Promise<Uint8Array> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const aside = `${file}.${randomUUID()}`
  await writeFile(aside, randomBytes(32).toString('base64'), { mode: 0o600, flush: true })
  await link(aside, file).catch(ignoreExisting)
  await rm(aside)
  const kept = await readMasterKey(file)
  if (kept === undefined) throw new Fault('CONFIG_INVALID', `the master key could not be kept in ${folder}`)
  return kept
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
