import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { invariant } from '../kernel/invariant.ts'
import { appendRecords } from '../records/append-records.ts'
import type { ConsentStatus, Mover } from './consent.ts'
import { holdsPlace, mayMove } from './consent-moves.ts'
import { consentRecord } from './consent-record.ts'
import { unlinkReferences } from './references/unlink-references.ts'
import type { HeldConsent } from './store/hold-consents.ts'
import { changeConsents, insertEvents } from './store/write-consents.ts'

/** A step of a consent that is held. */
export type ConsentMove = {
  readonly held: HeldConsent
  readonly status: ConsentStatus
  readonly by: Mover
  /** When it stopped to count, where that was before now. */
  readonly endedAt?: Date | undefined
  /** For us alone: why, and which person. */
  readonly reason?: string | undefined
  readonly person?: string | undefined
}

/**
 * Moves consents at an instant of the database's: a record for each, its row, and the step; what a
 * partner called a customer goes with the last one. The caller has seen to it that
 * the moves are among those that there are.
 */
export async function moveConsents(
  context: Context,
  tx: Transaction,
  moves: readonly ConsentMove[],
  at: Date,
): Promise<void> {
  const acting = { ...context, clock: clockAt(at) }
  const changes = moves.map(({ held: { id: consent, version, recorded, ...held }, ...move }) => {
    invariant(mayMove(recorded, move.status), `a consent does not go from ${recorded} to ${move.status}`)
    const { customer, partner, purpose } = held
    return { consent, customer, partner, purpose, change: version + 1, ...move }
  })
  const records = await appendRecords(acting, tx, changes.map(consentRecord))
  const steps = changes.map(({ consent, change, status, by, endedAt }, index) => {
    const record = records[index]
    invariant(record, 'a record that was appended has an id')
    return { consent, change, status, by, endedAt, record: record.id }
  })
  await changeConsents(
    tx,
    steps.map(({ consent: id, change: version, status, by, endedAt, record }) => ({
      id,
      status,
      version,
      record,
      endedAt: holdsPlace(status) ? undefined : (endedAt ?? at),
      suspendedBy: status === 'SUSPENDED' ? by : undefined,
    })),
  )
  await insertEvents(
    tx,
    steps.map(({ endedAt: _, ...step }) => ({ ...step, at })),
  )
  // what is superseded is followed by another one in this transaction
  const ended = moves.filter(({ status }) => !holdsPlace(status) && status !== 'SUPERSEDED')
  await unlinkReferences(
    acting,
    tx,
    ended.map(({ held: { partner, customer } }) => ({ partner, customer })),
  )
}

/** The move that records what is so already: that its one use was made, or that its time is over. */
export function dueMove(held: HeldConsent): ConsentMove {
  const { status, endedAt } = held
  return { held, status, by: status === 'CONSUMED' ? 'READ' : 'CLOCK', endedAt }
}
