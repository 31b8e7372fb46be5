import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { databaseTime } from '../database/database-time.ts'
import { clockAt } from '../kernel/clock.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'
import { appendRecords } from '../records/append-records.ts'
import type { Consent } from './consent.ts'
import { holdsPlace } from './consent-moves.ts'
import { consentRecord, type Given } from './consent-record.ts'
import { dueMove, moveConsents } from './move-consents.ts'
import { selectConsent } from './store/consents.ts'
import { type HeldConsent, holdInPlace } from './store/hold-consents.ts'
import { keepSubjects } from './store/subjects.ts'
import { type ConsentPlace, insertConsents, insertEvents } from './store/write-consents.ts'
import { subjectRow } from './subject.ts'
import { holdGeneration } from './subjects/store/rotations.ts'

/** A consent that is about to be given, and which step of its life that is. */
export type Gift = ConsentPlace & {
  readonly id: Id<'cns'>
  readonly change: number
  readonly given: Omit<Given, 'amends' | 'edition'>
}

/**
 * Gives a consent in the caller's transaction, which holds the customer: whatever has its place is superseded, and amended
 * by this one if it counted until now. Throws `WRONG_STATE` when compliance has suspended what is in the place, and
 * `CONSENT_CHANGED` when another consent was given there at the same moment.
 */
export async function giveConsent(context: Context, tx: Transaction, gift: Gift): Promise<Consent> {
  const { id, customer, partner, purpose, change } = gift
  const place = { customer, partner, purpose }
  const current = await holdInPlace(tx, place)
  if (current) refuseLocked(current)
  // the records say what the rows say, so both have the database's time, read once the place is held
  const at = await databaseTime(tx)
  const generation = await holdGeneration(tx, partner)
  await keepSubjects(tx, [subjectRow(context, { partner, customer, generation }, at)])
  if (current) await replace(context, tx, current, at)
  const amended = current && holdsPlace(current.status) ? current : undefined
  const given: Given = { ...gift.given, amends: amended?.id, edition: (amended?.edition ?? 0) + 1 }
  const status = 'AUTHORISED'
  const step = { consent: id, change, status, by: 'CUSTOMER' } as const
  const [record] = await appendRecords({ ...context, clock: clockAt(at) }, tx, [
    consentRecord({ ...place, ...step, given }),
  ])
  invariant(record, 'a record that was appended has an id')
  const state = { status, endedAt: undefined, suspendedBy: undefined, version: change, record: record.id } as const
  await insertConsents(tx, [{ ...place, ...given, ...state, id, grantedAt: at }])
  await insertEvents(tx, [{ ...step, at, record: record.id }])
  return selectConsent(tx, customer, id)
}

function refuseLocked({ status, suspendedBy }: HeldConsent): void {
  if (status !== 'SUSPENDED' || suspendedBy !== 'COMPLIANCE') return
  throw new Fault('WRONG_STATE', 'compliance has suspended the consent in this place: nothing takes it meanwhile')
}

/** Two that supersede at once: the second waited for the place, found nothing left, and is refused by the unique index. */
async function replace(context: Context, tx: Transaction, current: HeldConsent, at: Date): Promise<void> {
  const superseded = { held: current, status: 'SUPERSEDED', by: 'CUSTOMER' } as const
  await moveConsents(context, tx, [holdsPlace(current.status) ? superseded : dueMove(current)], at)
}
