import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'

const DAY_MS = 86_400_000

/**
 * Throws `INVALID_INPUT` for a day on which no bank can pay any more. Our banks may be behind UTC, so the day before is
 * still let through.
 */
export function refuseOverdue({ clock }: Context, executionDate: string): void {
  const yesterday = new Date(clock.now().getTime() - DAY_MS).toISOString().slice(0, 10)
  if (executionDate >= yesterday) return
  throw new Fault('INVALID_INPUT', `the execution date ${executionDate} is over`, { field: 'executionDate' })
}
