import type { Context } from '../../database/context.ts'
import type { Actor } from '../../kernel/actor.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Month, monthSpan, parseMonth } from '../../kernel/month.ts'
import type { Programme } from '../agreements/programme.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'

/** A month of a programme, as it comes from outside. */
export type PlaceInput = {
  /** Code or id. */
  readonly programme: string
  /** A calendar month in the programme's time zone, `2026-01`. */
  readonly month: string
  /** Who acts; the context's actor unless given. */
  readonly actor?: Actor | undefined
}

/** The month of a programme that somebody wants to carry on, and on whose behalf. */
export type Place = { readonly context: Context; readonly programme: Programme; readonly month: Month }

/** Finds it. Throws `NOT_FOUND` (programme) and `INVALID_INPUT` (month). */
export async function placeOf(context: Context, input: PlaceInput): Promise<Place> {
  const acting: Context = input.actor === undefined ? context : { ...context, actor: input.actor }
  const programme = await requireProgramme(context.database.reads, input.programme)
  return { context: acting, programme, month: parseMonth(input.month) }
}

/** Finds it where it can be closed. Throws `PERIOD_NOT_OVER` besides. */
export async function requireOver(context: Context, input: PlaceInput): Promise<Place> {
  const place = await placeOf(context, input)
  const { programme, month } = place
  const { to } = monthSpan(month, programme.timeZone)
  if (context.clock.now() >= to) return place
  throw new Fault('PERIOD_NOT_OVER', `${month} of ${programme.code} ends at ${to.toISOString()}`, { field: 'month' })
}
