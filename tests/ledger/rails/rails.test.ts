import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Asset, decimalsOf, parseDecimal } from '../../../kernel/money.ts'
import { painText } from '../../../ledger/rails/pain-001.ts'
import { paymentCsv } from '../../../ledger/rails/payment-csv.ts'
import { controlSum, type PaymentMessage } from '../../../ledger/rails/payment-message.ts'
import { AMERICAN, anyMessage, CHINESE, GERMAN, MESSAGE } from './messages.ts'
import { all, brokenRules, type Element, readXml } from './pain-rules.ts'

const fixture = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const textIn = (element: Element, name: string): string => all(element, name)[0]?.text ?? ''

describe('pain.001', () => {
  test('is the same text each time, as it was written once', () => {
    expect(painText(MESSAGE)).toBe(readFileSync(fixture('payments.xml'), 'utf8'))
  })

  test('keeps the rules of the schema, and is valid against the official one where that is at hand', () => {
    const texts = [painText(MESSAGE)]
    const rules = fc.property(anyMessage, (message) => {
      const text = painText(message)
      texts.push(text)
      const document = readXml(text)
      expect(brokenRules(document)).toEqual([])
      expect(document.attributes['xmlns']).toBe('urn:iso:std:iso:20022:tech:xsd:pain.001.001.09')
      expectSums(document, message)
    })
    fc.assert(rules, { numRuns: 200 })
    expect(refusedByTheSchema(texts)).toEqual([])
  })

  test('names accounts and banks by what they have', () => {
    const [chinese, german, american] = all(readXml(painText(MESSAGE)), 'CdtTrfTxInf')
    if (!chinese || !german || !american) throw new Error('there are three payments')
    expect([textIn(chinese, 'MmbId'), textIn(chinese, 'Othr') === '', textIn(chinese, 'IBAN')]).toEqual([
      CHINESE.bankCode,
      false,
      '',
    ])
    expect(all(chinese, 'Nm').map(({ text }) => text)).toEqual([CHINESE.bankName, CHINESE.holder])
    expect([textIn(german, 'IBAN'), textIn(german, 'BICFI'), textIn(german, 'Nm')]).toEqual([
      ...[GERMAN.number, GERMAN.bankCode, GERMAN.holder],
    ])
    expect([textIn(american, 'BICFI'), textIn(american, 'IBAN')]).toEqual([AMERICAN.bankCode, ''])
    expect(textIn(chinese, 'Ustrd')).toBe('spring-harbour-01-2026-01')
  })

  test('leaves charges to each side within SEPA alone', () => {
    const bearer = (message: PaymentMessage): string => textIn(readXml(painText(message)), 'ChrgBr')
    const payments = MESSAGE.payments.map((payment) => ({ ...payment, creditor: GERMAN }))
    expect(bearer(MESSAGE)).toBe('DEBT')
    expect(bearer({ ...MESSAGE, payments })).toBe('DEBT')
    expect(bearer({ ...MESSAGE, asset: 'EUR/2', payments })).toBe('SLEV')
  })

  test.each(['USDC/6', 'PTS/0', 'CNY/4', 'JPY/2', 'XXX/2'] as const)('is refused in %s', (asset) => {
    expect(() => painText({ ...MESSAGE, asset })).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
  })

  test('is refused for more digits than the schema has', () => {
    const of = (minor: bigint) => ({
      ...MESSAGE,
      payments: MESSAGE.payments.slice(0, 1).map((one) => ({ ...one, minor })),
    })
    expect(painText(of(10n ** 18n - 1n))).toContain('9999999999999999.99')
    expect(() => painText(of(10n ** 18n))).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
  })
})

/** Count and sum, as the message says and as its payments come to; decimals of the currency. */
function expectSums(document: Element, message: PaymentMessage): void {
  const { asset, payments } = message
  const amounts = all(document, 'InstdAmt')
  expect(amounts.map(({ text }) => minorIn(text, asset))).toEqual(payments.map(({ minor }) => minor))
  for (const { attributes } of amounts) expect(attributes['Ccy']).toBe(asset.slice(0, 3))
  expect(all(document, 'NbOfTxs').map(({ text }) => text)).toEqual([`${payments.length}`, `${payments.length}`])
  for (const { text } of all(document, 'CtrlSum')) expect(minorIn(text, asset)).toBe(controlSum(message))
}

function minorIn(text: string, asset: Asset): bigint {
  expect(text.split('.')[1]?.length ?? 0).toBe(decimalsOf(asset))
  return parseDecimal(text, asset)
}

/** What xmllint refuses by the official schema, which may not be kept here: see docs/payouts.md. */
function refusedByTheSchema(texts: readonly string[]): readonly string[] {
  const schemas = process.env['TRIBUTARY_ISO20022_SCHEMAS']
  if (schemas === undefined) return []
  const folder = mkdtempSync(path.join(tmpdir(), 'pain-'))
  const files = texts.map((text, index) => {
    const file = path.join(folder, `${index}.xml`)
    writeFileSync(file, text)
    return file
  })
  const schema = path.join(schemas, 'pain.001.001.09.xsd')
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, ...files], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  return status === 0 ? [] : [stderr]
}

describe('CSV', () => {
  test('has a line for each payment, and no cell that a spreadsheet would run', () => {
    const lines = parse(paymentCsv(MESSAGE), { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[]
    expect(lines).toHaveLength(3)
    expect(lines[0]).toEqual({
      message_id: MESSAGE.messageId,
      execution_date: '2026-02-11',
      instruction_id: MESSAGE.payments[0]?.instructionId,
      end_to_end_id: MESSAGE.payments[0]?.endToEndId,
      amount: '52528.00',
      currency: 'CNY',
      debtor_name: GERMAN.holder,
      debtor_account: GERMAN.number,
      debtor_bank_code: GERMAN.bankCode,
      creditor_name: CHINESE.holder,
      creditor_account: CHINESE.number,
      creditor_account_scheme: 'CN_DOMESTIC',
      creditor_bank_code: CHINESE.bankCode,
      creditor_bank_name: CHINESE.bankName,
      creditor_country: 'CN',
      remittance: 'spring-harbour-01-2026-01',
    })
    expect(lines[2]?.['creditor_name']).toBe(`'${AMERICAN.holder}`)
  })

  test('holds the same payments as they were given, whatever is in names', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const rows = parse(paymentCsv(message), { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[]
        expect(rows.map((row) => parseDecimal(row['amount'] ?? '', message.asset))).toEqual(
          message.payments.map(({ minor }) => minor),
        )
        for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+@\t\r]/)
      }),
    )
  })
})
