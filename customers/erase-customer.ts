import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { databaseTime } from '../database/database-time.ts'
import { clockAt } from '../kernel/clock.ts'
import type { Id } from '../kernel/ids.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import { destroyKey, keysForWriting } from '../records/customer-keys.ts'
import { forgetAnswers } from '../records/once.ts'
import { deleteMembers } from './audiences/store/cohorts.ts'
import { forgetReasons } from './cases/store/cases.ts'
import { holdsPlace } from './consent-moves.ts'
import { placeholderOf } from './keep-customers.ts'
import { dueMove, moveConsents } from './move-consents.ts'
import { deletePreferences } from './preferences/store/preferences.ts'
import { holdCustomer, holdForErasure, renameCustomer, requireCustomer } from './store/customers.ts'
import { holdStanding } from './store/hold-consents.ts'
import { deleteSubjects } from './store/subjects.ts'
import { forgetEvidence } from './store/write-consents.ts'
import { deleteTags } from './store/write-tags.ts'
import { deleteFormer } from './subjects/store/rotations.ts'

const eraseCustomerInput = z.strictObject({ accountKey: z.string().max(128), reason: lineOfText(500) })

/** The broker's key of the customer, and why: the reason stands in the log, so it names nobody. */
export type EraseCustomerInput = z.input<typeof eraseCustomerInput>

export type ErasedCustomer = { readonly customer: Id<'cus'>; readonly consentsEnded: number }

/** What other folders take out of their tables, in the same transaction. */
export type EraseElsewhere = (tx: Transaction, customers: readonly Id<'cus'>[]) => Promise<void>

/**
 * Erases a customer: ends the consents, destroys the key under which all that is personal in the log is encrypted, and takes
 * out of the tables what names the customer or is known of them. Money, records and the trace of who read what stay, of a
 * customer whom nobody can tell any more. One transaction; whoever writes for the customer at that moment is waited for, or
 * finds the customer gone. Throws `INVALID_INPUT`, and `NOT_FOUND` for an account that there is not, or no longer is.
 */
export async function eraseCustomer(
  context: Context,
  input: EraseCustomerInput,
  eraseElsewhere: EraseElsewhere,
): Promise<ErasedCustomer> {
  const { accountKey, reason } = parseWith(eraseCustomerInput, input, 'erasure')
  return context.database.transaction(async (tx) => {
    // imports are waited for as a whole: locking each customer of each line would be what costs most in them
    await holdForErasure(tx)
    const { id } = await requireCustomer(tx, accountKey)
    await holdCustomer(tx, id, 'update')
    const at = await databaseTime(tx)
    const acting = { ...context, clock: clockAt(at) }
    await keysForWriting(acting, tx, new Set([id]))
    const consentsEnded = await endAll(acting, tx, id)
    const personal = { customer: id, data: { customer: id } }
    await appendRecords(acting, tx, [{ kind: 'customer', data: { event: 'ERASED', reason }, personal }])
    await destroyKey(tx, id, at)
    await forgetAnswers(tx, `${id}:`)
    await forgetEvidence(tx, [id])
    await deleteSubjects(tx, [id])
    await deleteFormer(tx, [id])
    await deletePreferences(tx, [id])
    await forgetReasons(tx, [id])
    await deleteMembers(tx, [id])
    await deleteTags(tx, id)
    await renameCustomer(tx, id, placeholderOf(id))
    await eraseElsewhere(tx, [id])
    return { customer: id, consentsEnded }
  })
}

/** Each is ended by a record that its partner may have, as if the customer had. */
async function endAll(context: Context, tx: Transaction, customer: Id<'cus'>): Promise<number> {
  const standing = await holdStanding(tx, customer)
  const moves = standing.map((held) =>
    holdsPlace(held.status) ? ({ held, status: 'REVOKED', by: 'CUSTOMER' } as const) : dueMove(held),
  )
  await moveConsents(context, tx, moves, context.clock.now())
  return standing.length
}
