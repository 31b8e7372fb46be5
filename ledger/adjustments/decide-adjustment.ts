import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { requirePerson, requireSecondPerson } from '../second-person.ts'
import type { Adjustment } from './adjustment.ts'
import { decisionRecord } from './adjustment-record.ts'
import { decideAdjustmentRow, holdAdjustment, selectAdjustment } from './store/adjustments.ts'

export type Deciding = {
  readonly adjustment: string
  readonly idempotencyKey: string
  /** Why it is rejected; approved without one. */
  readonly because: string | undefined
}

/** What approving and rejecting have in common: once, on what waits for it, by another person than proposed it. */
export async function decideAdjustment(
  context: Context,
  { adjustment, because, ...input }: Deciding,
): Promise<Adjustment> {
  requirePerson(context)
  if (!isId('adj', adjustment)) throw noAdjustment()
  const scope = `${context.actor}:adjustments.${because === undefined ? 'approve' : 'reject'}`
  await once(
    context,
    { scope, key: input.idempotencyKey, request: { adjustment, because: because ?? null } },
    async (tx): Promise<Id<'adj'>> => {
      const found = await holdAdjustment(tx, adjustment)
      if (found === undefined) throw noAdjustment()
      if (found.status !== 'PROPOSED')
        throw new Fault('WRONG_STATE', `the adjustment ${adjustment} was decided already`)
      requireSecondPerson(context, found.proposedBy)
      const [record] = await appendRecords(context, tx, [
        decisionRecord(found, because === undefined ? undefined : { because }),
      ])
      invariant(record, 'a record was appended')
      const decided = await decideAdjustmentRow(tx, { id: adjustment, because, by: context.actor, record })
      invariant(decided, 'an adjustment that is held is decided')
      return adjustment
    },
  )
  const decided = await selectAdjustment(context.database.reads, adjustment)
  invariant(decided, 'an adjustment that was decided is there')
  return decided
}

function noAdjustment(): Fault {
  return new Fault('NOT_FOUND', 'there is no such adjustment', { field: 'adjustment' })
}
