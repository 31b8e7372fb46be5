import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { decrypt, encrypt } from '../../records/encryption.ts'
import type { ComplaintWords } from './complaint.ts'

type Keys = Pick<Context, 'keyring'>

/** The words of a complaint as they are kept. */
export function sealWords({ keyring }: Keys, id: Id<'cpl'>, words: ComplaintWords): Buffer {
  return encrypt(keyring.key('complaint-words'), placeOf(id), JSON.stringify(words))
}

/** Words that were kept. */
export function openWords({ keyring }: Keys, id: Id<'cpl'>, sealed: Uint8Array): ComplaintWords {
  const { said, answer, remedy } = JSON.parse(decrypt(keyring.key('complaint-words'), placeOf(id), sealed).toString())
  return { said, answer, remedy }
}

function placeOf(id: Id<'cpl'>): string {
  return `complaints.words:1:${id}`
}
