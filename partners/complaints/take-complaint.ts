import { z } from 'zod'
import type { Reader, Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { databaseTime } from '../../database/database-time.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { requirePartner } from '../store/partners.ts'
import type { Complainant, Complaint } from './complaint.ts'
import { accountKey, category, idempotencyKey, paragraphs, partnerNamed, severity } from './complaint-input.ts'
import { receiveComplaint } from './keep-complaint.ts'
import { requireComplaint } from './require-complaint.ts'
import { selectComplainant } from './store/complainants.ts'

const takeComplaintInput = z
  .strictObject({
    partner: partnerNamed,
    category,
    severity: severity.default('MEDIUM'),
    text: paragraphs,
    /** Who complains: a customer by the broker's key, or a partner by id or code; somebody else unless told. */
    customer: accountKey.optional(),
    complainingPartner: partnerNamed.optional(),
    idempotencyKey,
  })
  .refine(({ customer, complainingPartner }) => customer === undefined || complainingPartner === undefined, {
    message: 'a customer complains, or a partner',
    path: ['complainingPartner'],
  })

/** About which partner (id or code), on whose behalf, and what is wrong. */
export type TakeComplaintInput = z.input<typeof takeComplaintInput>

type Taken = Omit<z.output<typeof takeComplaintInput>, 'idempotencyKey'>

/**
 * Takes in what somebody said to a member of the staff; another member decides it. Throws `NOT_FOUND`, `INVALID_INPUT` also
 * for a partner that complains about itself, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function takeComplaint(context: Context, input: TakeComplaintInput): Promise<Complaint> {
  const by = requireStaff(context)
  const { idempotencyKey: key, ...request } = parseWith(takeComplaintInput, input, 'complaint')
  const { answer } = await once<Id<'cpl'>>(context, { scope: `${by}:complaints.take`, key, request }, (tx) =>
    takeIn(context, tx, request),
  )
  return requireComplaint(context, answer)
}

async function takeIn(context: Context, tx: Transaction, taken: Taken): Promise<Id<'cpl'>> {
  const { id: partner } = await requirePartner(tx, taken.partner)
  const complainant = await complainantOf(tx, taken, partner)
  const { category: about, severity: weight, text: said } = taken
  const made = { partner, category: about, severity: weight, complainant, said }
  return (await receiveComplaint(context, tx, made, await databaseTime(tx))).id
}

async function complainantOf(
  sql: Reader,
  { customer: account, complainingPartner }: Taken,
  about: Id<'ptr'>,
): Promise<Complainant> {
  if (account !== undefined) {
    const customer = await selectComplainant(sql, account)
    if (customer === undefined)
      throw new Fault('NOT_FOUND', 'there is no customer with this account', { field: 'customer' })
    return { kind: 'CUSTOMER', customer }
  }
  if (complainingPartner === undefined) return { kind: 'OTHER' }
  const { id: partner } = await requirePartner(sql, complainingPartner)
  if (partner !== about) return { kind: 'PARTNER', partner }
  throw new Fault('INVALID_INPUT', 'a partner does not complain about itself', { field: 'complainingPartner' })
}
