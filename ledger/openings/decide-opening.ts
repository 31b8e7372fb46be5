import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { selectAgreement } from '../agreements/store/agreements.ts'
import { postEntries } from '../journal/post-entries.ts'
import { holdBalances } from '../receivables/store/agreement-owes.ts'
import { requirePerson, requireSecondPerson } from '../second-person.ts'
import type { Opening } from './opening.ts'
import { entriesOfOpening } from './opening-entries.ts'
import { decisionRecord } from './opening-record.ts'
import { programmesOf, refuseLocked } from './refuse-locked.ts'
import { holdOpenings, selectOpenedBefore } from './store/hindrances.ts'
import { decideOpeningRow, holdOpening, selectOpening } from './store/openings.ts'

export type DecidingOpening = {
  readonly opening: string
  readonly idempotencyKey: string
  /** Why it is rejected; approved without one. */
  readonly because: string | undefined
}

/** What approving and rejecting have in common: once, on what waits for it, by another person than proposed it. */
export async function decideOpening(
  context: Context,
  { opening: id, because, idempotencyKey: key }: DecidingOpening,
): Promise<Opening> {
  requirePerson(context)
  if (!isId('opn', id)) throw noOpening()
  const scope = `${context.actor}:openings.${because === undefined ? 'approve' : 'reject'}`
  const request = { opening: id, because: because ?? null }
  await once(context, { scope, key, request }, async (tx): Promise<Id<'opn'>> => {
    const found = await holdOpening(tx, id)
    if (found === undefined) throw noOpening()
    if (found.status !== 'PROPOSED') throw new Fault('WRONG_STATE', `the opening balances ${id} were decided already`)
    requireSecondPerson(context, found.proposedBy)
    if (because === undefined) await refuseHindered(tx, found)
    const [record] = await appendRecords(context, tx, [decisionRecord(found, because)])
    invariant(record, 'a record was appended')
    const decided = await decideOpeningRow(tx, { id, because, by: context.actor, record })
    invariant(decided, 'opening balances that are held are decided')
    if (because === undefined) await postEntries(context, tx, entriesOfOpening(found, await codesOf(tx, found)))
    return id
  })
  const decided = await selectOpening(context.database.reads, id)
  invariant(decided, 'opening balances that were decided are there')
  return decided
}

/** From here on no month of the programmes is locked, and nothing else is brought along, until the transaction ends. */
async function refuseHindered(tx: Transaction, opening: Opening): Promise<void> {
  await holdOpenings(tx)
  for (const programme of programmesOf(opening)) await holdBalances(tx, programme)
  await refuseLocked(tx, opening)
  const line = await selectOpenedBefore(tx, opening.id)
  if (line === undefined) return
  throw new Fault('WRONG_STATE', `line ${line}: this balance was brought along already`, { field: `lines.${line - 1}` })
}

async function codesOf(tx: Transaction, { lines }: Opening): Promise<ReadonlyMap<Id<'agr'>, string>> {
  const codes = new Map<Id<'agr'>, string>()
  for (const line of lines) {
    if (line.kind === 'ACCOUNT' || codes.has(line.agreement)) continue
    const agreement = await selectAgreement(tx, line.agreement)
    invariant(agreement, 'an opening balance is of an agreement')
    codes.set(line.agreement, agreement.partnerCode)
  }
  return codes
}

function noOpening(): Fault {
  return new Fault('NOT_FOUND', 'there are no such opening balances', { field: 'opening' })
}
