import { z } from 'zod'
import { columnsOf, type MappingExpression, mappingExpression } from '../../../kernel/mapping.ts'
import { lineOfText, parseWith } from '../../../kernel/parse.ts'

const DATE_FORMATS = [
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  'YYYY.MM.DD',
  'YYYYMMDD',
  'DD.MM.YYYY',
  'DD/MM/YYYY',
  'DD-MM-YYYY',
  'MM/DD/YYYY',
] as const

const bankMapping = z
  .strictObject({
    format: z.literal('tributary-bank-csv/1'),
    description: lineOfText(500).optional(),
    encoding: z.enum(['utf-8', 'gb18030']).describe('Of the file; Chinese banks send GB18030').default('utf-8'),
    delimiter: z.enum([',', ';', '\t', '|']).default(','),
    dateFormat: z.enum(DATE_FORMATS),
    decimal: z.enum(['.', ',']).describe('Before the decimals; the other one may group digits').default('.'),
    order: z.enum(['OLDEST_FIRST', 'NEWEST_FIRST']).describe('Of the lines').default('OLDEST_FIRST'),
    endsAt: lineOfText(100)
      .describe('The first line that begins with this, such as a total, ends the entries')
      .optional(),
    account: mappingExpression.describe('Number of our account; told when importing unless given').optional(),
    currency: mappingExpression.describe('Its currency code').optional(),
    bookedOn: mappingExpression,
    valuedOn: mappingExpression.optional(),
    amount: mappingExpression.describe('With its sign: what went out is below zero').optional(),
    debit: mappingExpression.describe('What went out').optional(),
    credit: mappingExpression.describe('What came in').optional(),
    balance: mappingExpression.describe('What stands on the account after the line').optional(),
    bankReference: mappingExpression.describe('The bank’s own reference, unique on the account').optional(),
    endToEndId: mappingExpression.optional(),
    counterpartyName: mappingExpression.optional(),
    counterpartyAccount: mappingExpression.optional(),
    remittance: mappingExpression.optional(),
    bankCode: mappingExpression.optional(),
    returnReason: mappingExpression.describe('Why a payment came back; only for returns').optional(),
  })
  .refine(({ amount, debit, credit }) => (amount === undefined) === (debit !== undefined && credit !== undefined), {
    error: 'give either amount, or debit and credit',
  })

/** How the columns of a bank's CSV file become entries: a mapping file in the format `tributary-bank-csv/1`. */
export type BankMapping = z.output<typeof bankMapping>

/** Reads a mapping file's content. Throws `INVALID_INPUT` that names the place at fault. */
export function parseBankMapping(content: unknown): BankMapping {
  return parseWith(bankMapping, content, 'mapping')
}

/** The columns without which a file does not fit the mapping. */
export function columnsOfMapping(mapping: BankMapping): readonly string[] {
  const expressions = Object.values(mapping).filter((value): value is MappingExpression => typeof value === 'object')
  return [...new Set(expressions.flatMap(columnsOf))]
}
