import { z } from 'zod'
import { instant } from '../../kernel/instant.ts'
import { idText, wholeNumber } from '../../records/parse-record-data.ts'
import type { RecordData } from '../../records/record-body.ts'
import { assetText } from '../agreements/asset-text.ts'
import type { AccountFace } from './bank-account.ts'
import { ACCOUNT_SCHEMES } from './bank-details.ts'
import type { SealedDetails } from './seal-details.ts'

// What the records of bank accounts say. Numbers and owners stand in them sealed, as in the tables.

/** What the record of an account that is entered says of it. */
export function enteredData(face: AccountFace, { keyVersion, sealed }: SealedDetails): RecordData {
  const { asset, scheme, country, bankCode, masked } = face
  const shown = { asset, scheme, country, bankCode, masked }
  return { ...shown, keyVersion: BigInt(keyVersion), sealed: sealed.toString('base64') }
}

const entered = {
  asset: assetText,
  scheme: z.enum(ACCOUNT_SCHEMES),
  country: z.string(),
  bankCode: z.string(),
  masked: z.string(),
  keyVersion: wholeNumber,
  sealed: z.base64().transform((text) => Buffer.from(text, 'base64')),
}

const account = idText('bka')

/** What the record of a partner's account says, or of the key that seals all accounts from then on. */
export const bankAccountEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('PROPOSED'), account, partner: idText('ptr'), ...entered }),
  z.object({ event: z.literal('VERIFIED'), account, checked: z.string(), usableFrom: instant }),
  z.object({ event: z.literal('REJECTED'), account, reason: z.string() }),
  z.object({ event: z.literal('REVOKED'), account, reason: z.string() }),
  z.object({ event: z.literal('KEY_BEGUN'), version: wholeNumber }),
])

const own = idText('obk')

/** What the record of an account of ours says. */
export const ownAccountEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('PROPOSED'), account: own, code: z.string(), name: z.string(), ...entered }),
  z.object({ event: z.literal('VERIFIED'), account: own, checked: z.string() }),
  z.object({ event: z.literal('REJECTED'), account: own, reason: z.string() }),
])
