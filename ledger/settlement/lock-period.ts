import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { parseAcknowledged } from './acknowledged.ts'
import { codesAndCounts, hindering } from './checklist.ts'
import { type LockedPeriod, lockInTurn } from './lock-in-turn.ts'
import { lookOver } from './period-checklist.ts'
import { type PlaceInput, requireOver } from './place.ts'
import { withClosingTurn } from './store/closing-turn.ts'

export type LockPeriodInput = PlaceInput & {
  /** Codes of the checklist that may stand open; the period's record keeps them, and who said so. */
  readonly acknowledged?: readonly string[] | null | undefined
}

/**
 * Locks a calculated month as it was looked at, in one transaction: its statements are issued, the journal is posted, points
 * are given, and whatever comes later is given by a later month. Entries are dated at the last millisecond of the period and
 * recorded now.
 *
 * Throws `NOT_FOUND` (programme), `INVALID_INPUT` (month, a code that cannot be acknowledged), `PERIOD_NOT_OVER`,
 * `CHECKLIST_OPEN` with the codes that hinder it, and `WRONG_STATE` when it is not calculated, locked already, or another
 * process is at it. Source: RULES §6, ADR 0020.
 */
export async function lockPeriod(context: Context, input: LockPeriodInput): Promise<LockedPeriod> {
  const acknowledging = parseAcknowledged(input.acknowledged)
  const place = await requireOver(context, input)
  const { programme, month } = place
  return withClosingTurn(context.database, programme, async () => {
    const { period, items } = await lookOver(place)
    if (period?.lockedAt !== undefined) {
      throw new Fault('WRONG_STATE', `${month} of ${programme.code} is locked already`)
    }
    if (period?.status === 'REVIEW') {
      const open = hindering(items, 'HINDERS_LOCK', acknowledging)
      if (open.length > 0) {
        throw new Fault('CHECKLIST_OPEN', `${month} of ${programme.code} is not locked: ${codesAndCounts(open)}`)
      }
    }
    return lockInTurn(place, { open: hindering(items, 'HINDERS_LOCK'), acknowledging })
  })
}
