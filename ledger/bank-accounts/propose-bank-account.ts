import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { assetText } from '../agreements/asset-text.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { requireMember } from '../agreements/store/agreements.ts'
import { enteredData } from './account-records.ts'
import type { BankAccount } from './bank-account.ts'
import { type BankAccountDetails, bankDetails } from './bank-details.ts'
import { faceOf } from './face-of.ts'
import { detailsFingerprint, sealDetails } from './seal-details.ts'
import { type EnteredAccount, insertBankAccount, selectBankAccount } from './store/bank-accounts.ts'
import { holdKeyVersion } from './store/key-versions.ts'

const proposeBankAccountInput = z.strictObject({
  /** Code or id; a partner that acts itself may leave it out. */
  partner: lineOfText(60).nullish(),
  /** What it takes, such as CNY/2. */
  asset: assetText,
  details: bankDetails,
  idempotencyKey: z.string(),
})

export type ProposeBankAccountInput = z.input<typeof proposeBankAccountInput> & {
  /** The partner that acts, when no member of the staff does. */
  readonly owner?: Id<'ptr'> | undefined
}

/**
 * Enters where a partner wants to be paid in an asset, by the partner or on its behalf. Nothing is paid to it before another
 * person verifies it. Whose it is and its number are kept sealed. Throws `NOT_FOUND` (partner; another one's is unknown to a
 * partner), `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a partner or a member of the staff acts. Source: ADR 0022.
 */
export async function proposeBankAccount(
  context: Context,
  { owner, ...input }: ProposeBankAccountInput,
): Promise<BankAccount> {
  if (owner === undefined) requireStaff(context)
  const {
    idempotencyKey: key,
    partner: named,
    asset,
    details,
  } = parseExactly(proposeBankAccountInput, input, 'account')
  const partner = await partnerOf(context, { named, owner })
  const entered = { id: newId('bka'), partner, ...faceOf(asset, details) }
  const request = { partner, asset, details: detailsFingerprint(context, details) }
  const scope = `${context.actor}:bank-accounts.propose`
  const { answer } = await once(context, { scope, key, request }, (tx) => enter(context, tx, { entered, details }))
  const account = await selectBankAccount(context.database.reads, { id: answer })
  invariant(account, 'an account that was entered is there')
  return account
}

type Named = { readonly named: string | null | undefined; readonly owner: Id<'ptr'> | undefined }

async function partnerOf({ database }: Context, { named, owner }: Named): Promise<Id<'ptr'>> {
  if (named == null) {
    if (owner !== undefined) return owner
    throw new Fault('INVALID_INPUT', 'account: partner: it is missing', { field: 'partner' })
  }
  const { partner } = await requireMember(database.reads, named)
  if (owner === undefined || partner === owner) return partner
  throw new Fault('NOT_FOUND', `there is no partner ${JSON.stringify(named)}`, { field: 'partner' })
}

async function enter(
  context: Context,
  tx: Transaction,
  { entered, details }: { readonly entered: EnteredAccount; readonly details: BankAccountDetails },
): Promise<Id<'bka'>> {
  const { id, partner, ...face } = entered
  const sealed = sealDetails(context, id, { details, keyVersion: await holdKeyVersion(tx) })
  const data = { event: 'PROPOSED', account: id, partner, ...enteredData(face, sealed) }
  const [record] = await appendRecords(context, tx, [{ kind: 'bank_account', partner, data }])
  invariant(record, 'a record was appended')
  await insertBankAccount(tx, entered, { by: context.actor, record, ...sealed })
  return id
}
