import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { clockAt } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { newId } from '../../kernel/ids.ts'
import { appendRecords } from '../../records/append-records.ts'
import { linkedRecord, type ReferenceChange, unlinkedRecord } from './reference-records.ts'
import { fingerprintOf, sealReference } from './seal-reference.ts'
import { deleteReference, holdReference, insertReference } from './store/references.ts'

/**
 * Joins a partner's own reference to a customer's subject, in the transaction in which they agreed to it; another one that was
 * joined before gives way. Throws `DUPLICATE` when the partner knows another customer by it, and `CONSENT_CHANGED` when another
 * one was joined at the same moment.
 */
export async function linkReference(
  context: Context,
  tx: Transaction,
  { reference, at, ...change }: ReferenceChange & { readonly reference: string; readonly at: Date },
): Promise<void> {
  const { keyring } = context
  const acting = { ...context, clock: clockAt(at) }
  const fingerprint = fingerprintOf(keyring, change.partner, reference)
  const held = await holdReference(tx, change)
  if (held?.fingerprint.equals(fingerprint)) return
  if (held) {
    await deleteReference(tx, held)
    await appendRecords(acting, tx, [unlinkedRecord(held)])
  }
  const record = newId('rec')
  const kept = { ...change, fingerprint, sealed: sealReference(keyring, change, reference), linkedAt: at, record }
  if (await insertReference(tx, kept)) {
    await appendRecords(acting, tx, [{ ...linkedRecord(change, reference), id: record }])
    return
  }
  // somebody else was faster: the same customer with another consent, or another customer by the same reference
  const other = await holdReference(tx, change)
  if (other?.fingerprint.equals(fingerprint)) return
  if (other) throw new Fault('CONSENT_CHANGED', 'another reference was joined at the same moment')
  throw new Fault('DUPLICATE', 'the partner knows another customer by this reference', { field: 'reference' })
}
