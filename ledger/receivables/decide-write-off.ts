import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { type AppendedRecord, appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { selectAgreement } from '../agreements/store/agreements.ts'
import { accountPath } from '../journal/chart.ts'
import { postEntries } from '../journal/post-entries.ts'
import { requirePerson, requireSecondPerson } from '../second-person.ts'
import { refuseMoreThanOwed } from './refuse-more-than-owed.ts'
import { holdBalances, selectOwed } from './store/agreement-owes.ts'
import { decideWriteOffRow, holdWriteOff, selectWriteOff } from './store/write-offs.ts'
import type { WriteOff } from './write-off.ts'
import { decisionRecord } from './write-off-record.ts'

export type DecidingWriteOff = {
  readonly writeOff: string
  readonly idempotencyKey: string
  /** Why it is rejected; approved without one. */
  readonly because: string | undefined
}

/** What approving and rejecting have in common: once, on what waits for it, by another person than proposed it. */
export async function decideWriteOff(
  context: Context,
  { writeOff: id, because, idempotencyKey: key }: DecidingWriteOff,
): Promise<WriteOff> {
  requirePerson(context)
  if (!isId('wof', id)) throw noWriteOff()
  const scope = `${context.actor}:write-offs.${because === undefined ? 'approve' : 'reject'}`
  const request = { writeOff: id, because: because ?? null }
  await once(context, { scope, key, request }, async (tx): Promise<Id<'wof'>> => {
    const found = await holdWriteOff(tx, id)
    if (found === undefined) throw noWriteOff()
    if (found.status !== 'PROPOSED') throw new Fault('WRONG_STATE', `the write-off ${id} was decided already`)
    requireSecondPerson(context, found.proposedBy)
    if (because === undefined) await refuseUnowed(tx, found)
    const [record] = await appendRecords(context, tx, [decisionRecord(found, because)])
    invariant(record, 'a record was appended')
    const decided = await decideWriteOffRow(tx, { id, because, by: context.actor, record })
    invariant(decided, 'a write-off that is held is decided')
    if (because === undefined) await post(context, tx, found, record)
    return id
  })
  const decided = await selectWriteOff(context.database.reads, id)
  invariant(decided, 'a write-off that was decided is there')
  return decided
}

async function refuseUnowed(tx: Transaction, { programme, agreement, asset, minor }: WriteOff): Promise<void> {
  await holdBalances(tx, programme)
  refuseMoreThanOwed({ asset, minor, owed: await selectOwed(tx, agreement) })
}

/** Source: RULES §6. */
async function post(
  context: Context,
  tx: Transaction,
  { id, agreement: of, asset, minor }: WriteOff,
  { at }: AppendedRecord,
): Promise<void> {
  const agreement = await selectAgreement(tx, of)
  invariant(agreement, 'a write-off is of an agreement')
  const code = agreement.partnerCode
  const postings = [
    { account: accountPath('Expenses:BadDebt'), asset, minor },
    { account: accountPath('Receivable:Partner', code), asset, minor: -minor },
  ]
  await postEntries(context, tx, [{ at, reference: `write-off:${id}`, description: `Written off: ${code}`, postings }])
}

function noWriteOff(): Fault {
  return new Fault('NOT_FOUND', 'there is no such write-off', { field: 'writeOff' })
}
