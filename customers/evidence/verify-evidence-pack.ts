import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { compactVerify, createLocalJWKSet } from 'jose'
import { z } from 'zod'
import { Fault } from '../../kernel/fault.ts'
import { KEYS_FILE, MANIFEST_FILE, MANIFEST_TYPE, type Manifest, manifest } from './manifest.ts'

/** What was looked at, and what came of it. */
export type PackCheck = { readonly check: string; readonly result: 'ok' | 'failed'; readonly detail: string }

export type PackVerdict = { readonly sound: boolean; readonly checks: readonly PackCheck[] }

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })

/**
 * Checks a folder as a stranger would: the manifest's signature, by the keys that are given or else by the pack's own, and
 * the SHA-256 of every file; a file that is not in the manifest is refused as well. Needs neither a database nor the network.
 * Throws `NOT_FOUND` when there is no pack, and `INVALID_INPUT` for keys that are none.
 */
export async function verifyEvidencePack(
  folder: string,
  { keys }: { readonly keys?: string | undefined } = {},
): Promise<PackVerdict> {
  const jws = (await readText(path.join(folder, MANIFEST_FILE))).trim()
  const jwks = parseKeys(await readText(keys ?? path.join(folder, KEYS_FILE)))
  const said = await readManifest(jws, jwks)
  if (typeof said === 'string') return verdictOf([{ check: 'signature', result: 'failed', detail: said }])
  const from =
    keys === undefined ? 'by the pack’s own keys: compare them with /consents/jwks.json' : 'by the keys given'
  const known = new Set([MANIFEST_FILE, ...said.files.map(({ name }) => name)])
  const strangers = (await readdir(folder)).filter((name) => !known.has(name))
  return verdictOf([
    { check: 'signature', result: 'ok', detail: from },
    ...(await Promise.all(said.files.map((file) => checkFile(folder, file)))),
    ...strangers.map((name) => ({ check: name, result: 'failed' as const, detail: 'it is not in the manifest' })),
  ])
}

function verdictOf(checks: readonly PackCheck[]): PackVerdict {
  return { sound: checks.every(({ result }) => result === 'ok'), checks }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Fault('NOT_FOUND', `${file} cannot be read`, { cause })
  }
}

function parseKeys(text: string): ReturnType<typeof createLocalJWKSet> {
  try {
    return createLocalJWKSet(keySet.parse(JSON.parse(text)))
  } catch (cause) {
    throw new Fault('INVALID_INPUT', 'the keys are no JWK set', { cause })
  }
}

/** The manifest, or what is wrong with it. */
async function readManifest(jws: string, keys: ReturnType<typeof createLocalJWKSet>): Promise<Manifest | string> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, keys, { algorithms: ['ES256'] })
    if (protectedHeader.typ !== MANIFEST_TYPE) return 'what is signed is no manifest'
    return manifest.parse(JSON.parse(Buffer.from(payload).toString()))
  } catch {
    return 'the manifest is not signed by these keys'
  }
}

async function checkFile(folder: string, { name, sha256 }: Manifest['files'][number]): Promise<PackCheck> {
  const digest = createHash('sha256')
  try {
    await pipeline(createReadStream(path.join(folder, name)), digest)
  } catch {
    return { check: name, result: 'failed', detail: 'it cannot be read' }
  }
  return digest.digest('hex') === sha256
    ? { check: name, result: 'ok', detail: sha256 }
    : { check: name, result: 'failed', detail: 'it is not what was signed' }
}
