import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { instant } from '../../kernel/instant.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { Agreement } from './agreement.ts'
import { onceIfKeyed } from './once-if-keyed.ts'
import { parseExactly } from './parse-exactly.ts'
import { holdAgreement, selectAgreement, updateEnd } from './store/agreements.ts'
import { holdOffClosing, selectLockedSince } from './store/locked-periods.ts'

const endAgreementInput = z.strictObject({
  /** Id of the agreement. */
  agreement: z.string().max(60),
  /** The first instant at which it does not run any more. */
  at: instant,
  /** Why; its partner reads it. */
  reason: lineOfText(300),
  idempotencyKey: z.string().nullish(),
})

export type EndAgreementInput = z.input<typeof endAgreementInput>

/**
 * Ends an agreement at a time, once and for good; the time may lie ahead. What was earned until then is settled as ever,
 * windows that were opened before it go on, and what is held or carried is paid in later periods: nothing of a locked
 * period changes. The same end again changes nothing. Throws `NOT_FOUND`, `INVALID_INPUT` for a time before its start or
 * behind the end that was agreed, `PERIOD_LOCKED` for a time in a settled month, `WRONG_STATE` when it was ended otherwise
 * and while a period is being closed. Source: ADR 0016.
 */
export async function endAgreement(context: Context, input: EndAgreementInput): Promise<Agreement> {
  const { idempotencyKey: key, ...wanted } = parseExactly(endAgreementInput, input, 'end')
  const request = { ...wanted, at: wanted.at.toISOString() }
  const id = await onceIfKeyed(context, { scope: `${context.actor}:agreements.end`, key, request }, (tx) =>
    end(context, tx, wanted),
  )
  const ended = await selectAgreement(context.database.reads, id)
  invariant(ended, 'an agreement that was ended is there')
  return ended
}

type Wanted = { readonly agreement: string; readonly at: Date; readonly reason: string }

async function end(context: Context, tx: Transaction, { agreement: named, at, reason }: Wanted): Promise<Id<'agr'>> {
  const known = isId('agr', named) ? await holdAgreement(tx, named) : undefined
  if (known === undefined) throw new Fault('NOT_FOUND', 'there is no such agreement', { field: 'agreement' })
  if (known.status === 'ENDED') return sameEnd(known, at)
  refuseUnfit(known, at)
  await refuseSettled(tx, known, at)
  const { id: agreement, programme, partner } = known
  const data = { event: 'ENDED', agreement, programme, partner, endsAt: at.toISOString(), reason }
  const [record] = await appendRecords(context, tx, [{ kind: 'agreement', partner, data }])
  invariant(record, 'a record was appended')
  await updateEnd(tx, { id: agreement, endsAt: at, end: { reason, endedAt: record.at, record: record.id } })
  return agreement
}

function sameEnd({ id, endsAt }: Agreement, at: Date): Id<'agr'> {
  if (endsAt?.getTime() === at.getTime()) return id
  throw new Fault('WRONG_STATE', `${id} was ended at ${endsAt?.toISOString()} already`, { field: 'agreement' })
}

function refuseUnfit({ startsAt, endsAt }: Agreement, at: Date): void {
  if (at <= startsAt) {
    throw new Fault('INVALID_INPUT', `it begins at ${startsAt.toISOString()}, and ends after that`, { field: 'at' })
  }
  if (endsAt !== undefined && at > endsAt) {
    throw new Fault('INVALID_INPUT', `it ends at ${endsAt.toISOString()} anyway: a new agreement would prolong it`, {
      field: 'at',
    })
  }
}

/** What was settled for a member was settled for all. */
async function refuseSettled(tx: Transaction, { programme }: Agreement, at: Date): Promise<void> {
  if (!(await holdOffClosing(tx, programme))) {
    throw new Fault('WRONG_STATE', 'a period of its programme is being closed right now')
  }
  const month = await selectLockedSince(tx, programme, at)
  if (month === undefined) return
  throw new Fault('PERIOD_LOCKED', `${month} is settled: an agreement ends after it`, { field: 'at' })
}
