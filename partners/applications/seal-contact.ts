import { createHmac } from 'node:crypto'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { decrypt, encrypt } from '../../records/encryption.ts'
import type { Contact } from './application.ts'

type Keys = Pick<Context, 'keyring'>

/** A contact as it is kept. */
export function sealContact({ keyring }: Keys, id: Id<'app'>, contact: Contact): Buffer {
  return encrypt(keyring.key('application-contacts'), placeOf(id), JSON.stringify(contact))
}

/** A contact that was kept. */
export function openContact({ keyring }: Keys, id: Id<'app'>, sealed: Uint8Array): Contact {
  const { name, email } = JSON.parse(decrypt(keyring.key('application-contacts'), placeOf(id), sealed).toString())
  return { name, email }
}

/** By which requests from one mail address are known to be, without the address. */
export function markOf({ keyring }: Keys, email: string): Buffer {
  return createHmac('sha256', keyring.key('application-marks')).update(email.toLowerCase()).digest()
}

function placeOf(id: Id<'app'>): string {
  return `application_requests.contact:${id}`
}
