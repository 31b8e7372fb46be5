import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import type { Id } from '../kernel/ids.ts'
import type { ProjectedRecord } from '../records/projector.ts'
import { type ToldConsent, toldBy } from './consent-events.ts'
import { type ConsentEvent, foldConsents } from './fold-consents.ts'
import { selectPurposes } from './store/purposes.ts'
import { decideRequests, insertRequests, type KeptRequest, selectKnownRequests } from './store/requests.ts'
import { keepSubjects } from './store/subjects.ts'
import { selectDefinitions } from './store/tag-definitions.ts'
import { changeConsents, insertConsents, insertEvents, type KeptEvent, selectStanding } from './store/write-consents.ts'
import { subjectRow } from './subject.ts'
import { holdGeneration } from './subjects/store/rotations.ts'

type Told = { readonly record: ProjectedRecord; readonly told: ToldConsent }
type ToldEvent = { readonly record: ProjectedRecord; readonly event: ConsentEvent }

/** Requests and consents out of their records; returns those that need another record first. */
export async function projectConsents(
  context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const told = records.map((record) => ({ record, told: toldBy(record) }))
  const purposes = new Set((await selectPurposes(tx)).map(({ key }) => key))
  const unasked = await projectAsked(tx, told, purposes)
  const requests = await selectKnownRequests(tx, told.flatMap(requestNeeded))
  const ready = told.filter((one) => requestNeeded(one).every((id) => requests.has(id)))
  const unready = told.filter((one) => !ready.includes(one)).map(({ record }) => record)
  await projectUnmet(tx, ready)
  const events = ready.flatMap(({ record, told: one }) => ('event' in one ? [{ record, event: one.event }] : []))
  return [...unasked, ...unready, ...(await projectEvents(context, tx, events, purposes))]
}

/** The request that a record needs: it ends it, or gives the consent that it asked for. */
function requestNeeded({ told }: Told): readonly KeptEvent['consent'][] {
  if ('unmet' in told) return [told.unmet.consent]
  if (!('event' in told)) return []
  const { given, step } = told.event
  return given && step.change > 1 ? [step.consent] : []
}

async function projectAsked(
  tx: Transaction,
  told: readonly Told[],
  purposes: ReadonlySet<string>,
): Promise<readonly ProjectedRecord[]> {
  const asked = told.flatMap(({ record, told: one }) => ('asked' in one ? [{ record, request: one.asked }] : []))
  const due = asked.filter(({ request }) => purposes.has(request.purpose)).map(({ request }) => request)
  await insertRequests(tx, due)
  await insertEvents(tx, due.map(askingStep))
  return asked.filter(({ request }) => !purposes.has(request.purpose)).map(({ record }) => record)
}

function askingStep({ id: consent, requestedAt: at, record }: KeptRequest): KeptEvent {
  return { consent, change: 1, status: 'AWAITING', by: 'PARTNER', at, record }
}

async function projectUnmet(tx: Transaction, told: readonly Told[]): Promise<void> {
  const unmet = told.flatMap(({ record, told: one }) => ('unmet' in one ? [{ owner: record.owner, ...one.unmet }] : []))
  await decideRequests(
    tx,
    unmet.map(({ consent: id, owner: customer, status, at: decidedAt, record }) => ({
      id,
      status,
      customer,
      decidedAt,
      version: 2,
      record,
    })),
  )
  await insertEvents(
    tx,
    unmet.map(({ owner: _, ...step }) => step),
  )
}

async function projectEvents(
  context: Context,
  tx: Transaction,
  told: readonly ToldEvent[],
  purposes: ReadonlySet<string>,
): Promise<readonly ProjectedRecord[]> {
  const events = told.map(({ event }) => event)
  const folded = foldConsents(events, {
    purposes,
    tags: new Set((await selectDefinitions(tx)).map(({ key }) => key)),
    consents: await selectStanding(tx, {
      consents: events.map(({ step }) => step.consent),
      places: events.flatMap(({ given }) => given ?? []),
    }),
  })
  await changeConsents(tx, folded.changed)
  await insertConsents(tx, folded.added)
  await insertEvents(tx, folded.steps)
  const waiting = new Set(folded.waiting)
  const given = told.flatMap(({ record, event }, index) =>
    event.given && !waiting.has(index) ? [{ record, consent: event.given }] : [],
  )
  await decideRequests(
    tx,
    given.flatMap(({ consent: { id, customer, status, grantedAt: decidedAt, version, record } }) =>
      version > 1 && status === 'AUTHORISED' ? [{ id, customer, status, decidedAt, version, record }] : [],
    ),
  )
  const named = given.flatMap(({ record: { personal }, consent }) => (personal ? [consent] : []))
  const generations = new Map<Id<'ptr'>, number>()
  for (const partner of new Set(named.map((consent) => consent.partner))) {
    generations.set(partner, await holdGeneration(tx, partner))
  }
  await keepSubjects(
    tx,
    named.map(({ partner, customer, grantedAt }) =>
      subjectRow(context, { partner, customer, generation: generations.get(partner) ?? 1 }, grantedAt),
    ),
  )
  return told.filter((_, index) => waiting.has(index)).map(({ record }) => record)
}
