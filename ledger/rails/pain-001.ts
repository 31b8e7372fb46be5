import { create } from 'xmlbuilder2'
import { Fault } from '../../kernel/fault.ts'
import { type Asset, formatDecimal } from '../../kernel/money.ts'
import type { BankAccountDetails } from '../bank-accounts/bank-details.ts'
import { currencyOf } from './currency-of.ts'
import { controlSum, type PaymentInstruction, type PaymentMessage } from './payment-message.ts'

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'
/** `totalDigits` of amounts and sums in the schema. */
const MOST_DIGITS = 18
const LONGEST = { name: 140, text: 140 }
const NOT_IN_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

/** An element's content, in the order of the schema. */
type Node = { readonly [element: string]: string | Node | readonly Node[] }

/**
 * A customer credit transfer initiation, `pain.001.001.09` (ISO 20022), as text of XML in UTF-8. Names stay in their own
 * script; each payment is booked on its own. Throws `UNSUPPORTED` for an asset that is no currency of ISO 4217, and for an
 * amount or a sum of more than 18 digits. Source: ADR 0023.
 */
export function painText(message: PaymentMessage): string {
  const { messageId, createdAt, debtor, payments } = message
  const totals = { NbOfTxs: String(payments.length), CtrlSum: amountOf(message.asset, controlSum(message)) }
  const header = {
    MsgId: messageId,
    // to the second: some banks read no more
    CreDtTm: `${createdAt.toISOString().slice(0, 19)}Z`,
    ...totals,
    InitgPty: { Nm: textOf(debtor.holder, LONGEST.name) },
  }
  const initiation = { GrpHdr: header, PmtInf: paymentsOf(message, totals) }
  const document = create({ version: '1.0', encoding: 'UTF-8' }).ele('Document', { xmlns: NAMESPACE })
  return `${document.ele({ CstmrCdtTrfInitn: initiation }).end({ prettyPrint: true })}\n`
}

function paymentsOf(message: PaymentMessage, totals: Node): Node {
  const { messageId, executionDate, asset, debtor, payments } = message
  const currency = currencyOf(asset)
  return {
    PmtInfId: messageId,
    PmtMtd: 'TRF',
    BtchBookg: 'false',
    ...totals,
    ReqdExctnDt: { Dt: executionDate },
    Dbtr: { Nm: textOf(debtor.holder, LONGEST.name) },
    DbtrAcct: { Id: accountOf(debtor), Ccy: currency },
    DbtrAgt: { FinInstnId: bankOf(debtor) },
    ChrgBr: bearerOf(message, currency),
    CdtTrfTxInf: payments.map((payment) => paymentOf(payment, { asset, currency })),
  }
}

function paymentOf(
  { instructionId, endToEndId, minor, creditor, remittance }: PaymentInstruction,
  { asset, currency }: { readonly asset: Asset; readonly currency: string },
): Node {
  return {
    PmtId: { InstrId: instructionId, EndToEndId: endToEndId },
    Amt: { InstdAmt: { '@Ccy': currency, '#': amountOf(asset, minor) } },
    CdtrAgt: { FinInstnId: bankOf(creditor) },
    Cdtr: { Nm: textOf(creditor.holder, LONGEST.name) },
    CdtrAcct: { Id: accountOf(creditor) },
    RmtInf: { Ustrd: textOf(remittance, LONGEST.text) },
  }
}

function accountOf({ scheme, number }: BankAccountDetails): Node {
  return scheme === 'IBAN' ? { IBAN: number } : { Othr: { Id: number, SchmeNm: { Cd: 'BBAN' } } }
}

/** A bank in China by its number in CNAPS, any other by its BIC. */
function bankOf({ scheme, bankCode, bankName, country }: BankAccountDetails): Node {
  const member = { ClrSysId: { Cd: 'CNAPS' }, MmbId: bankCode }
  return {
    ...(scheme === 'CN_DOMESTIC' ? { ClrSysMmbId: member } : { BICFI: bankCode }),
    ...(bankName === undefined ? {} : { Nm: textOf(bankName, LONGEST.name) }),
    PstlAdr: { Ctry: country },
  }
}

/** We bear all charges, so that what arrives is what the statement says; within SEPA each side bears its own. */
function bearerOf({ debtor, payments }: PaymentMessage, currency: string): string {
  const sepa =
    currency === 'EUR' && [debtor, ...payments.map(({ creditor }) => creditor)].every(({ scheme }) => scheme === 'IBAN')
  return sepa ? 'SLEV' : 'DEBT'
}

function amountOf(asset: Asset, minor: bigint): string {
  if (String(minor).length <= MOST_DIGITS) return formatDecimal({ asset, minor })
  throw new Fault('UNSUPPORTED', `an amount or a sum in pain.001 has at most ${MOST_DIGITS} digits`)
}

/** Without what XML cannot hold; cut to what the schema holds, in whole characters. */
function textOf(text: string, longest: number): string {
  return [...text.replaceAll(NOT_IN_XML, ' ')].slice(0, longest).join('')
}
