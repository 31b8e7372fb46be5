import { codeOf } from '../../../kernel/money.ts'
import type { StatementDocument } from '../statement-document.ts'
import type { Words } from '../words.ts'
import { amountText } from './amount-text.ts'
import { AREA, type Sheet } from './sheet.ts'

/** A line of the account: what is added, or, in bold, what it comes to. */
type Amount = { readonly text: string; readonly minor: bigint; readonly total?: boolean; readonly unless0?: boolean }

/** From the opening balance to what is carried forward, then from the payout to the transfer: RULES §6 in its order. */
export function writeAmounts(sheet: Sheet, document: StatementDocument, words: Words): void {
  const { asset } = document.statement
  const write = (title: string, amounts: readonly Amount[]): void => {
    sheet.keep(70)
    sheet.row([
      { text: title, x: 0, width: AREA - 120, style: { size: 10, weight: 'bold' } },
      { text: codeOf(asset), x: AREA - 120, width: 120, style: { size: 8, color: '#5b6470', right: true } },
    ])
    sheet.ruler()
    for (const { text, minor, total = false, unless0 = false } of amounts) {
      if (unless0 && minor === 0n) continue
      const weight = total ? 'bold' : 'regular'
      if (total) sheet.ruler(0.3)
      sheet.row([
        { text, x: 0, width: AREA - 150, style: { size: 9, weight } },
        { text: amountText(minor, asset), x: AREA - 140, width: 140, style: { size: 9, weight, right: true } },
      ])
    }
    sheet.space(8)
  }
  write(words.labels.settlement, settlement(document, words))
  write(words.labels.payment, payment(document, words))
}

function settlement({ statement, earned }: StatementDocument, { labels, withTotal }: Words): readonly Amount[] {
  const { opening, holdback, released, clawbacks, payout, closing, month } = statement
  const parts = [earned.adjusted, earned.corrected].some((minor) => minor !== 0n)
  const balance = payout + closing
  return [
    { text: labels.opening, minor: opening },
    { text: withTotal(month), minor: earned.ofMonth },
    { text: labels.adjusted, minor: earned.adjusted, unless0: true },
    { text: labels.corrected, minor: earned.corrected, unless0: true },
    ...(parts ? [{ text: labels.earned, minor: statement.earned, total: true }] : []),
    { text: labels.holdback, minor: -holdback },
    { text: labels.released, minor: released },
    { text: labels.clawbacks, minor: clawbacks },
    { text: labels.balance, minor: balance, total: true },
    { text: labels.payout, minor: -payout },
    { text: closing < 0n ? labels.owed : labels.closing, minor: closing, total: true },
  ]
}

function payment({ statement, answer }: StatementDocument, { labels }: Words): readonly Amount[] {
  const { payout, vat, withholding, transfer, held } = statement
  return [
    { text: labels.payout, minor: payout },
    { text: labels.vat, minor: vat },
    { text: labels.withholding, minor: -withholding },
    { text: labels.transfer, minor: transfer, total: true },
    { text: labels.disputed, minor: answer.disputed, unless0: true },
    { text: labels.held, minor: held, unless0: true },
  ]
}
