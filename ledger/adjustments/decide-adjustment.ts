import type { Context } from '../../database/context.ts'
import { decideProposal } from '../decide-proposal.ts'
import type { Adjustment } from './adjustment.ts'
import { decisionRecord } from './adjustment-record.ts'
import { selectAdjustment } from './store/adjustments.ts'

export type Deciding = {
  readonly adjustment: string
  readonly idempotencyKey: string
  /** Why it is rejected; approved without one. */
  readonly because: string | undefined
}

/** What approving and rejecting have in common: once, on what waits for it, by another person than proposed it. */
export async function decideAdjustment(context: Context, { adjustment, ...input }: Deciding): Promise<Adjustment> {
  const sort = {
    ...({ prefix: 'adj', table: 'adjustments', scope: 'adjustments', field: 'adjustment' } as const),
    missing: 'there is no such adjustment',
    named: (id: string) => `adjustment ${id} was`,
    select: selectAdjustment,
    recordOf: decisionRecord,
  }
  return decideProposal(context, sort, { id: adjustment, ...input })
}
