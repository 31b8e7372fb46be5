import { Fault } from '../../kernel/fault.ts'
import type { BankAccountDetails } from './bank-details.ts'
import { refuseTelling } from './refuse-telling.ts'

/** What the second person says: the number, read anew from the partner's paper, and what was checked. */
export type Checked = { readonly number: string; readonly checked: string }

/** Throws `WRONG_STATE` when the second person has another number, and `INVALID_INPUT` when the text gives the number away. */
export function refuseUnlike({ number }: BankAccountDetails, { number: again, checked }: Checked): void {
  refuseTelling(number, { field: 'checked', text: checked })
  if (number === again) return
  throw new Fault('WRONG_STATE', 'the account was entered with another number', { field: 'number' })
}
