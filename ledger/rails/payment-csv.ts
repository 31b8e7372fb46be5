import { csvLine } from '../../kernel/csv-line.ts'
import { type Asset, codeOf, formatDecimal } from '../../kernel/money.ts'
import type { PaymentInstruction, PaymentMessage } from './payment-message.ts'

/** The columns of the file, as docs/payouts.md tells them. */
const COLUMNS = [
  ...['message_id', 'execution_date', 'instruction_id', 'end_to_end_id', 'amount', 'currency'],
  ...['debtor_name', 'debtor_account', 'debtor_bank_code'],
  ...['creditor_name', 'creditor_account', 'creditor_account_scheme', 'creditor_bank_code', 'creditor_bank_name'],
  ...['creditor_country', 'remittance'],
]

/** A message as CSV (RFC 4180, UTF-8), a line for each payment; cells that a spreadsheet would run are made text. */
export function paymentCsv(message: PaymentMessage): string {
  return [csvLine(COLUMNS), ...message.payments.map((payment) => lineOf(message, payment))].join('')
}

function lineOf({ messageId, executionDate, asset, debtor }: PaymentMessage, payment: PaymentInstruction): string {
  const { instructionId, endToEndId, minor, creditor, remittance } = payment
  return csvLine([
    ...[messageId, executionDate, instructionId, endToEndId, ...amountOf(asset, minor)],
    ...[debtor.holder, debtor.number, debtor.bankCode],
    ...[creditor.holder, creditor.number, creditor.scheme, creditor.bankCode, creditor.bankName ?? ''],
    ...[creditor.country, remittance],
  ])
}

function amountOf(asset: Asset, minor: bigint): readonly [string, string] {
  return [formatDecimal({ asset, minor }), codeOf(asset)]
}
