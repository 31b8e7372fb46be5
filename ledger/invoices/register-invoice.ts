import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { believable, parseDecimal } from '../../kernel/money.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { assetText } from '../agreements/asset-text.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { findStatement } from '../settlement/find-statement.ts'
import { requireStatement } from '../settlement/require-statement.ts'
import type { Statement } from '../settlement/statement.ts'
import { compareInvoice } from './compare-invoice.ts'
import type { Invoice, InvoiceAmounts, RegisteredInvoice } from './invoice.ts'
import { invoiceNumberFields, numberOf } from './invoice-number.ts'
import { registrationRecord } from './invoice-records.ts'
import { insertInvoice, selectInvoice } from './store/invoices.ts'

const DAY_MS = 86_400_000
const EARLIEST = '1970-01-01'

const registerInvoiceInput = z
  .strictObject({
    /** Id of an issued statement; the staff may name it by its number. */
    statement: lineOfText(200),
    ...invoiceNumberFields,
    /** Calendar day, `2026-03-31`. */
    issuedOn: z.iso.date('it is not a day such as 2026-03-31'),
    /** The statement's when absent. */
    asset: assetText.nullish(),
    /** Decimals of the asset, above zero: what is paid before tax. */
    gross: z.string().max(60),
    /** Decimals of the asset: the tax on it. */
    vat: z.string().max(60),
    idempotencyKey: z.string(),
  })
  .transform(({ kind, code, number, ...rest }, schema) => ({ ...rest, ...numberOf({ kind, code, number }, schema) }))

export type RegisterInvoiceInput = z.input<typeof registerInvoiceInput> & {
  /** The partner that acts, when no member of the staff does. */
  readonly owner?: Id<'ptr'> | undefined
}

/**
 * Registers an invoice for what an issued statement pays, and matches it: it is `MATCHED` when its amounts are the statement's
 * payout and VAT, else it `DIFFERS`. Throws `NOT_FOUND` (statement; another partner's is unknown), `INVALID_INPUT`,
 * `DUPLICATE` for a number that the partner has used or a statement that is matched already, `IDEMPOTENCY_CONFLICT`, and
 * `FORBIDDEN` unless a partner or a member of the staff acts. Source: RULES §6, ADR 0022.
 */
export async function registerInvoice(context: Context, { owner, ...input }: RegisterInvoiceInput): Promise<Invoice> {
  if (owner === undefined) requireStaff(context)
  const { idempotencyKey: key, statement: named, ...given } = parseExactly(registerInvoiceInput, input, 'invoice')
  refuseUntimely(context, given.issuedOn)
  const statement = await statementOf(context, { named, owner })
  const { kind, code, number, issuedOn } = given
  const amounts = amountsOf(given, statement)
  const expected = { asset: statement.asset, gross: statement.payout, vat: statement.vat }
  const said = { statement: statement.id, kind, code, number, issuedOn, ...amounts }
  const differs = compareInvoice(amounts, expected)
  const registered = { id: newId('inv'), partner: statement.partner, differs, ...said }
  const scope = `${context.actor}:invoices.register`
  const { answer } = await once(context, { scope, key, request: said }, (tx) => register(context, tx, registered))
  const invoice = await selectInvoice(context.database.reads, { id: answer })
  invariant(invoice, 'an invoice that was registered is there')
  return invoice
}

/** Where it was issued it may be tomorrow already. */
function refuseUntimely({ clock }: Context, issuedOn: string): void {
  if (Date.parse(issuedOn) <= clock.now().getTime() + DAY_MS) {
    if (issuedOn >= EARLIEST) return
    throw new Fault('INVALID_INPUT', `invoice: issuedOn: it is before ${EARLIEST}`, { field: 'issuedOn' })
  }
  throw new Fault('INVALID_INPUT', 'invoice: issuedOn: it lies ahead', { field: 'issuedOn' })
}

type Named = { readonly named: string; readonly owner: Id<'ptr'> | undefined }

async function statementOf(context: Context, { named, owner }: Named): Promise<Statement> {
  if (owner === undefined) return requireStatement(context, named)
  const statement = isId('sta', named) ? await findStatement(context, { id: named, partner: owner }) : undefined
  if (statement === undefined) throw new Fault('NOT_FOUND', 'there is no such statement', { field: 'statement' })
  return statement
}

type GivenAmounts = {
  readonly asset?: InvoiceAmounts['asset'] | null | undefined
  readonly gross: string
  readonly vat: string
}

function amountsOf(given: GivenAmounts, statement: Statement): InvoiceAmounts {
  const asset = given.asset ?? statement.asset
  const gross = believable(parseDecimal(given.gross, asset), 'gross')
  const vat = believable(parseDecimal(given.vat, asset), 'vat')
  if (gross <= 0n) throw new Fault('INVALID_INPUT', 'invoice: gross: it is not above zero', { field: 'gross' })
  if (vat < 0n) throw new Fault('INVALID_INPUT', 'invoice: vat: it is below zero', { field: 'vat' })
  return { asset, gross, vat }
}

async function register(context: Context, tx: Transaction, registered: RegisteredInvoice): Promise<Id<'inv'>> {
  const [record] = await appendRecords(context, tx, [registrationRecord(registered)])
  invariant(record, 'a record was appended')
  await insertInvoice(tx, registered, { by: context.actor, record })
  return registered.id
}
