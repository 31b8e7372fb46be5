import { Fault } from '../../../kernel/fault.ts'
import { evaluate, type MappingExpression, type MappingRow } from '../../../kernel/mapping.ts'
import { type Asset, believable, parseDecimal } from '../../../kernel/money.ts'
import type { BankMapping } from './bank-mapping.ts'
import { cut, LONGEST_ACCOUNT, LONGEST_BANK_CODE, LONGEST_REASON } from './camt-detail.ts'
import { bankDate, referenceOf } from './camt-values.ts'
import type { BankDate, ReadEntry } from './read-statement.ts'

/** A line of a bank's CSV file: its entry, unless it moves nothing, and what stood on the account after it. */
export type CsvLine = {
  readonly entry: ReadEntry | undefined
  readonly bookedOn: BankDate
  readonly balance: bigint | undefined
}

type Row = { readonly row: MappingRow; readonly line: number }

/** Reads a line with its mapping. Throws `INVALID_INPUT` that names the field. */
export function csvLine(mapping: BankMapping, { row, line }: Row, asset: Asset): CsvLine {
  const value = (expression: MappingExpression | undefined) =>
    expression === undefined ? undefined : evaluate(expression, row, line)
  const date = (field: 'bookedOn' | 'valuedOn') => {
    const text = value(mapping[field])
    return text === undefined ? undefined : dateIn(text, mapping.dateFormat, field)
  }
  const amount = (field: 'amount' | 'debit' | 'credit' | 'balance') => {
    const text = value(mapping[field])
    return text === undefined ? undefined : amountIn(text, mapping.decimal, asset, field)
  }
  const bookedOn = date('bookedOn')
  if (bookedOn === undefined) throw new Fault('INVALID_INPUT', 'bookedOn: the line has no date', { field: 'bookedOn' })
  const minor = mapping.amount === undefined ? bothSides(amount('debit'), amount('credit')) : amount('amount')
  if (minor === undefined) throw new Fault('INVALID_INPUT', 'amount: the line has none', { field: 'amount' })
  const remittance = cut([value(mapping.remittance)])
  const part = {
    kind: 'PAYMENT' as const,
    minor,
    references: { endToEndId: referenceOf(value(mapping.endToEndId)) },
    counterparty: {
      name: cut([value(mapping.counterpartyName)]),
      account: cut([value(mapping.counterpartyAccount)], LONGEST_ACCOUNT),
      remittance,
    },
    returnReason: cut([value(mapping.returnReason)], LONGEST_REASON),
  }
  const entry: ReadEntry = {
    bookedOn,
    valuedOn: date('valuedOn'),
    minor,
    reversal: false,
    bankReference: referenceOf(value(mapping.bankReference)),
    entryReference: undefined,
    bankCode: cut([value(mapping.bankCode)], LONGEST_BANK_CODE),
    parts: [part],
  }
  return { entry: minor === 0n ? undefined : entry, bookedOn, balance: amount('balance') }
}

/** A debit column may carry a sign of its own, which says nothing more. */
function bothSides(debit: bigint | undefined, credit: bigint | undefined): bigint | undefined {
  if (debit === undefined && credit === undefined) return undefined
  const out = debit === undefined || debit < 0n ? -(debit ?? 0n) : debit
  return (credit ?? 0n) - out
}

function amountIn(text: string, decimal: '.' | ',', asset: Asset, field: string): bigint {
  const group = decimal === '.' ? ',' : '.'
  const plain = text
    .replaceAll(/[\s'’¥￥$€]/g, '')
    .replaceAll(group, '')
    .replace(decimal, '.')
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/.exec(plain) ?? []
  try {
    return believable(parseDecimal(`${sign === '-' ? '-' : ''}${digits}`, asset), field)
  } catch (cause) {
    throw new Fault('INVALID_INPUT', `${field}: it is no amount in ${asset}`, { field, cause })
  }
}

function dateIn(text: string, format: BankMapping['dateFormat'], field: string): BankDate {
  // a time behind the date is passed over
  const given = text.slice(0, format.length)
  const digits = (letter: string) =>
    [...format].map((one, index) => (one === letter ? (given[index] ?? '') : '')).join('')
  const separators = [...format].every((one, index) => /[YMD]/.test(one) || given[index] === one)
  try {
    if (separators) return bankDate(`${digits('Y')}-${digits('M')}-${digits('D')}`)
  } catch {
    // told with the field below
  }
  throw new Fault('INVALID_INPUT', `${field}: it is no date of the form ${format}`, { field })
}
