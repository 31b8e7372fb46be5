import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { databaseTime } from '../database/database-time.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { once } from '../records/once.ts'
import type { Consent } from './consent.ts'
import { accountKey, idempotencyKey } from './consent-input.ts'
import { holdsPlace } from './consent-moves.ts'
import { dueMove, moveConsents } from './move-consents.ts'
import { selectOwnConsents } from './store/consents.ts'
import { holdCustomer, requireCustomer } from './store/customers.ts'
import { holdStanding } from './store/hold-consents.ts'
import { selectRecipient } from './store/recipients.ts'

const revokeAllInput = z.strictObject({ accountKey, partnerCode: lineOfText(60).optional(), idempotencyKey })

/** The signed-in customer, and the one partner if not all are meant. */
export type RevokeAllInput = z.input<typeof revokeAllInput>

/**
 * Ends every consent of the signed-in customer that stands, in one transaction: those that count and those that are
 * suspended, to every partner or to one. Returns them as they are now. Throws `NOT_FOUND` for an unknown account or partner,
 * and `IDEMPOTENCY_CONFLICT`.
 */
export async function revokeAll(context: Context, input: RevokeAllInput): Promise<readonly Consent[]> {
  const { accountKey: account, partnerCode, idempotencyKey: key } = parseWith(revokeAllInput, input, 'revocation')
  const { reads } = context.database
  const customer = await requireCustomer(reads, account)
  const recipient = partnerCode === undefined ? undefined : await selectRecipient(reads, { code: partnerCode })
  if (partnerCode !== undefined && !recipient) {
    throw new Fault('NOT_FOUND', 'there is no such partner', { field: 'partnerCode' })
  }
  const { answer: ended } = await once<readonly Id<'cns'>[]>(
    context,
    { scope: `${customer.id}:consents.revoke-all`, key, request: { partner: recipient?.partner ?? null } },
    (tx) => revokeIn(context, tx, customer.id, recipient?.partner),
  )
  return selectOwnConsents(reads, ended, { customer: customer.id })
}

async function revokeIn(
  context: Context,
  tx: Transaction,
  customer: Id<'cus'>,
  partner: Id<'ptr'> | undefined,
): Promise<readonly Id<'cns'>[]> {
  await holdCustomer(tx, customer, 'key share')
  const standing = await holdStanding(tx, customer, partner)
  const moves = standing.map((held) =>
    holdsPlace(held.status) ? ({ held, status: 'REVOKED', by: 'CUSTOMER' } as const) : dueMove(held),
  )
  await moveConsents(context, tx, moves, await databaseTime(tx))
  return standing.map(({ id }) => id)
}
