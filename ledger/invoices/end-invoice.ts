import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { isStaff, requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import type { Invoice } from './invoice.ts'
import { endInvoiceRow, holdInvoice, type InvoiceEnd, isInPayment, selectInvoice } from './store/invoices.ts'

type Ending = InvoiceEnd & {
  readonly invoice: string
  /** The partner that acts, when no member of the staff does. */
  readonly owner: Id<'ptr'> | undefined
  readonly idempotencyKey: string
}

/** What withdrawing and crediting have in common: by the side that registered it, while nothing of its statement is paid. */
export async function endInvoice(context: Context, { invoice: id, owner, ...ending }: Ending): Promise<Invoice> {
  if (owner === undefined) requireStaff(context)
  if (!isId('inv', id)) throw noInvoice()
  const { idempotencyKey: key, reason, creditNote } = ending
  const scope = `${context.actor}:invoices.${creditNote === undefined ? 'withdraw' : 'credit'}`
  const request = { invoice: id, reason, creditNote: creditNote ?? null }
  await once(context, { scope, key, request }, async (tx): Promise<Id<'inv'>> => {
    const found = await holdInvoice(tx, { id, partner: owner })
    if (found === undefined) throw noInvoice()
    refuseOtherSide(found, owner)
    if (found.endedAt !== undefined) throw new Fault('WRONG_STATE', `the invoice ${id} is ${found.status} already`)
    if (await isInPayment(tx, found.statement)) {
      throw new Fault('WRONG_STATE', `statement ${found.statementNumber} is paid or about to be: its invoice stays`)
    }
    const data = creditNote === undefined ? { event: 'WITHDRAWN' } : { event: 'CREDITED', creditNote }
    const [record] = await appendRecords(context, tx, [
      { kind: 'invoice', partner: found.partner, data: { ...data, invoice: id, reason } },
    ])
    invariant(record, 'a record was appended')
    const ended = await endInvoiceRow(tx, id, { reason, creditNote, by: context.actor, record })
    invariant(ended, 'an invoice that is held is ended')
    return id
  })
  const ended = await selectInvoice(context.database.reads, { id })
  invariant(ended, 'an invoice that was ended is there')
  return ended
}

function refuseOtherSide({ registeredBy }: Invoice, owner: Id<'ptr'> | undefined): void {
  if (isStaff(registeredBy) === (owner === undefined)) return
  throw new Fault('FORBIDDEN', 'an invoice is withdrawn by the side that registered it: the partner, or the staff')
}

function noInvoice(): Fault {
  return new Fault('NOT_FOUND', 'there is no such invoice', { field: 'invoice' })
}
