import { type Asset, codeOf } from '../../../kernel/money.ts'
import { amountOf, referencesOf, signOf } from './camt-values.ts'
import type { EntryCounterparty, EntryReferences } from './read-statement.ts'
import { all, at, textAt, type XmlNode } from './xml-tree.ts'

/** One transaction of an entry (`TxDtls`), as far as it is told. */
export type CamtDetail = {
  /** Absent where the bank does not say it in the account's currency. */
  readonly minor: bigint | undefined
  readonly charges: CamtCharges
  readonly references: EntryReferences
  readonly counterparty: EntryCounterparty
  readonly returnReason: string | undefined
}

/** What the bank took: in all, and how much of it is said to be within the amount beside it. */
export type CamtCharges = { readonly minor: bigint; readonly included: bigint }

const LONGEST_TEXT = 1000
export const LONGEST_ACCOUNT = 50
export const LONGEST_REASON = 35
export const LONGEST_BANK_CODE = 70

/** Reads a `TxDtls`; its sign is its entry's unless it says another. Throws `INVALID_INPUT`. */
export function detailOf(node: XmlNode, asset: Asset, entrySign: bigint): CamtDetail {
  const amount = ownAmount(node, asset)
  const sign = signOf(node, entrySign)
  return {
    minor: amount === undefined ? undefined : sign * amount,
    charges: chargesOf(node, asset),
    references: referencesOf(at(node, 'Refs')),
    counterparty: {
      ...partyOf(node, sign),
      remittance: cut([remittanceOf(node), textAt(node, 'AddtlTxInf')]),
    },
    returnReason: returnReasonOf(node),
  }
}

/** Charges of an entry or a transaction, in both shapes that the versions have. Positive came in. */
export function chargesOf(node: XmlNode, asset: Asset): CamtCharges {
  // up to version 2 each Chrgs is a record of its own
  const records = all(node, 'Chrgs').flatMap((charges) => {
    const inner = all(charges, 'Rcrd')
    return inner.length > 0 ? inner : [charges]
  })
  let [minor, included] = [0n, 0n]
  for (const record of records) {
    const amount = at(record, 'Amt')
    if (amount === undefined || (amount.currency ?? codeOf(asset)) !== codeOf(asset)) continue
    const signed = signOf(record, -1n) * amountOf(amount.text.trim(), undefined, asset)
    minor += signed
    if (/^(?:true|1)$/.test(textAt(record, 'ChrgInclInd') ?? '')) included += signed
  }
  return { minor, included }
}

function ownAmount(node: XmlNode, asset: Asset): bigint | undefined {
  const places = [at(node, 'Amt'), at(node, 'AmtDtls', 'TxAmt', 'Amt'), at(node, 'AmtDtls', 'InstdAmt', 'Amt')]
  const amount = places.find((place) => place !== undefined && (place.currency ?? codeOf(asset)) === codeOf(asset))
  if (amount === undefined) return undefined
  return amountOf(amount.text.trim(), undefined, asset)
}

/** The other side: who sent what came in, who is to have what went out. */
function partyOf(node: XmlNode, sign: bigint): EntryCounterparty {
  const parties = at(node, 'RltdPties')
  const [first, second] = sign > 0n ? (['Dbtr', 'Cdtr'] as const) : (['Cdtr', 'Dbtr'] as const)
  const nameOf = (role: string) => textAt(parties, role, 'Pty', 'Nm') ?? textAt(parties, role, 'Nm')
  const account = accountIn(at(parties, `${first}Acct`)) ?? accountIn(at(parties, `${second}Acct`))
  return { name: cut([nameOf(first) ?? nameOf(second)]), account: cut([account], LONGEST_ACCOUNT) }
}

/** The number of an account: its IBAN, or another id. */
export function accountIn(node: XmlNode | undefined): string | undefined {
  return textAt(node, 'Id', 'IBAN') ?? textAt(node, 'Id', 'Othr', 'Id') ?? textAt(node, 'Id', 'PrtryAcct', 'Id')
}

function remittanceOf(node: XmlNode): string | undefined {
  const info = at(node, 'RmtInf')
  const structured = all(info, 'Strd').map((one) => textAt(one, 'CdtrRefInf', 'Ref') ?? textAt(one, 'RfrdDocInf', 'Nb'))
  return cut([...all(info, 'Ustrd').map(({ text }) => text), ...structured])
}

function returnReasonOf(node: XmlNode): string | undefined {
  const info = at(node, 'RtrInf')
  if (info === undefined) return undefined
  return cut([textAt(info, 'Rsn', 'Cd') ?? textAt(info, 'Rsn', 'Prtry') ?? 'RETURNED'], LONGEST_REASON)
}

/** Texts in one line of bounded length, without control characters; nothing when all are empty. */
export function cut(texts: readonly (string | undefined)[], longest = LONGEST_TEXT): string | undefined {
  const text = texts
    .flatMap((one) => (one === undefined ? [] : [one.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()]))
    .filter((one) => one !== '')
    .join(' ')
  return text === '' ? undefined : text.slice(0, longest).toWellFormed()
}
