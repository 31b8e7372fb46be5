import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, test } from 'vitest'
import { uuidOf } from '../../../kernel/ids.ts'
import { amountText } from '../../../ledger/documents/pdf/amount-text.ts'
import { woffToSfnt } from '../../../ledger/documents/pdf/woff-to-sfnt.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import type { StatementDetail } from '../../../ledger/settlement/find-statement.ts'
import type { Language } from '../../../ledger/splits/explain/words.ts'
import { useWorld } from '../../support/database.ts'
import { consentTo, defineSettlement, dispute, type Issued, issued } from '../disputes/scene.ts'
import { lastOf } from '../settlement/corrections/scene.ts'
import { customersIn, earn, refer } from '../settlement/scene.ts'
import { readPdf } from './pdf-text.ts'
import { bytesOf, documentOf, sealAll } from './scene.ts'

const world = useWorld()
const NAME = 'Harbour & Łódź Scenario Partners (Международная) Holdings Limited, 海港国际旅行场景合作伙伴控股有限公司'
const LINES = 210
const A4 = '0 0 595.28 841.89'
let february: Issued
let march: StatementDetail

/** February with a dispute; March with many lines, and a refund that leaves the partner owing. */
beforeAll(async () => {
  await defineSettlement(world)
  february = await issued(world, {
    tax: { vatPpm: 60_000, withholdingPpm: 100_000 },
    holdback: { ppm: 100_000, periods: 1 },
  })
  const { member, programme } = february
  await world.owner`update partners set name = ${NAME} where id = ${uuidOf(member.partner)}`
  await dispute(world, february, { reason: 'two are missing', amount: '2.50' })
  await sealAll(world)
  world.clock.set('2026-04-02T00:00:00Z')
  const customers = await customersIn(world, LINES)
  await refer(world.context, member, { customers, at: '2026-03-02T00:00:00Z' })
  for (const [index, customer] of customers.entries()) {
    await earn(world.context, customer, [[`m${index}`, 123_456 + index, '2026-03-10T00:00:00Z']])
  }
  await earn(world.context, february.customers[0] ?? '', [['refund', -400_000_000, '2026-02-11T00:00:00Z']])
  await closePeriod(world.context, { programme, month: '2026-03' })
  march = await lastOf(world, member)
}, 60_000)

async function pagesOf(statement: StatementDetail, language: Language = 'en') {
  return readPdf(await bytesOf(await documentOf(world, statement, { language }), 'pdf'))
}

describe('the PDF of a statement', () => {
  test('is A4, with every amount, the dispute, the checkpoint, and its pages counted', async () => {
    const { statement } = february
    const pages = await pagesOf(statement)
    const texts = pages.flatMap((page) => page.texts)
    const whole = texts.join(' ')
    for (const name of ['opening', 'payout', 'vat', 'withholding', 'transfer', 'closing', 'held'] as const) {
      const minor = name === 'withholding' ? -statement[name] : statement[name]
      expect(texts).toContain(amountText(minor, statement.asset))
    }
    expect(texts).toEqual(expect.arrayContaining(['Example Brokerage', 'Partner statement', statement.number, '2.50']))
    expect(whole).toContain('two are missing')
    expect(whole).toContain('This statement is record')
    expect(whole).toContain('tributary.example')
    expect(pages.map(({ size }) => size)).toEqual(pages.map(() => A4))
    expect(pages.map(({ texts: all }) => all.at(-1))).toEqual(pages.map((_, n) => `Page ${n + 1} of ${pages.length}`))
  })

  test('is in Chinese for who reads Chinese', async () => {
    const whole = (await pagesOf(february.statement, 'zh-CN')).flatMap(({ texts }) => texts).join('')
    for (const words of [
      '合作伙伴结算单',
      '期初余额',
      '增值税',
      '代扣税款',
      '转账金额',
      '异议',
      '第 1 页',
      '海港国际',
    ]) {
      expect(whole).toContain(words)
    }
    expect(whole).not.toContain('\ufffd')
  })

  test('sets a name in whatever script it is, and writes what no font has without its mark', async () => {
    const whole = (await pagesOf(february.statement)).flatMap(({ texts }) => texts).join('')
    expect(whole).toContain('Harbour & Lódz Scenario Partners (')
    expect(whole).toContain('Международная')
    expect(whole).toContain('海港国际')
  })

  test('goes on over pages under the same headings, with thousands apart and debts below zero', async () => {
    const pages = await pagesOf(march)
    expect(pages.length).toBeGreaterThan(10)
    const headings = ['Line', 'Contribution', 'Explanation', 'Amount']
    for (const { texts } of pages.slice(1, -2)) expect(texts.slice(0, 4)).toEqual(headings)
    const texts = pages.flatMap((page) => page.texts)
    expect(texts).toContain('Closing balance, owed by the partner')
    expect(march.closing).toBeLessThan(-1_000_000n)
    expect(texts).toContain(amountText(march.closing, march.asset))
    expect(texts.filter((text) => /^1\.[0-9]+$/.test(text))).toHaveLength(LINES)
    expect(texts.join(' ')).toContain('not sealed in the log yet')
  })

  test('prints the first lines alone of a long one, and says where the others are', async () => {
    const document = await documentOf(world, march)
    async function* lines(most = 0) {
      const [line] = await Array.fromAsync(document.lines(1))
      if (line !== undefined) for (let lineNo = 1; lineNo <= most; lineNo++) yield { ...line, lineNo }
    }
    const statement = { ...document.statement, lineCount: 1_000_000 }
    const pages = readPdf(await bytesOf({ ...document, statement, lines }, 'pdf'))
    const whole = pages.flatMap(({ texts }) => texts).join(' ')
    expect(whole).toContain('The first 300 of 1000000 lines are printed here')
  })

  test('tells a partner what is not shown, and shows what a customer lets it see', async () => {
    const { member, customers, statement } = february
    await consentTo(world, member, customers[1] ?? '')
    const document = await documentOf(world, statement, { caller: member })
    const texts = readPdf(await bytesOf(document, 'pdf')).flatMap((page) => page.texts)
    expect(texts.filter((text) => /^1\.[0-9]+$/.test(text))).toEqual(['1.2'])
    expect(texts.join(' ')).toContain('2 lines are not shown')
  })

  test('has the same bytes each time', async () => {
    const [first, second] = [
      await bytesOf(await documentOf(world, march), 'pdf'),
      await bytesOf(await documentOf(world, march), 'pdf'),
    ]
    expect(first.equals(second)).toBe(true)
    expect(first.toString('latin1')).toContain('/CreationDate')
    expect(first.toString('latin1')).toContain('(D:20260402000000Z)')
  })
})

test('a font is inflated to what it was, table by table', () => {
  const name = '@fontsource/noto-sans-sc/files/noto-sans-sc-latin-400-normal.woff'
  const font = woffToSfnt(readFileSync(createRequire(import.meta.url).resolve(name)))
  const count = font.readUInt16BE(4)
  const tags: string[] = []
  for (let index = 0; index < count; index++) {
    const entry = font.subarray(12 + 16 * index, 28 + 16 * index)
    const tag = entry.toString('latin1', 0, 4)
    const [checksum, offset, length] = [entry.readUInt32BE(4), entry.readUInt32BE(8), entry.readUInt32BE(12)]
    let sum = 0
    for (let at = offset; at < offset + length; at += 4) {
      // the head's own adjustment does not count
      if (tag !== 'head' || at !== offset + 8) sum = (sum + font.readUInt32BE(at)) >>> 0
    }
    expect([tag, sum]).toEqual([tag, checksum])
    tags.push(tag)
  }
  expect(tags).toEqual(expect.arrayContaining(['cmap', 'glyf', 'head', 'hmtx', 'loca']))
})

test.each([
  [123456789n, 'CNY/2', '1,234,567.89'],
  [-123456n, 'CNY/2', '-1,234.56'],
  [-12n, 'CNY/2', '-0.12'],
  [1234567n, 'PTS/0', '1,234,567'],
  [1234567891n, 'USDC/6', '1,234.567891'],
] as const)('%s of %s is written %s', (minor, asset, text) => {
  expect(amountText(minor, asset)).toBe(text)
})
