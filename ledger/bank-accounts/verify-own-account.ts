import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { requireSecondPerson } from '../second-person.ts'
import { OWN_ACCOUNT_CODE, type OwnAccount } from './bank-account.ts'
import { accountNumber } from './bank-details.ts'
import { noOwnAccount } from './no-account.ts'
import { type Checked, refuseUnlike } from './refuse-unlike.ts'
import { detailsFingerprint, openDetails } from './seal-details.ts'
import {
  holdOwnAccount,
  selectOwnAccountById,
  selectSealedOwnAccount,
  verifyOwnAccountRow,
} from './store/own-accounts.ts'

const verifyOwnAccountInput = z.strictObject({
  code: z.string().regex(OWN_ACCOUNT_CODE, 'it is no code of an account of ours'),
  /** The number again, from the bank's paper and not from the screen. */
  number: accountNumber,
  checked: lineOfText(300),
  idempotencyKey: z.string(),
})

export type VerifyOwnAccountInput = z.input<typeof verifyOwnAccountInput>

/**
 * Lets partners be paid from an account of ours. Throws `NOT_FOUND`, `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, `WRONG_STATE`
 * for one that does not wait for it and for another number, and `FORBIDDEN` for the person who entered it, or unless a member
 * of the staff acts. Source: ADR 0022.
 */
export async function verifyOwnAccount(context: Context, input: VerifyOwnAccountInput): Promise<OwnAccount> {
  requireStaff(context)
  const { code, idempotencyKey: key, ...said } = parseExactly(verifyOwnAccountInput, input, 'verification')
  const request = { code, said: detailsFingerprint(context, said) }
  const scope = `${context.actor}:own-accounts.verify`
  const { answer } = await once(context, { scope, key, request }, (tx) => verify(context, tx, { code, ...said }))
  const account = await selectOwnAccountById(context.database.reads, answer)
  invariant(account, 'an account that was verified is there')
  return account
}

async function verify(
  context: Context,
  tx: Transaction,
  { code, ...said }: Checked & { readonly code: string },
): Promise<Id<'obk'>> {
  const found = await holdOwnAccount(tx, code)
  const sealed = found && (await selectSealedOwnAccount(tx, found.id))
  if (found === undefined || sealed === undefined) throw noOwnAccount()
  if (found.status !== 'PROPOSED') throw new Fault('WRONG_STATE', `our account ${code} was verified already`)
  requireSecondPerson(context, found.enteredBy)
  refuseUnlike(openDetails(context, found.id, sealed), said)
  const { checked } = said
  const [record] = await appendRecords(context, tx, [
    { kind: 'own_account', data: { event: 'VERIFIED', account: found.id, checked } },
  ])
  invariant(record, 'a record was appended')
  const verified = await verifyOwnAccountRow(tx, found.id, { checked, by: context.actor, record })
  invariant(verified, 'an account that is held is verified')
  return found.id
}
