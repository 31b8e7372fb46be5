import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import type { ProjectedRecord, Projector } from '../records/projector.ts'
import { definitionOf, noticeOf, purposeOf } from './definition-records.ts'
import { projectConsents } from './project-consents.ts'
import { insertNotices } from './store/notices.ts'
import { keepPurpose, selectPurposes } from './store/purposes.ts'
import { deleteSubjects } from './store/subjects.ts'
import { keepDefinition } from './store/tag-definitions.ts'
import { forgetEvidence } from './store/write-consents.ts'

/**
 * What may be shared, what was asked for and agreed to, out of the log. Who the customers are, what is known of them, and
 * how often what has a limit was used, is in no record. A subject has a row while its customer has a key.
 */
export const customerProjector: Projector = {
  kinds: ['tag_definition', 'purpose', 'notice', 'consent', 'customer'],
  tables: [
    { name: 'tag_definitions', key: ['key'] },
    { name: 'purposes', key: ['key'] },
    { name: 'notices', key: ['purpose', 'version'] },
    { name: 'notice_texts', key: ['purpose', 'version', 'locale'] },
    { name: 'consent_requests', key: ['id'], free: ['customer_id'] },
    { name: 'consents', key: ['id'] },
    { name: 'consent_tags', key: ['consent_id', 'tag_key'] },
    { name: 'consent_events', key: ['consent_id', 'change'] },
    { name: 'consent_uses', key: ['consent_id'], free: ['day', 'used', 'last_at', 'recorded'] },
    // of two first consents to one partner at once, either may have made it
    { name: 'subjects', key: ['subject'], free: ['created_at'] },
  ],
  project: projectCustomers,
}

async function projectCustomers(
  context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  for (const { body } of records) {
    if (body.kind === 'tag_definition') await keepDefinition(tx, definitionOf(body))
    if (body.kind === 'purpose') await keepPurpose(tx, purposeOf(body))
  }
  const notices = await projectNotices(tx, ofKind(records, 'notice'))
  const consents = ofKind(records, 'consent')
  const waiting = consents.length === 0 ? [] : await projectConsents(context, tx, consents)
  const erased = ofKind(records, 'customer').flatMap(({ owner }) => owner ?? [])
  await forgetEvidence(tx, erased)
  await deleteSubjects(tx, erased)
  return [...notices, ...waiting]
}

function ofKind(records: readonly ProjectedRecord[], kind: string): readonly ProjectedRecord[] {
  return records.filter(({ body }) => body.kind === kind)
}

async function projectNotices(
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  if (records.length === 0) return []
  const defined = new Set((await selectPurposes(tx)).map(({ key }) => key))
  const [due, waiting] = [true, false].map((ready) =>
    records.filter(({ body }) => defined.has(noticeOf(body).purpose) === ready),
  )
  await insertNotices(
    tx,
    (due ?? []).map(({ body }) => noticeOf(body)),
  )
  return waiting ?? []
}
