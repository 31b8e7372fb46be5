import { createHmac } from 'node:crypto'
import type { Context } from '../../database/context.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { encrypt, tryDecrypt } from '../../records/encryption.ts'
import type { BankEntry, OpenedEntry } from './bank-entry.ts'
import type { EntryCounterparty } from './files/read-statement.ts'

/** What is kept of the other side: ciphertext, and what may stand in the clear. */
export type SealedCounterparty = Pick<BankEntry, 'counterpartyMasked' | 'counterpartyDigest' | 'sealed'>

/** Seals who was on the other side of an entry, and what they wrote. Source: ADR 0024. */
export function sealCounterparty(
  context: Context,
  entry: Id<'bke'>,
  { name, account, remittance }: EntryCounterparty,
): SealedCounterparty {
  const plain = canonicalJson({ name, account, remittance })
  return {
    sealed: encrypt(context.keyring.key('bank-entries'), placeOf(entry), plain),
    counterpartyMasked: account === undefined ? undefined : maskedAccount(account),
    counterpartyDigest: account === undefined ? undefined : accountDigest(context, account),
  }
}

/** Banks write any text: the end may lie within a character. */
function maskedAccount(account: string): string {
  return `****${account.slice(account.length < 8 ? -2 : -4).toWellFormed()}`
}

/** Opens an entry. Throws `SEAL_BROKEN` when its row was changed, or another master key sealed it. */
export function openEntry({ keyring }: Context, entry: BankEntry): OpenedEntry {
  const text = tryDecrypt(keyring.key('bank-entries'), placeOf(entry.id), entry.sealed)
  if (text === undefined) throw new Fault('SEAL_BROKEN', `the entry ${entry.id} does not open: it was changed`)
  return { ...entry, counterparty: parseCounterparty(text.toString()) }
}

/** By which two numbers of accounts are the same, however they are written. Keyed, because numbers can be guessed. */
export function accountDigest({ keyring }: Context, number: string): string {
  const plain = number.replaceAll(/[\s-]/g, '').toUpperCase()
  return createHmac('sha256', keyring.key('bank-entry-fingerprints')).update(plain).digest('hex')
}

function placeOf(entry: Id<'bke'>): string {
  return `bank_entries.sealed:1:${entry}`
}

/** Safe because the seal says that we wrote it. */
function parseCounterparty(text: string): EntryCounterparty {
  return JSON.parse(text) as EntryCounterparty
}
