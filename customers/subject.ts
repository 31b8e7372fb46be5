import { createHmac } from 'node:crypto'
import type { Context } from '../database/context.ts'
import { type Id, uuidOf } from '../kernel/ids.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { NewSubject } from './store/subjects.ts'

/** Version of the key and of the form below; it stands beside each subject. */
const SUBJECT_VERSION = 1

/** 144 bits: 24 characters without padding, and no two alike by chance. */
const BYTES = 18

/**
 * The pseudonym under which one partner knows one customer: HMAC-SHA-256 of the version (1 byte), the partner's and the
 * customer's UUID (16 bytes each), cut to 144 bits, in base64url. Without the key two partners' subjects for one customer
 * cannot be joined, nor one be told from the ids.
 */
export function subjectOf(keyring: Keyring, partner: Id<'ptr'>, customer: Id<'cus'>): string {
  const input = Buffer.from(`${hexByte(SUBJECT_VERSION)}${uuidOf(partner)}${uuidOf(customer)}`, 'hex')
  const digest = createHmac('sha256', keyring.key('subjects')).update(input).digest()
  return digest.subarray(0, BYTES).toString('base64url')
}

/** What is kept of a pseudonym when it is made. */
export function subjectRow(
  { keyring }: Context,
  { partner, customer }: { readonly partner: Id<'ptr'>; readonly customer: Id<'cus'> },
  createdAt: Date,
): NewSubject {
  return { subject: subjectOf(keyring, partner, customer), partner, customer, keyVersion: SUBJECT_VERSION, createdAt }
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0')
}
