import type { Reader, Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { type Id, type IdPrefix, isId } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'
import { requireStaff } from '../kernel/require-staff.ts'
import { type AppendedRecord, appendRecords, type NewRecord } from '../records/append-records.ts'
import { once } from '../records/once.ts'
import type { Proposal } from './proposal.ts'
import { requireSecondPerson } from './second-person.ts'
import { decideRow, holdRow, type ProposalTable } from './store/proposals.ts'

/** A sort of things that one person proposes and another one decides. */
export type ProposalSort<P extends IdPrefix, T extends Proposal> = {
  readonly prefix: P
  readonly table: ProposalTable
  /** What keys of idempotency are kept under, `write-offs`. */
  readonly scope: string
  /** Name of the input's field that has the id. */
  readonly field: string
  /** Said of an id that nothing has. */
  readonly missing: string
  /** How a sentence about one begins: `write-off wof_… was`. */
  readonly named: (id: Id<P>) => string
  readonly select: (sql: Reader, id: Id<P>) => Promise<T | undefined>
  readonly recordOf: (found: T, because: string | undefined) => NewRecord
  /** Throws when it may not be approved any more. */
  readonly refuse?: (tx: Transaction, found: T) => Promise<void>
  /** What approving it does beside. */
  readonly carryOut?: (context: Context, tx: Transaction, found: T, record: AppendedRecord) => Promise<void>
}

export type DecidingProposal = {
  readonly id: string
  readonly idempotencyKey: string
  /** Why it is rejected; approved without one. */
  readonly because: string | undefined
}

/**
 * Approves or rejects, once and for good, what another person proposed, with its record. Throws `NOT_FOUND`, `WRONG_STATE`
 * for one that was decided, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` for the person who proposed it, or unless a member of the
 * staff acts; and what its sort refuses.
 */
export async function decideProposal<P extends IdPrefix, T extends Proposal>(
  context: Context,
  sort: ProposalSort<P, T>,
  { id, because, idempotencyKey: key }: DecidingProposal,
): Promise<T> {
  requireStaff(context)
  const { prefix, table, field, missing, named, select, recordOf, refuse, carryOut } = sort
  const unknown = (): Fault => new Fault('NOT_FOUND', missing, { field })
  if (!isId(prefix, id)) throw unknown()
  const approved = because === undefined
  const scope = `${context.actor}:${sort.scope}.${approved ? 'approve' : 'reject'}`
  const request = { [field]: id, because: because ?? null }
  await once(context, { scope, key, request }, async (tx): Promise<Id<P>> => {
    await holdRow(tx, table, id)
    const found = await select(tx, id)
    if (found === undefined) throw unknown()
    if (found.status !== 'PROPOSED') throw new Fault('WRONG_STATE', `the ${named(id)} decided already`)
    requireSecondPerson(context, found.proposedBy)
    if (approved) await refuse?.(tx, found)
    const [record] = await appendRecords(context, tx, [recordOf(found, because)])
    invariant(record, 'a record was appended')
    invariant(await decideRow(tx, table, { id, because, by: context.actor, record }), 'what is held is decided')
    if (approved) await carryOut?.(context, tx, found, record)
    return id
  })
  const decided = await select(context.database.reads, id)
  invariant(decided, 'what was decided is there')
  return decided
}
