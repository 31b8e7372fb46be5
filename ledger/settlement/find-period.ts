import type { Context } from '../../database/context.ts'
import { parseMonth } from '../../kernel/month.ts'
import { selectProgramme } from '../agreements/store/programmes.ts'
import type { Period } from './period.ts'
import { selectPeriod } from './store/periods.ts'

/** Programme by code or id, month such as `2026-01`. */
export type FindPeriodInput = { readonly programme: string; readonly month: string }

/**
 * The period of a programme's month, or nothing while its closing was never tried. Throws `INVALID_INPUT` for a text that
 * is no month.
 */
export async function findPeriod(context: Context, input: FindPeriodInput): Promise<Period | undefined> {
  const month = parseMonth(input.month)
  const programme = await selectProgramme(context.database.reads, input.programme)
  return programme && selectPeriod(context.database.reads, { programme: programme.id, month })
}
