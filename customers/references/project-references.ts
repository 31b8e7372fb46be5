import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import type { ProjectedRecord, Projector } from '../../records/projector.ts'
import { referenceData } from './reference-records.ts'
import { fingerprintOf, sealReference } from './seal-reference.ts'
import { deleteReference, insertReference } from './store/references.ts'

const linkedData = z.object({ reference: z.string() })

/** References out of the log. Of customers who are erased there are none, and nothing waits for them. */
export const referenceProjector: Projector = {
  kinds: ['reference'],
  tables: [{ name: 'subject_references', key: ['partner_id', 'customer_id'], free: ['sealed'] }],
  project: async (context, tx, records) => {
    const waiting: ProjectedRecord[] = []
    for (const record of records) if (!(await projectOne(context, tx, record))) waiting.push(record)
    return waiting
  },
}

/** One that is joined waits until its place is free; one that is taken away, until it was joined. */
async function projectOne(
  { keyring }: Context,
  tx: Transaction,
  { body, personal }: ProjectedRecord,
): Promise<boolean> {
  if (personal === undefined) return true
  const { event, consent, partner } = parseRecordData(referenceData, body)
  const place = { partner, customer: personal.customer }
  if (event === 'UNLINKED') return deleteReference(tx, { ...place, consent })
  const { reference } = linkedData.parse(personal.data)
  return insertReference(tx, {
    ...place,
    consent,
    fingerprint: fingerprintOf(keyring, partner, reference),
    sealed: sealReference(keyring, place, reference),
    linkedAt: new Date(body.at),
    record: body.id,
  })
}
