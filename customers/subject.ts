import { createHmac } from 'node:crypto'
import type { Context } from '../database/context.ts'
import { type Id, uuidOf } from '../kernel/ids.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { NewSubject } from './store/subjects.ts'

/** The form of the names of the first generation, and of those that came after a rotation. */
const [FIRST_FORM, LATER_FORM] = [1, 2]

/** Who knows whom, and in which generation of that partner's names. */
export type SubjectPlace = {
  readonly partner: Id<'ptr'>
  readonly customer: Id<'cus'>
  readonly generation: number
}

/** 144 bits: 24 characters without padding, and no two alike by chance. */
const BYTES = 18

/**
 * The pseudonym under which one partner knows one customer: HMAC-SHA-256 of the form (1 byte), the partner's and the
 * customer's UUID (16 bytes each), and from the second generation on its number (2 bytes), cut to 144 bits, in base64url.
 * Without the key two partners' subjects for one customer
 * cannot be joined, nor one be told from the ids.
 */
export function subjectOf(keyring: Keyring, { partner, customer, generation }: SubjectPlace): string {
  const form = hexOf(generation === 1 ? FIRST_FORM : LATER_FORM, 1)
  const number = generation === 1 ? '' : hexOf(generation, 2)
  const input = Buffer.from(`${form}${uuidOf(partner)}${uuidOf(customer)}${number}`, 'hex')
  const digest = createHmac('sha256', keyring.key('subjects')).update(input).digest()
  return digest.subarray(0, BYTES).toString('base64url')
}

/** What is kept of a pseudonym when it is made. */
export function subjectRow(
  { keyring }: Context,
  { partner, customer, generation }: SubjectPlace,
  createdAt: Date,
): NewSubject {
  const subject = subjectOf(keyring, { partner, customer, generation })
  return { subject, partner, customer, keyVersion: generation, createdAt }
}

function hexOf(value: number, bytes: number): string {
  return value.toString(16).padStart(2 * bytes, '0')
}
