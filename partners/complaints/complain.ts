import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { databaseTime } from '../../database/database-time.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { parseWith } from '../../kernel/parse.ts'
import { once } from '../../records/once.ts'
import { type Complaint, MOST_OPEN } from './complaint.ts'
import { accountKey, category, idempotencyKey, paragraphs, partnerNamed } from './complaint-input.ts'
import { receiveComplaint } from './keep-complaint.ts'
import { requireComplaint } from './require-complaint.ts'
import { selectComplainant, selectKnownPartner } from './store/complainants.ts'
import { countOpen } from './store/complaints.ts'

const complainInput = z.strictObject({ accountKey, partner: partnerNamed, category, text: paragraphs, idempotencyKey })

/** The signed-in customer, the partner by its code, and what is wrong. */
export type ComplainInput = z.input<typeof complainInput>

/**
 * A customer complains about a partner that has or had a consent of theirs; who does not hold one is answered as if there were
 * no such partner. Throws `NOT_FOUND`, `INVALID_INPUT`, `WRONG_STATE` while ten of the customer's complaints are open, and
 * `IDEMPOTENCY_CONFLICT`. Source: ADR 0043.
 */
export async function complain(context: Context, input: ComplainInput): Promise<Complaint> {
  const { accountKey: account, idempotencyKey: key, ...request } = parseWith(complainInput, input, 'complaint')
  const { reads } = context.database
  const customer = await selectComplainant(reads, account)
  const partner = customer && (await selectKnownPartner(reads, customer, request.partner))
  if (customer === undefined || partner === undefined) throw noSuchPartner()
  const { answer } = await once<Id<'cpl'>>(context, { scope: `${customer}:complaints.make`, key, request }, (tx) =>
    complainIn(context, tx, { ...request, customer, partner }),
  )
  return requireComplaint(context, answer)
}

type Said = Pick<z.output<typeof complainInput>, 'category' | 'text'> & {
  readonly customer: Id<'cus'>
  readonly partner: Id<'ptr'>
}

async function complainIn(
  context: Context,
  tx: Transaction,
  { customer, partner, category: about, text: said }: Said,
): Promise<Id<'cpl'>> {
  if ((await countOpen(tx, customer)) >= MOST_OPEN) {
    throw new Fault('WRONG_STATE', `${MOST_OPEN} of your complaints are open: wait for an answer, or withdraw one`)
  }
  const complainant = { kind: 'CUSTOMER', customer } as const
  const made = { partner, category: about, severity: 'MEDIUM', complainant, said } as const
  return (await receiveComplaint(context, tx, made, await databaseTime(tx))).id
}

function noSuchPartner(): Fault {
  return new Fault('NOT_FOUND', 'there is no such partner that you share anything with', { field: 'partner' })
}
