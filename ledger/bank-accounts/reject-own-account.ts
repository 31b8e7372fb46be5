import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { OWN_ACCOUNT_CODE, type OwnAccount } from './bank-account.ts'
import { noOwnAccount } from './no-account.ts'
import { refuseTellingOf } from './refuse-telling.ts'
import {
  holdOwnAccount,
  rejectOwnAccountRow,
  selectOwnAccountById,
  selectSealedOwnAccount,
} from './store/own-accounts.ts'

const rejectOwnAccountInput = z.strictObject({
  code: z.string().regex(OWN_ACCOUNT_CODE, 'it is no code of an account of ours'),
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type RejectOwnAccountInput = z.input<typeof rejectOwnAccountInput>

/**
 * Rejects an account of ours that waits to be verified; its code is free again. Throws `NOT_FOUND`, `INVALID_INPUT`,
 * `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` for one that was verified, and `FORBIDDEN` unless a member of the staff acts.
 * Source: ADR 0022.
 */
export async function rejectOwnAccount(context: Context, input: RejectOwnAccountInput): Promise<OwnAccount> {
  requireStaff(context)
  const { code, reason, idempotencyKey: key } = parseExactly(rejectOwnAccountInput, input, 'rejection')
  const scope = `${context.actor}:own-accounts.reject`
  const { answer } = await once(context, { scope, key, request: { code, reason } }, async (tx): Promise<Id<'obk'>> => {
    const found = await holdOwnAccount(tx, code)
    if (found === undefined) throw noOwnAccount()
    if (found.status !== 'PROPOSED') throw new Fault('WRONG_STATE', `our account ${code} was verified already`)
    const sealed = await selectSealedOwnAccount(tx, found.id)
    refuseTellingOf(context, { id: found.id, sealed }, { field: 'reason', text: reason })
    const [record] = await appendRecords(context, tx, [
      { kind: 'own_account', data: { event: 'REJECTED', account: found.id, reason } },
    ])
    invariant(record, 'a record was appended')
    const rejected = await rejectOwnAccountRow(tx, found.id, { reason, by: context.actor, record })
    invariant(rejected, 'an account that is held is rejected')
    return found.id
  })
  const account = await selectOwnAccountById(context.database.reads, answer)
  invariant(account, 'an account that was rejected is there')
  return account
}
