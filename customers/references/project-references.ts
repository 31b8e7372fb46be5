import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { type Beside, projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { referenceData } from './reference-records.ts'
import { fingerprintOf, sealReference } from './seal-reference.ts'
import { deleteReference, insertReference } from './store/references.ts'

const linkedData = z.object({ reference: z.string() })

/** References out of the log. Of customers who are erased there are none, and nothing waits for them. */
export const referenceProjector: Projector = {
  kinds: ['reference'],
  tables: [{ name: 'subject_references', key: ['partner_id', 'customer_id'], free: ['sealed'] }],
  project: projectEach(projectOne),
}

/** One that is joined waits until its place is free; one that is taken away, until it was joined. */
async function projectOne(tx: Transaction, body: RecordBody, { context, personal }: Beside): Promise<boolean> {
  if (personal === undefined) return true
  const { event, consent, partner } = parseRecordData(referenceData, body)
  const place = { partner, customer: personal.customer }
  if (event === 'UNLINKED') return deleteReference(tx, { ...place, consent })
  const { reference } = linkedData.parse(personal.data)
  return insertReference(tx, {
    ...place,
    consent,
    fingerprint: fingerprintOf(context.keyring, partner, reference),
    sealed: sealReference(context.keyring, place, reference),
    linkedAt: new Date(body.at),
    record: body.id,
  })
}
