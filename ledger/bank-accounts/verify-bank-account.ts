import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { type Context, DEFAULT_ACCOUNT_CHANGE_HOLD_HOURS } from '../../database/context.ts'
import { clockAt } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { requireSecondPerson } from '../second-person.ts'
import type { BankAccount } from './bank-account.ts'
import { accountNumber } from './bank-details.ts'
import { noBankAccount } from './no-account.ts'
import { type Checked, refuseUnlike } from './refuse-unlike.ts'
import { detailsFingerprint, openDetails } from './seal-details.ts'
import {
  hadAccount,
  holdBankAccount,
  selectBankAccount,
  selectSealedBankAccount,
  verifyBankAccountRow,
} from './store/bank-accounts.ts'

const verifyBankAccountInput = z.strictObject({
  account: z.string().max(60),
  /** The number again, from the partner's own paper and not from the screen. */
  number: accountNumber,
  /** What was checked, and how; for us alone. */
  checked: lineOfText(300),
  idempotencyKey: z.string(),
})

export type VerifyBankAccountInput = z.input<typeof verifyBankAccountInput>

const HOUR_MS = 3_600_000

/**
 * Puts a partner's account in force, for its asset, in place of the one before. Where the partner had a verified account
 * already, nothing is paid to the new one for the context's `accountChangeHoldHours`. Throws `NOT_FOUND`, `INVALID_INPUT`,
 * `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` for one that does not wait for it and for another number, and `FORBIDDEN` for the
 * person who entered it, or unless a member of the staff acts. Source: ADR 0022.
 */
export async function verifyBankAccount(context: Context, input: VerifyBankAccountInput): Promise<BankAccount> {
  requireStaff(context)
  const { account: id, idempotencyKey: key, ...said } = parseExactly(verifyBankAccountInput, input, 'verification')
  if (!isId('bka', id)) throw noBankAccount()
  const request = { account: id, said: detailsFingerprint(context, said) }
  const scope = `${context.actor}:bank-accounts.verify`
  await once(context, { scope, key, request }, (tx) => verify(context, tx, { id, ...said }))
  const account = await selectBankAccount(context.database.reads, { id })
  invariant(account, 'an account that was verified is there')
  return account
}

async function verify(
  context: Context,
  tx: Transaction,
  { id, ...said }: Checked & { readonly id: Id<'bka'> },
): Promise<Id<'bka'>> {
  const found = await holdBankAccount(tx, id)
  const sealed = await selectSealedBankAccount(tx, id)
  if (found === undefined || sealed === undefined) throw noBankAccount()
  if (found.status !== 'PROPOSED') throw new Fault('WRONG_STATE', `the account ${id} does not wait to be verified`)
  requireSecondPerson(context, found.enteredBy)
  refuseUnlike(openDetails(context, id, sealed), said)
  const { accountChangeHoldHours: hours = DEFAULT_ACCOUNT_CHANGE_HOLD_HOURS } = context
  const holdMs = (await hadAccount(tx, found.partner)) ? hours * HOUR_MS : 0
  const { checked } = said
  const data = { event: 'VERIFIED', account: id, checked }
  // one moment: it may be used from the very one at which it is verified
  const now = context.clock.now()
  const usableFrom = new Date(now.getTime() + holdMs)
  const [record] = await appendRecords({ ...context, clock: clockAt(now) }, tx, [
    { kind: 'bank_account', data: { ...data, usableFrom: usableFrom.toISOString() } },
  ])
  invariant(record, 'a record was appended')
  const verified = await verifyBankAccountRow(tx, id, { checked, usableFrom, by: context.actor, record })
  invariant(verified, 'an account that is held is verified')
  return id
}
