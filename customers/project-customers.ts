import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { idText, notUnderstood, parseRecordData } from '../records/parse-record-data.ts'
import type { ProjectedRecord, Projector } from '../records/projector.ts'
import { definitionOf, purposeOf } from './definition-records.ts'
import { type ConsentEvent, foldConsents, type Standing } from './fold-consents.ts'
import { readSharedTag, type SharedTag } from './granularity.ts'
import { endConsents, insertConsents, selectStanding } from './store/consents.ts'
import { keepPurpose, selectPurposes } from './store/purposes.ts'
import { deleteSubjects, keepSubjects } from './store/subjects.ts'
import { keepDefinition, selectDefinitions } from './store/tag-definitions.ts'
import { subjectRow } from './subject.ts'

/**
 * What may be shared, and what was agreed to, out of the log. Who the customers are, and what is known of them, is in no
 * record. A subject has a row while its customer has a key.
 */
export const customerProjector: Projector = {
  kinds: ['tag_definition', 'purpose', 'consent', 'customer'],
  tables: [
    { name: 'tag_definitions', key: ['key'] },
    { name: 'purposes', key: ['key'] },
    { name: 'consents', key: ['id'] },
    { name: 'consent_tags', key: ['consent_id', 'tag_key'] },
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
  const consents = records.filter(({ body }) => body.kind === 'consent')
  const waiting = consents.length === 0 ? [] : await projectConsents(context, tx, consents)
  const erased = records.filter(({ body }) => body.kind === 'customer').flatMap(({ owner }) => owner ?? [])
  await deleteSubjects(tx, erased)
  return waiting
}

async function projectConsents(
  context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const events = records.map(eventOf)
  const { added, ended, waiting } = foldConsents(events, await standingOf(tx, events))
  await endConsents(tx, ended)
  await insertConsents(tx, added)
  const left = new Set(waiting)
  const subjects = records.flatMap(({ personal }, index) => {
    const event = events[index]
    if (personal === undefined || event === undefined || !('granted' in event) || left.has(index)) return []
    return [subjectRow(context, event.granted, event.granted.grantedAt)]
  })
  await keepSubjects(tx, subjects)
  return records.filter((_, index) => left.has(index))
}

const place = { consent: idText('cns'), partner: idText('ptr'), purpose: z.string() }
const consentData = z.discriminatedUnion('status', [
  z.object({
    ...place,
    status: z.literal('AUTHORISED'),
    tags: z.array(z.string().transform(toSharedTag)),
    expires: z.iso.datetime().transform((at) => new Date(at)),
    evidence: z.object({ textHash: z.string().optional(), locale: z.string(), channel: z.string() }),
  }),
  z.object({ ...place, status: z.enum(['REVOKED', 'SUPERSEDED', 'EXPIRED']) }),
])

function toSharedTag(text: string, check: z.RefinementCtx): SharedTag {
  const shared = readSharedTag(text)
  if (shared) return shared
  check.addIssue({ code: 'custom', message: 'it is no tag at a granularity' })
  return z.NEVER
}

function eventOf({ body, owner: customer }: ProjectedRecord): ConsentEvent {
  const data = parseRecordData(consentData, body)
  if (customer === undefined) throw notUnderstood(body)
  const { consent: id, partner, purpose, status } = data
  const at = new Date(body.at)
  const own = { customer, partner, purpose }
  if (status !== 'AUTHORISED') return { ended: { id, status, at, record: body.id, place: own } }
  const { tags, expires: expiresAt, evidence } = data
  const granted = { tags, expiresAt, evidence, grantedAt: at, endedAt: undefined }
  return { granted: { ...own, ...granted, id, status, version: 1, record: body.id } }
}

async function standingOf(tx: Transaction, events: readonly ConsentEvent[]): Promise<Standing> {
  const granted = events.flatMap((event) => ('granted' in event ? [event.granted] : []))
  const ended = events.flatMap((event) => ('ended' in event ? [event.ended.id] : []))
  const [purposes, tags] = [await selectPurposes(tx), await selectDefinitions(tx)]
  return {
    consents: await selectStanding(tx, { consents: ended, places: granted }),
    purposes: new Set(purposes.map(({ key }) => key)),
    tags: new Set(tags.map(({ key }) => key)),
  }
}
