import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { assetText } from '../agreements/asset-text.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { enteredData } from './account-records.ts'
import { OWN_ACCOUNT_CODE, type OwnAccount } from './bank-account.ts'
import { type BankAccountDetails, bankDetails } from './bank-details.ts'
import { faceOf } from './face-of.ts'
import { detailsFingerprint, sealDetails } from './seal-details.ts'
import { holdKeyVersion } from './store/key-versions.ts'
import { type EnteredOwnAccount, insertOwnAccount, selectOwnAccountById } from './store/own-accounts.ts'

const proposeOwnAccountInput = z.strictObject({
  /** Short name for good: it names `Bank:<code>` in the journal. */
  code: z.string().regex(OWN_ACCOUNT_CODE, 'it has 2 to 40 of a-z, 0-9 and -, a letter first'),
  /** What it holds, such as CNY/2. */
  asset: assetText,
  /** For people. */
  name: lineOfText(100),
  details: bankDetails,
  idempotencyKey: z.string(),
})

export type ProposeOwnAccountInput = z.input<typeof proposeOwnAccountInput>

/**
 * Enters an account of ours, from which partners are paid once another person has verified it. Whose it is and its number are
 * kept sealed. Throws `INVALID_INPUT`, `DUPLICATE` for a code that is taken, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a
 * member of the staff acts. Source: ADR 0022.
 */
export async function proposeOwnAccount(context: Context, input: ProposeOwnAccountInput): Promise<OwnAccount> {
  requireStaff(context)
  const parsed = parseExactly(proposeOwnAccountInput, input, 'account')
  const { idempotencyKey: key, code, name, asset, details } = parsed
  const entered = { id: newId('obk'), code, name, ...faceOf(asset, details) }
  const request = { code, name, asset, details: detailsFingerprint(context, details) }
  const scope = `${context.actor}:own-accounts.propose`
  const { answer } = await once(context, { scope, key, request }, (tx) => enter(context, tx, { entered, details }))
  const account = await selectOwnAccountById(context.database.reads, answer)
  invariant(account, 'an account that was entered is there')
  return account
}

async function enter(
  context: Context,
  tx: Transaction,
  { entered, details }: { readonly entered: EnteredOwnAccount; readonly details: BankAccountDetails },
): Promise<Id<'obk'>> {
  const { id, code, name, ...face } = entered
  const sealed = sealDetails(context, id, { details, keyVersion: await holdKeyVersion(tx) })
  const data = { event: 'PROPOSED', account: id, code, name, ...enteredData(face, sealed) }
  const [record] = await appendRecords(context, tx, [{ kind: 'own_account', data }])
  invariant(record, 'a record was appended')
  await insertOwnAccount(tx, entered, { by: context.actor, record, ...sealed })
  return id
}
