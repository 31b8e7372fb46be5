import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { writePrivately } from './private-files.ts'

/** What a partner's program needs to sign in. */
export type KeyFile = { readonly clientId: string; readonly jwk: JsonWebKey }

const keyFile = z.object({ clientId: z.string(), jwk: z.object({ d: z.string() }) })

/** A fresh ES256 key pair; its id names the partner. */
export function makeKey(code: string): { readonly publicJwk: JsonWebKey; readonly privateJwk: JsonWebKey } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const common = { kid: `${code}-1`, alg: 'ES256', use: 'sig' }
  return {
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...common },
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...common },
  }
}

/** The client of a partner's key file; nothing when there is no such file, or none that holds a key. */
export async function readKeyFile(folder: string, code: string): Promise<string | undefined> {
  try {
    return keyFile.parse(JSON.parse(await readFile(fileOf(folder, code), 'utf8'))).clientId
  } catch {
    return undefined
  }
}

/** Saves the key so that only its owner can read it (mode 0600). */
export async function writeKeyFile(folder: string, code: string, content: KeyFile): Promise<void> {
  await writePrivately(fileOf(folder, code), `${JSON.stringify(content, undefined, 2)}\n`)
}

function fileOf(folder: string, code: string): string {
  return path.join(folder, `${code}.json`)
}
