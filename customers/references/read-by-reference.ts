import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { parseWith } from '../../kernel/parse.ts'
import type { CustomerView, TagRead } from '../customer-view.ts'
import { readCustomers } from '../read-customers.ts'
import { fingerprintOf } from './seal-reference.ts'
import { selectReferredSubject } from './store/references.ts'

const text = z
  .string()
  .max(128, 'it has more than 128 characters')
  .refine((value) => value.isWellFormed() && !value.includes('\u0000'), 'it has characters that no reference has')

/** A partner's own reference in the place of its subject. */
export type ReferenceRead = Omit<TagRead, 'subject'> & { readonly reference: string }

/** As many characters as a subject has. */
const SUBJECT_BYTES = 18

/**
 * Reads a customer under consent by what the caller itself calls them. One that is not known, is another partner's, or may not
 * be read is null alike: the same statement runs for all, and leaves a disclosure. Throws what {@link readCustomers} throws.
 */
export async function readByReference(
  context: Context,
  { caller, read: { reference, ...read } }: { readonly caller: PartnerCaller; readonly read: ReferenceRead },
): Promise<CustomerView | null> {
  const named = parseWith(text, reference, 'reference').trim()
  const fingerprint = fingerprintOf(context.keyring, caller.partner, named)
  const subject = await selectReferredSubject(context.database.reads, caller.partner, fingerprint)
  // a subject of nobody: what was asked for stays unreadable in the trace
  const nobody = fingerprint.subarray(0, SUBJECT_BYTES).toString('base64url')
  const [view = null] = await readCustomers(context, { caller, reads: [{ ...read, subject: subject ?? nobody }] })
  return view
}
