import type { Context } from '../../database/context.ts'
import type { Month } from '../../kernel/month.ts'
import { closePeriod } from '../../ledger/settlement/close-period.ts'
import { findPeriod } from '../../ledger/settlement/find-period.ts'
import { PROGRAMME } from './demo-plan.ts'

/** Closes the months in order; what is locked stays as it is. */
export async function closeMonths(
  context: Context,
  months: readonly Month[],
  onDone: (count: number) => void,
): Promise<void> {
  for (const month of months) {
    if (!(await isLocked(context, month))) await closePeriod(context, { programme: PROGRAMME.code, month })
    onDone(1)
  }
}

/** Whether the programme's month is settled. */
export async function isLocked(context: Context, month: string): Promise<boolean> {
  const period = await findPeriod(context, { programme: PROGRAMME.code, month })
  return period?.status === 'LOCKED' || period?.status === 'CLOSED'
}
