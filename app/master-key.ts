import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Fault } from '../kernel/fault.ts'

/**
 * The master key: the one of the settings, else the one kept in `<dataDir>/secrets/master.key`, made on first use.
 * It is written aside and linked into place, so that of two processes that make it at once both use the same.
 */
export async function masterKey(given: Uint8Array | undefined, dataDir: string): Promise<Uint8Array> {
  if (given !== undefined) return given
  const folder = path.join(dataDir, 'secrets')
  const file = path.join(folder, 'master.key')
  return (await readKey(file)) ?? (await makeKey(folder, file))
}

async function makeKey(folder: string, file: string): Promise<Uint8Array> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const aside = `${file}.${randomUUID()}`
  await writeFile(aside, randomBytes(32).toString('base64'), { mode: 0o600, flush: true })
  await link(aside, file).catch(ignoreExisting)
  await rm(aside)
  const kept = await readKey(file)
  if (kept === undefined) throw new Fault('CONFIG_INVALID', `the master key could not be kept in ${folder}`)
  return kept
}

async function readKey(file: string): Promise<Uint8Array | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const key = Buffer.from(text, 'base64')
  if (key.length !== 32) throw new Fault('CONFIG_INVALID', `${file} does not hold a key of 32 bytes`)
  return key
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
