import type { Reader } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { type Id, idOf, uuidOf } from '../kernel/ids.ts'
import { keysForReading } from './customer-keys.ts'
import { decrypt, encrypt } from './encryption.ts'
import type { RecordBody, RecordData, RecordKind, SealedPersonal } from './record-body.ts'

/** The record that personal data is bound to: copied into another, it does not open. */
type Place = { readonly id: Id<'rec'>; readonly kind: RecordKind }

/** Encrypts what is personal in one record under the customer's key. */
export function sealPersonal(
  context: Context,
  place: Place,
  personal: { readonly customer: Id<'cus'>; readonly data: RecordData },
  key: Buffer,
): SealedPersonal {
  const owner = Buffer.from(uuidOf(personal.customer), 'hex')
  return {
    owner: encrypt(ownerKey(context), ownerPlace(place), owner).toString('base64'),
    sealed: encrypt(key, dataPlace(place), canonicalJson(personal.data)).toString('base64'),
  }
}

/** What was personal in a record: whose, and the data with integers as text. */
export type OpenPersonal = { readonly customer: Id<'cus'>; readonly data: Readonly<Record<string, unknown>> }

/**
 * Reads what is personal in records, in their order; `undefined` where there is nothing, or the customer was erased.
 * One query, however many. Throws an error of OpenSSL when a ciphertext is not the one written for its record.
 */
export async function openPersonal(
  context: Context,
  bodies: readonly RecordBody[],
): Promise<readonly (OpenPersonal | undefined)[]> {
  return (await openOwned(context, context.database.reads, bodies)).map(({ personal }) => personal)
}

/** Whose personal data a record holds, also when nobody can read it any more, and the data while the key exists. */
export type OpenOwned = { readonly owner: Id<'cus'> | undefined; readonly personal: OpenPersonal | undefined }

/** The same as {@link openPersonal}, with the owners, and with the keys that the reader sees. */
export async function openOwned(
  context: Context,
  sql: Reader,
  bodies: readonly RecordBody[],
): Promise<readonly OpenOwned[]> {
  const owners = bodies.map((body) => ownerOf(context, body))
  const customers = new Set(owners.filter((owner) => owner !== undefined))
  const keys = await keysForReading(context, sql, customers)
  return bodies.map((body, index) => {
    const customer = owners[index]
    const key = customer && keys.get(customer)
    if (!key || !body.personal) return { owner: customer, personal: undefined }
    const plain = decrypt(key, dataPlace(body), Buffer.from(body.personal.sealed, 'base64'))
    return { owner: customer, personal: { customer, data: JSON.parse(plain.toString()) } }
  })
}

/** Whose personal data a record holds. Throws an error of OpenSSL when it was not written for it under this master key. */
export function ownerOf(context: Context, body: RecordBody): Id<'cus'> | undefined {
  if (!body.personal) return undefined
  const plain = decrypt(ownerKey(context), ownerPlace(body), Buffer.from(body.personal.owner, 'base64'))
  return idOf('cus', plain.toString('hex'))
}

function ownerKey(context: Context): Buffer {
  return context.keyring.key('customer-keys')
}

function ownerPlace({ id, kind }: Place): string {
  return `records.body.personal.owner:1:${id}:${kind}`
}

function dataPlace({ id, kind }: Place): string {
  return `records.body.personal.sealed:1:${id}:${kind}`
}
