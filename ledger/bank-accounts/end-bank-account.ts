import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import type { BankAccount } from './bank-account.ts'
import { noBankAccount } from './no-account.ts'
import { refuseTellingOf } from './refuse-telling.ts'
import {
  type AccountEnd,
  ENDS,
  endBankAccountRow,
  holdBankAccount,
  selectBankAccount,
  selectSealedBankAccount,
} from './store/bank-accounts.ts'

const endBankAccountInput = z.strictObject({
  account: z.string().max(60),
  /** Why, without the number; its partner reads it. */
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type EndBankAccountInput = z.input<typeof endBankAccountInput>

/** What rejecting and revoking have in common: one member of the staff is enough to stop. */
export async function endBankAccount(
  context: Context,
  input: EndBankAccountInput,
  end: AccountEnd,
): Promise<BankAccount> {
  requireStaff(context)
  const { account, reason, idempotencyKey: key } = parseExactly(endBankAccountInput, input, 'end')
  if (!isId('bka', account)) throw noBankAccount()
  const scope = `${context.actor}:bank-accounts.${end.toLowerCase()}`
  await once(context, { scope, key, request: { account, reason } }, async (tx): Promise<Id<'bka'>> => {
    const found = await holdBankAccount(tx, account)
    if (found === undefined) throw noBankAccount()
    if (found.status !== ENDS[end]) {
      throw new Fault('WRONG_STATE', `the account ${account} is ${found.status}: it cannot become ${end}`)
    }
    refuseTellingOf(
      context,
      { id: account, sealed: await selectSealedBankAccount(tx, account) },
      { field: 'reason', text: reason },
    )
    const [record] = await appendRecords(context, tx, [
      { kind: 'bank_account', partner: found.partner, data: { event: end, account, reason } },
    ])
    invariant(record, 'a record was appended')
    const ended = await endBankAccountRow(tx, account, { end, reason, by: context.actor, record })
    invariant(ended, 'an account that is held is ended')
    return account
  })
  const ended = await selectBankAccount(context.database.reads, { id: account })
  invariant(ended, 'an account that was ended is there')
  return ended
}
