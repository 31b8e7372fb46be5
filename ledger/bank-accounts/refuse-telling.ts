import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type AccountId, openDetails, type SealedDetails } from './seal-details.ts'

type Telling = { readonly field: 'checked' | 'reason'; readonly text: string }

/** Throws `INVALID_INPUT` when a text that stands in the log in the clear gives a number away, however it is written. */
export function refuseTelling(number: string, { field, text }: Telling): void {
  if (!plain(text).includes(number)) return
  throw new Fault('INVALID_INPUT', `${field}: it holds the number of the account`, { field })
}

/** The same of an account that is ended: one that does not open can be ended all the same. */
export function refuseTellingOf(
  context: Context,
  { id, sealed }: { readonly id: AccountId; readonly sealed: SealedDetails | undefined },
  telling: Telling,
): void {
  const number = sealed && numberIn(context, id, sealed)
  if (number !== undefined) refuseTelling(number, telling)
}

function numberIn(context: Context, id: AccountId, sealed: SealedDetails): string | undefined {
  try {
    return openDetails(context, id, sealed).number
  } catch (error) {
    if (error instanceof Fault && error.code === 'SEAL_BROKEN') return undefined
    throw error
  }
}

/** Letters and digits alone, also those of full width. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[^0-9A-Za-z]/g, '')
    .toUpperCase()
}
