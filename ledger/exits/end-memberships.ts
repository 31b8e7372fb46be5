import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Agreement } from '../agreements/agreement.ts'
import { endAgreement } from '../agreements/end-agreement.ts'
import { selectAgreementProposals } from '../agreements/store/agreement-proposals.ts'
import { selectAgreements } from '../agreements/store/agreements.ts'
import { withdrawAgreement } from '../agreements/withdraw-agreement.ts'
import { selectLockedUntil } from './store/exit-things.ts'

const ALL = { cursor: undefined, direction: 'forward', limit: 1000 } as const

export type EndMembershipsInput = {
  readonly partner: Id<'ptr'>
  /** From when on it is no member any more. */
  readonly at: Date
  /** Why; the partner reads it. */
  readonly reason: string
}

/**
 * Ends all memberships of a partner that leaves, and takes back what it was offered; what has ended already is left as it is, so
 * that the same again finishes what was broken off. One whose time lies in a settled month ends behind that month, and one that
 * has not begun ends as it begins. Returns how many ended now. Throws `WRONG_STATE` while a period of a programme is being closed.
 */
export async function endMemberships(context: Context, input: EndMembershipsInput): Promise<number> {
  const { partner, at, reason } = input
  const { reads } = context.database
  for (const { id, status } of await selectAgreementProposals(reads, { partner }, ALL)) {
    if (status === 'PROPOSED') await withdrawAgreement(context, { proposal: id, reason })
  }
  const running = (await selectAgreements(reads, { partner }, ALL)).filter((one) => runsBeyond(one, at))
  for (const agreement of running) {
    const locked = await selectLockedUntil(reads, agreement.programme)
    const end = latest(at, locked, new Date(agreement.startsAt.getTime() + 1))
    if (agreement.endsAt === undefined || end < agreement.endsAt) {
      await endAgreement(context, { agreement: agreement.id, at: end.toISOString(), reason })
    }
  }
  return running.length
}

function runsBeyond({ status, endsAt }: Agreement, at: Date): boolean {
  return status === 'ACTIVE' && (endsAt === undefined || endsAt > at)
}

function latest(at: Date, ...others: readonly (Date | undefined)[]): Date {
  return others.reduce<Date>((last, other) => (other !== undefined && other > last ? other : last), at)
}
