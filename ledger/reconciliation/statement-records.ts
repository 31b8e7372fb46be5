import { z } from 'zod'
import type { CanonicalValue } from '../../kernel/canonical-json.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText, wholeNumber } from '../../records/parse-record-data.ts'
import { assetText } from '../agreements/asset-text.ts'
import { minorText } from '../minor-text.ts'
import { type BankEntry, type BankStatement, ENTRY_KINDS } from './bank-entry.ts'

/** What is known of a statement, without who and when: that says the record. */
export type ToldStatement = Omit<BankStatement, 'importedBy' | 'importedAt'>

/** What the entries of one record have in common. */
type Place = Pick<BankEntry, 'ownAccount' | 'statement' | 'asset'>

/** The record of entries that were not known before. */
export function entriesRecord({ ownAccount, statement, asset }: Place, entries: readonly BankEntry[]): NewRecord {
  return {
    kind: 'bank_statement',
    data: { event: 'ENTRIES', statement, ownAccount, asset, entries: entries.map(toldEntry) },
  }
}

/** The record of a statement all of whose entries are in. */
export function statementRecord(told: ToldStatement): NewRecord {
  const { id: statement, ownAccount, asset, reference, sequence, madeAt, opening, closing, fileDigest } = told
  const counts = { entries: BigInt(told.entries), added: BigInt(told.added), passedOver: BigInt(told.passedOver) }
  const data = { event: 'STATEMENT', statement, ownAccount, asset, reference, sequence, opening, closing, fileDigest }
  return { kind: 'bank_statement', data: { ...data, madeAt: madeAt?.toISOString(), ...counts } }
}

function toldEntry({ ownAccount: _, statement: __, asset: ___, part, sealed, ...entry }: BankEntry): CanonicalValue {
  return { ...entry, part: BigInt(part), sealed: sealed.toString('base64') }
}

const text = z.string().optional()
const balance = z.object({ date: z.string(), minor: minorText }).optional()
const place = { statement: idText('bst'), ownAccount: idText('obk'), asset: assetText }
const entry = z.object({
  id: idText('bke'),
  identity: z.string(),
  part: wholeNumber,
  kind: z.enum(ENTRY_KINDS),
  minor: minorText,
  bookedOn: z.string(),
  valuedOn: text,
  reversal: z.boolean(),
  bankReference: text,
  entryReference: text,
  bankCode: text,
  endToEndId: text,
  instructionId: text,
  messageId: text,
  paymentInformationId: text,
  transactionId: text,
  returnReason: text,
  counterpartyMasked: text,
  counterpartyDigest: text,
  sealed: z.string().transform((base64) => Buffer.from(base64, 'base64')),
})

/** What a record of the kind `bank_statement` says. */
export const statementEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ENTRIES'), ...place, entries: z.array(entry) }),
  z.object({
    event: z.literal('STATEMENT'),
    ...place,
    reference: text,
    sequence: text,
    madeAt: z
      .string()
      .transform((at) => new Date(at))
      .optional(),
    opening: balance,
    closing: balance,
    fileDigest: z.string(),
    entries: wholeNumber,
    added: wholeNumber,
    passedOver: wholeNumber,
  }),
])
