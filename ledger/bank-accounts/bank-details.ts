import { z } from 'zod'
import { lineOfText } from '../../kernel/parse.ts'
import { faultOfIban } from './iban.ts'

export const ACCOUNT_SCHEMES = ['IBAN', 'CN_DOMESTIC', 'OTHER'] as const
export type AccountScheme = (typeof ACCOUNT_SCHEMES)[number]

/** Where money is sent. Whose it is and its number are kept sealed, and never leave but in an instruction to a bank. */
export type BankAccountDetails = {
  readonly holder: string
  readonly scheme: AccountScheme
  /** Without spaces; letters are capitals. */
  readonly number: string
  /** A BIC (ISO 9362); of `CN_DOMESTIC` the bank's 12 digits of CNAPS. */
  readonly bankCode: string
  readonly bankName?: string | undefined
  /** Of the bank, ISO 3166-1 alpha-2. */
  readonly country: string
}

/** What the number of a scheme looks like. */
const NUMBERS: Readonly<Record<AccountScheme, (number: string) => string | undefined>> = {
  IBAN: faultOfIban,
  CN_DOMESTIC: (number) => (/^[0-9]{8,32}$/.test(number) ? undefined : 'it has 8 to 32 digits'),
  OTHER: (number) => (/^[0-9A-Z]{6,34}$/.test(number) ? undefined : 'it has 6 to 34 letters and digits'),
}
const BIC = /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/
const CNAPS = /^[0-9]{12}$/

/** A number as people write it, without spaces and dashes, in capitals. */
export const accountNumber = z.string().max(60, 'it is too long').transform(plainNumber)

const fields = {
  holder: lineOfText(70),
  scheme: z.enum(ACCOUNT_SCHEMES, 'it is IBAN, CN_DOMESTIC or OTHER'),
  number: accountNumber,
  bankCode: z.string().max(20, 'it is too long').transform(plainNumber),
  bankName: lineOfText(140).nullish(),
  country: z.string().regex(/^[A-Z]{2}$/, 'it is no country such as CN'),
}

/** Details as they come from outside; faults name the field and never repeat what is in it. */
export const bankDetails = z.strictObject(fields).transform((given, schema): BankAccountDetails => {
  for (const [field, fault] of faultsOf(given)) schema.addIssue({ code: 'custom', path: [field], message: fault })
  const { bankName, ...details } = given
  return bankName == null ? details : { ...details, bankName }
})

/** Details as we sealed them: what was accepted once is read back, whatever is asked of new ones by now. */
export const sealedDetails: z.ZodType<BankAccountDetails> = z.object({
  holder: z.string(),
  scheme: z.enum(ACCOUNT_SCHEMES),
  number: z.string(),
  bankCode: z.string(),
  bankName: z.string().optional(),
  country: z.string(),
})

/** What may be shown of a number: its last four characters, two of a short one. */
export function maskedNumber(number: string): string {
  return `****${number.slice(number.length < 8 ? -2 : -4)}`
}

function plainNumber(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase()
}

function faultsOf({
  scheme,
  number,
  bankCode,
  country,
}: Omit<BankAccountDetails, 'bankName'>): readonly (readonly [string, string])[] {
  const wrongNumber = NUMBERS[scheme](number)
  const ofChina = scheme === 'CN_DOMESTIC'
  const faults: (readonly [string, string])[] = []
  if (wrongNumber !== undefined) faults.push(['number', wrongNumber])
  if (ofChina && !CNAPS.test(bankCode)) faults.push(['bankCode', 'a bank in China has 12 digits of CNAPS'])
  if (!ofChina && !BIC.test(bankCode)) faults.push(['bankCode', 'it is not a BIC of 8 or 11 characters'])
  if (ofChina && country !== 'CN') faults.push(['country', 'an account in China is in CN'])
  if (scheme === 'IBAN' && country !== number.slice(0, 2)) faults.push(['country', 'it is not the one of the IBAN'])
  return faults
}
