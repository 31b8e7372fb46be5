import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import { formatDecimal } from '../../../kernel/money.ts'
import {
  INVOICE_KINDS,
  INVOICE_STATUSES,
  type Invoice,
  type InvoiceKind,
  type InvoiceStatus,
} from '../../../ledger/invoices/invoice.ts'
import { act, type Outcome } from '../act.ts'
import type { Row } from '../output.ts'

type RegisterOptions = {
  readonly kind: InvoiceKind
  readonly code?: string
  readonly number: string
  readonly issued: string
  readonly gross: string
  readonly vat: string
  readonly key?: string
}
type ListOptions = { readonly partner?: string; readonly statement?: string; readonly status?: InvoiceStatus }
type RequireOptions = { readonly from?: string; readonly never?: true }

/** `tributary payout invoice …`. */
export function addInvoice(payout: Command): void {
  const invoice = payout.command('invoice').description('invoices (fapiao) that payouts wait for')
  addRequire(invoice)
  addRegister(invoice)
  addEnds(invoice)
  addList(invoice)
}

function addRequire(invoice: Command): void {
  invoice
    .command('require')
    .argument('<programme>', 'code or id')
    .option('--from <month>', 'the first month, such as 2026-04')
    .option('--never', 'none is asked for any more')
    .description("from which month on a programme's payouts wait for an invoice")
    .action((programme: string, { from, never }: RequireOptions, command: Command) =>
      act(command, async (context) => {
        if ((from === undefined) !== (never === true))
          throw new Fault('INVALID_INPUT', 'say either --from MONTH or --never', { field: 'from' })
        const { requireInvoices } = await import('../../../ledger/invoices/require-invoices.ts')
        return { result: await requireInvoices(context, { programme, from }) }
      }),
    )
}

function addRegister(invoice: Command): void {
  invoice
    .command('register')
    .argument('<statement>', 'number or id')
    .addOption(new Option('--kind <kind>', 'what sort of invoice').choices(INVOICE_KINDS).makeOptionMandatory())
    .option('--code <digits>', '10 or 12 digits of a FAPIAO')
    .requiredOption('--number <number>', '8 digits of a FAPIAO, 20 of a DIGITAL_FAPIAO')
    .requiredOption('--issued <day>', 'when it was issued, such as 2026-03-31')
    .requiredOption('--gross <decimal>', "before tax: the statement's payout")
    .requiredOption('--vat <decimal>', "its tax: the statement's VAT")
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description("registers a partner's invoice on its behalf and matches it")
    .action((statement: string, { issued, key, ...options }: RegisterOptions, command: Command) =>
      act(command, async (context) => {
        const { registerInvoice } = await import('../../../ledger/invoices/register-invoice.ts')
        const idempotencyKey = key ?? randomUUID()
        const registered = await registerInvoice(context, { ...options, statement, issuedOn: issued, idempotencyKey })
        return { ...told(registered), failed: registered.status !== 'MATCHED' }
      }),
    )
}

function addEnds(invoice: Command): void {
  invoice
    .command('withdraw')
    .argument('<id>', 'inv_…')
    .requiredOption('--reason <text>', 'why')
    .description('takes back what was registered wrongly, while its statement is unpaid')
    .action((id: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { withdrawInvoice } = await import('../../../ledger/invoices/withdraw-invoice.ts')
        return told(await withdrawInvoice(context, { invoice: id, reason, idempotencyKey: randomUUID() }))
      }),
    )
  invoice
    .command('credit')
    .argument('<id>', 'inv_…')
    .requiredOption('--credit-note <number>', 'number of the red-letter invoice')
    .requiredOption('--reason <text>', 'why')
    .description('registers the red-letter invoice that took an invoice back')
    .action((id: string, options: { creditNote: string; reason: string }, command: Command) =>
      act(command, async (context) => {
        const { creditInvoice } = await import('../../../ledger/invoices/credit-invoice.ts')
        return told(await creditInvoice(context, { invoice: id, ...options, idempotencyKey: randomUUID() }))
      }),
    )
}

function addList(invoice: Command): void {
  invoice
    .command('list')
    .option('--partner <code>', 'of this partner alone')
    .option('--statement <id>', 'of this statement alone')
    .addOption(new Option('--status <status>', 'in this status alone').choices(INVOICE_STATUSES))
    .description('invoices and what became of them, the last registered first, up to a hundred')
    .action((options: ListOptions, command: Command) =>
      act(command, async (context) => {
        const { listInvoices } = await import('../../../ledger/invoices/list-invoices.ts')
        const { edges } = await listInvoices(context, { ...options, page: { first: 100 } })
        const invoices = edges.map(({ node }) => node)
        return { result: invoices, rows: invoices.map(rowOf) }
      }),
    )
}

function told(invoice: Invoice): Outcome {
  return { result: invoice, rows: [rowOf(invoice)] }
}

function rowOf({ id, statementNumber, code, number, asset, gross, vat, status, differs, expected }: Invoice): Row {
  const says = (minor: bigint): string => formatDecimal({ asset, minor })
  const due = `${formatDecimal({ asset: expected.asset, minor: expected.gross })} + ${formatDecimal({ asset: expected.asset, minor: expected.vat })}`
  return {
    ...{ id, statement: statementNumber, number: `${code} ${number}`.trim() },
    ...{ gross: says(gross), vat: says(vat), expected: due, status, differs: differs.join(', ') },
  }
}
