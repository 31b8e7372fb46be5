import { Fault } from '../../../kernel/fault.ts'
import { type Asset, believable, codeOf, decimalsOf, parseDecimal } from '../../../kernel/money.ts'
import type { BankDate, EntryReferences } from './read-statement.ts'
import { textAt, type XmlNode } from './xml-tree.ts'

const LONGEST_REFERENCE = 140
const EARLIEST = Date.parse('1970-01-01T00:00:00Z')
/** Exclusive. */
const LATEST = Date.parse('2200-01-01T00:00:00Z')
/** What banks write where there is no reference. */
const NO_REFERENCE = /^(?:NOTPROVIDED|NOT PROVIDED|NONREF|NOREF|N\/A|-+|0+)$/i

/**
 * Reads an amount of a bank in an asset, without its sign: more decimals than the asset has may only be zeros. Throws
 * `INVALID_INPUT` and `ASSET_MISMATCH`.
 */
export function amountOf(text: string | undefined, currency: string | undefined, asset: Asset): bigint {
  if (currency !== undefined && currency !== codeOf(asset)) {
    throw new Fault('ASSET_MISMATCH', `an amount is in another currency than the account's ${codeOf(asset)}`)
  }
  const [whole = '', fraction = ''] = (text ?? '').split('.')
  const decimals = decimalsOf(asset)
  const kept = fraction.slice(0, decimals)
  if (!/^[0-9]+$/.test(whole) || !/^[0-9]*$/.test(fraction) || /[1-9]/.test(fraction.slice(decimals))) {
    throw new Fault('INVALID_INPUT', `an amount in ${asset} is a decimal number with at most ${decimals} decimals`)
  }
  return believable(parseDecimal(kept === '' ? whole : `${whole}.${kept}`, asset), 'amount')
}

/** The amount of an element `Amt` beside `CdtDbtInd`: positive for credit. Throws `INVALID_INPUT`, `ASSET_MISMATCH`. */
export function signedAmount(node: XmlNode, asset: Asset): bigint {
  const amount = node.children.find(({ name }) => name === 'Amt')
  return signOf(node) * amountOf(amount?.text.trim(), amount?.currency, asset)
}

/** 1 for credit, -1 for debit. Throws `INVALID_INPUT` where neither is said and nothing stands in. */
export function signOf(node: XmlNode, otherwise?: bigint): bigint {
  const said = textAt(node, 'CdtDbtInd')
  if (said === 'CRDT') return 1n
  if (said === 'DBIT') return -1n
  if (said === undefined && otherwise !== undefined) return otherwise
  throw new Fault('INVALID_INPUT', `${node.name}: CdtDbtInd is CRDT or DBIT`)
}

/** The date in an element that holds `Dt` or `DtTm`. Throws `INVALID_INPUT` for one that is none. */
export function dateOf(node: XmlNode | undefined): BankDate | undefined {
  const text = textAt(node, 'Dt') ?? textAt(node, 'DtTm')
  return text === undefined ? undefined : bankDate(text.slice(0, 10))
}

/** When something was made, where a bank tells it so that it can be read; what lies outside 1970 to 2199 is not. */
export function momentOf(text: string | undefined): Date | undefined {
  const at = Date.parse(text ?? '')
  return at >= EARLIEST && at < LATEST ? new Date(at) : undefined
}

/** A calendar date that exists, from 1970 to 2199. Throws `INVALID_INPUT`. */
export function bankDate(text: string): BankDate {
  const at = /^(?:19[7-9][0-9]|2[01][0-9]{2})-[0-9]{2}-[0-9]{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  if (at === undefined || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text) {
    throw new Fault('INVALID_INPUT', 'a date is none such as 2026-01-31')
  }
  return text
}

/** A reference, or nothing where the bank says that there is none. */
export function referenceOf(text: string | undefined): string | undefined {
  const kept = text?.trim().replaceAll(/\s+/g, ' ').slice(0, LONGEST_REFERENCE).toWellFormed()
  return kept === undefined || kept === '' || NO_REFERENCE.test(kept) ? undefined : kept
}

/** The references of an element `Refs`. */
export function referencesOf(refs: XmlNode | undefined): EntryReferences {
  return {
    endToEndId: referenceOf(textAt(refs, 'EndToEndId')),
    instructionId: referenceOf(textAt(refs, 'InstrId')),
    messageId: referenceOf(textAt(refs, 'MsgId')),
    paymentInformationId: referenceOf(textAt(refs, 'PmtInfId')),
    transactionId: referenceOf(textAt(refs, 'TxId')),
  }
}
