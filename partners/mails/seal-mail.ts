import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { decrypt, encrypt } from '../../records/encryption.ts'
import type { Mail } from './mail.ts'

type Keys = Pick<Context, 'keyring'>

/** A mail as it waits: its link is a secret, its address personal. */
export function sealMail({ keyring }: Keys, id: Id<'eml'>, mail: Mail): Buffer {
  return encrypt(keyring.key('mails'), placeOf(id), JSON.stringify(mail))
}

/** A mail that waited. */
export function openMail({ keyring }: Keys, id: Id<'eml'>, sealed: Uint8Array): Mail {
  const { to, subject, text } = JSON.parse(decrypt(keyring.key('mails'), placeOf(id), sealed).toString())
  return { to, subject, text }
}

function placeOf(id: Id<'eml'>): string {
  return `mails.sealed:${id}`
}
