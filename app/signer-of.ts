import { readFile } from 'node:fs/promises'
import type { TransactionSigner } from '../contracts/signer.ts'
import { Fault } from '../kernel/fault.ts'
import type { KeySource } from './config.ts'

/**
 * The signer of a configured key, if there is one; `setting` names the file's in the fault. Throws `CONFIG_INVALID` when the
 * file cannot be read or holds no key.
 */
export async function signerOf(key: KeySource | undefined, setting: string): Promise<TransactionSigner | undefined> {
  if (key === undefined) return undefined
  const { signerOfKey } = await import('../contracts/signer.ts')
  return signerOfKey('text' in key ? key.text : await readKeyFile(key.file, setting))
}

async function readKeyFile(file: string, setting: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new Fault('CONFIG_INVALID', `${setting}: ${file} cannot be read`, { cause: error })
  }
}
