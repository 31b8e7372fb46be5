import { createHmac } from 'node:crypto'
import type { Context } from '../../database/context.ts'
import { type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { encrypt, tryDecrypt } from '../../records/encryption.ts'
import { type BankAccountDetails, sealedDetails } from './bank-details.ts'

/** Ciphertext, and the version of the key that opens it. */
export type SealedDetails = { readonly keyVersion: number; readonly sealed: Buffer }

/** Whose details they are: bound in, so that they open in their own row alone. */
export type AccountId = Id<'bka'> | Id<'obk'>

/** Seals details for an account's row under a version of the key. Source: ADR 0022. */
export function sealDetails(
  { keyring }: Context,
  account: AccountId,
  { details, keyVersion }: { readonly details: BankAccountDetails; readonly keyVersion: number },
): SealedDetails {
  const key = keyring.key('bank-accounts', keyVersion)
  return { keyVersion, sealed: encrypt(key, placeOf(account, keyVersion), canonicalJson(details)) }
}

/**
 * Opens an account's details. Throws `SEAL_BROKEN` when they do not open: they were changed or moved, or sealed under another
 * master key.
 */
export function openDetails(
  { keyring }: Context,
  account: AccountId,
  { keyVersion, sealed }: SealedDetails,
): BankAccountDetails {
  const text = tryDecrypt(keyring.key('bank-accounts', keyVersion), placeOf(account, keyVersion), sealed)
  if (text === undefined) {
    throw new Fault('SEAL_BROKEN', `the details of ${account} do not open: they were changed, or the master key was`)
  }
  return sealedDetails.parse(JSON.parse(text.toString()))
}

/** By which two requests with details are the same; keyed, because numbers could be guessed from a bare hash. */
export function detailsFingerprint({ keyring }: Context, details: CanonicalValue): string {
  return createHmac('sha256', keyring.key('bank-account-fingerprints')).update(canonicalJson(details)).digest('hex')
}

function placeOf(account: AccountId, keyVersion: number): string {
  return `${account.startsWith('bka_') ? 'bank_accounts' : 'own_accounts'}.sealed:${keyVersion}:${account}`
}
