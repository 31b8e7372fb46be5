import { Fault } from '../../../kernel/fault.ts'
import type { Asset } from '../../../kernel/money.ts'
import { type CamtDetail, chargesOf, cut, LONGEST_BANK_CODE } from './camt-detail.ts'
import { dateOf, referenceOf, referencesOf, signedAmount } from './camt-values.ts'
import type { EntryReferences, ReadEntry, ReadPart } from './read-statement.ts'
import { at, textAt, type XmlNode } from './xml-tree.ts'

/**
 * Reads an `Ntry` whose `TxDtls` were read before; nothing for one that is not booked, or moves nothing. Throws
 * `INVALID_INPUT`, `ASSET_MISMATCH`.
 */
export function entryOf(node: XmlNode, details: readonly CamtDetail[], asset: Asset): ReadEntry | undefined {
  const status = textAt(node, 'Sts', 'Cd') ?? textAt(node, 'Sts')
  const minor = signedAmount(node, asset)
  if (status !== 'BOOK' || minor === 0n) return undefined
  const valuedOn = dateOf(at(node, 'ValDt'))
  const bookedOn = dateOf(at(node, 'BookgDt')) ?? valuedOn
  if (bookedOn === undefined) throw new Fault('INVALID_INPUT', 'Ntry: a booked entry has a date, BookgDt or ValDt')
  return {
    bookedOn,
    valuedOn,
    minor,
    reversal: /^(?:true|1)$/.test(textAt(node, 'RvslInd') ?? ''),
    bankReference: referenceOf(textAt(node, 'AcctSvcrRef')),
    entryReference: referenceOf(textAt(node, 'NtryRef')),
    bankCode: bankCodeOf(at(node, 'BkTxCd')),
    parts: partsOf(node, details, { asset, minor }),
  }
}

/**
 * What an entry falls into. With amounts that add up to it, each transaction is a part, and the charges that the bank took
 * with them are another. Whatever does not add up stays whole: what is matched is always money that moved.
 */
function partsOf(
  node: XmlNode,
  details: readonly CamtDetail[],
  { asset, minor }: { readonly asset: Asset; readonly minor: bigint },
): readonly ReadPart[] {
  const own = chargesOf(node, asset)
  const charges = details.reduce((sum, detail) => sum + detail.charges.minor, own.minor)
  const included = details.reduce((sum, detail) => sum + detail.charges.included, own.included)
  const batch = batchOf(node)
  const [only] = details
  if (details.length < 2) {
    const text = cut([only?.counterparty.remittance, textAt(node, 'AddtlNtryInf')])
    const whole =
      only === undefined
        ? bare(batch, text)
        : { ...payment(only, batch), counterparty: { ...only.counterparty, remittance: text } }
    const taken = chargesWithin(minor, only?.minor, { charges, included })
    return [...nonZero({ ...whole, minor: minor - taken }), ...chargePart(taken, batch)]
  }
  const total = details.reduce<bigint | undefined>(
    (sum, detail) => (sum === undefined || detail.minor === undefined ? undefined : sum + detail.minor),
    0n,
  )
  if (total === minor && included === 0n) return details.flatMap((detail) => part(detail, batch, detail.minor ?? 0n))
  if (total === minor) {
    return [
      ...details.flatMap((detail) => part(detail, batch, (detail.minor ?? 0n) - detail.charges.included)),
      ...chargePart(
        details.reduce((sum, detail) => sum + detail.charges.included, 0n),
        batch,
      ),
    ]
  }
  if (total !== undefined && total + charges === minor) {
    return [...details.flatMap((detail) => part(detail, batch, detail.minor ?? 0n)), ...chargePart(charges, batch)]
  }
  return [{ ...bare(batch, textAt(node, 'AddtlNtryInf')), minor }]
}

/** The charges within the amount of an entry of one transaction: said to be, or what it is more than its transaction. */
function chargesWithin(
  minor: bigint,
  detail: bigint | undefined,
  { charges, included }: { readonly charges: bigint; readonly included: bigint },
): bigint {
  if (detail !== undefined && detail !== minor) return detail + charges === minor ? charges : 0n
  return included
}

function part(detail: CamtDetail, batch: EntryReferences, minor: bigint): readonly ReadPart[] {
  return nonZero({ ...payment(detail, batch), minor })
}

function nonZero(part: ReadPart): readonly ReadPart[] {
  return part.minor === 0n ? [] : [part]
}

function payment({ references, counterparty, returnReason }: CamtDetail, batch: EntryReferences) {
  const known = Object.fromEntries(Object.entries(references).filter(([, text]) => text !== undefined))
  return { kind: 'PAYMENT' as const, references: { ...batch, ...known }, counterparty, returnReason }
}

function bare(references: EntryReferences, remittance: string | undefined) {
  return {
    kind: 'PAYMENT' as const,
    references,
    counterparty: { remittance: cut([remittance]) },
    returnReason: undefined,
  }
}

function chargePart(minor: bigint, references: EntryReferences): readonly ReadPart[] {
  return nonZero({ kind: 'CHARGE', minor, references, counterparty: {}, returnReason: undefined })
}

/** The batch that was booked as a whole. */
function batchOf(node: XmlNode): EntryReferences {
  const { messageId, paymentInformationId } = referencesOf(at(node, 'NtryDtls', 'Btch'))
  return { messageId, paymentInformationId }
}

function bankCodeOf(node: XmlNode | undefined): string | undefined {
  const family = at(node, 'Domn', 'Fmly')
  const codes = [textAt(node, 'Domn', 'Cd'), textAt(family, 'Cd'), textAt(family, 'SubFmlyCd')]
  const iso = codes.filter((code) => code !== undefined).join('/')
  return cut([iso === '' ? textAt(node, 'Prtry', 'Cd') : iso], LONGEST_BANK_CODE)
}
