import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { BankBreak, BreakSubject } from './bank-break.ts'
import { type BreakEvent, breakRecord } from './break-records.ts'
import { applyBreakEvent } from './store/breaks.ts'

/** A break as its last record left it. */
type Standing = Pick<BankBreak, 'id' | 'step'>

/** Writes what happens to an open break, with its record, in the caller's transaction. */
export async function moveBreak(
  context: Context,
  tx: Transaction,
  { id, step: last }: Standing,
  event: BreakEvent,
): Promise<void> {
  const step = last + 1
  const [record] = await appendRecords(context, tx, [breakRecord(id, step, event)])
  invariant(record, 'a record was appended')
  const moved = await applyBreakEvent(tx, id, event, { by: context.actor, step, record })
  invariant(moved, `the break ${id} is open`)
}

/** Opens a break, or says of the one that stands what is known now. */
export async function tellBreak(
  context: Context,
  tx: Transaction,
  subject: BreakSubject,
  standing: BankBreak | undefined,
): Promise<void> {
  if (standing === undefined)
    return moveBreak(context, tx, { id: newId('brk'), step: -1 }, { event: 'OPENED', ...subject })
  const same =
    standing.kind === subject.kind &&
    standing.payout === subject.payout &&
    standing.minor === subject.minor &&
    standing.about === subject.about
  if (!same) await moveBreak(context, tx, standing, { event: 'CHANGED', ...subject })
}
