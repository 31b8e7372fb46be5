import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Asset, parseDecimal } from '../../../kernel/money.ts'
import { CHART, isChartName } from '../../../ledger/journal/chart.ts'
import { exportJournal } from '../../../ledger/journal/export-journal.ts'
import { checkFinanceChart } from '../../../ledger/journal/finance/check-finance-chart.ts'
import { parseFinanceChart } from '../../../ledger/journal/finance/parse-finance-chart.ts'
import type { JournalFormat } from '../../../ledger/journal/journal-format.ts'
import { useWorld } from '../../support/database.ts'
import { beancountBalances, hledgerBalances } from './eyes.ts'
import { post, someEntry } from './scene.ts'

const world = useWorld()
const example = async () =>
  parseFinanceChart(JSON.parse(await readFile(new URL('../../../examples/chart-cas.json', import.meta.url), 'utf8')))

beforeAll(async () => {
  const moved = (from: `${string}:${string}`, to: `${string}:${string}`, minor: bigint, asset: Asset = 'CNY/2') =>
    someEntry({
      postings: [
        { account: from, asset, minor },
        { account: to, asset, minor: -minor },
      ],
    })
  await post(
    world.context,
    moved('Expenses:PartnerShare:spring', 'Partner:Accrued:harbour', 1230n),
    moved('Partner:Accrued:harbour', 'Partner:Payable:harbour', 1000n),
    moved('Partner:Payable:harbour', 'Clearing:Payouts', 600n),
    moved('Clearing:Payouts', 'Bank:house', 600n),
    moved('Partner:Payable:harbour', 'Bank:house', 7n, 'USD/2'),
    moved('Points:Issued', 'Points:Customer:pta_1', 5n, 'PTS/0'),
    moved('Points:Issued', 'Points:Customer:pta_2', 6n, 'PTS/0'),
  )
})

async function exported(format: JournalFormat, chart?: Awaited<ReturnType<typeof example>>): Promise<string> {
  const parts: string[] = []
  await exportJournal(world.context, { format, chart }, (text) => void parts.push(text))
  return parts.join('')
}

describe('a mapping to the finance system', () => {
  test('places an account by its longest prefix, and by its asset before none', async () => {
    const chart = await example()
    const codeOf = (account: string, asset: Asset = 'CNY/2') => chart(account, asset)?.code
    expect(codeOf('Partner:Payable:harbour')).toBe('2202')
    expect(codeOf('Partner:Holdback:harbour')).toBe('2202.02')
    expect([codeOf('Bank:house'), codeOf('Bank:house', 'USD/2'), codeOf('Bank:Chain:0x1', 'USD/2')]).toEqual([
      '1002',
      '1002.02',
      '1012',
    ])
    expect(codeOf('Partners:Payable')).toBeUndefined()
    expect(chart('Partner:Payable:harbour', 'CNY/2')?.below).toEqual(['Payable', 'harbour'])
  })

  test('in the examples has every account of ours', async () => {
    const chart = await example()
    const names = Object.keys(CHART).filter(isChartName)
    expect(names.filter((name) => chart(`${name}:x`, 'CNY/2') === undefined)).toEqual([])
  })

  test.each([
    [[], 'accounts'],
    [[{ account: 'partner', code: '1', name: 'a' }], 'accounts.0.account'],
    [[{ account: 'Partner', code: '', name: 'a' }], 'accounts.0.code'],
    [[{ account: 'Partner', code: '1', name: 'a:b' }], 'accounts.0.name'],
    [[{ account: 'Partner', code: '1', name: 'two  spaces' }], 'accounts.0.name'],
    [[{ account: 'Partner', code: '1', name: 'a ; b' }], 'accounts.0.name'],
    [[{ account: 'Partner', asset: 'CNY', code: '1', name: 'a' }], 'accounts.0.asset'],
    [[{ account: 'Partner', code: '1', name: 'a', more: 1 }], 'accounts.0.more'],
    [
      [
        { account: 'Partner', code: '1', name: 'a' },
        { account: 'Partner', code: '2', name: 'b' },
      ],
      'accounts.1.account',
    ],
    [
      [
        { account: 'Partner', code: '1', name: 'a' },
        { account: 'Bank', code: '1', name: 'b' },
      ],
      'accounts.1.name',
    ],
  ])('that is none is refused: %j', (accounts, field) => {
    expect(() => parseFinanceChart({ accounts })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', field }))
  })

  test('says which accounts it lacks, those of customers as one, and no export is made with it', async () => {
    const chart = parseFinanceChart({ accounts: [{ account: 'Partner', code: '2202', name: '应付账款' }] })
    const lacking = (await checkFinanceChart(world.context, chart)).filter(({ finance }) => finance === undefined)
    expect(lacking.map(({ account, asset }) => `${account} ${asset}`)).toEqual([
      ...['Bank:house CNY/2', 'Bank:house USD/2', 'Clearing:Payouts CNY/2', 'Expenses:PartnerShare:spring CNY/2'],
      ...['Points:Customer PTS/0', 'Points:Issued PTS/0'],
    ])
    for (const format of ['hledger', 'beancount', 'csv'] as const) {
      await expect(exported(format, chart)).rejects.toMatchObject({
        code: 'ACCOUNT_UNMAPPED',
        message: expect.stringContaining('Bank:house in CNY/2, Bank:house in USD/2'),
      })
    }
  })
})

describe('the journal by the finance system’s accounts', () => {
  const BALANCES = ['1002 CNY -600', '1002.02 USD -7', '2202 CNY -630', '2202 USD 7', '6421 CNY 1230', '8001 PTS 0']

  test('is accepted by hledger, which finds the same under each code', async () => {
    const told = await hledgerBalances(await exported('hledger', await example()))
    expect(sumsOf(told)).toEqual(BALANCES.filter((line) => !line.startsWith('8001')))
    expect(told).toContain('2202 应付账款:Payable:harbour CNY/2 -4.00')
  })

  test('is accepted by beancount', async () => {
    const text = await exported('beancount', await example())
    expect(text).toContain('open Liabilities:2202-应付账款:Payable:Harbour')
    expect(await beancountBalances(text)).not.toEqual([])
  })

  test('is told by two more columns in CSV', async () => {
    const rows: Record<string, string>[] = parse(await exported('csv', await example()), { columns: true })
    expect(rows[0]).toMatchObject({ account: 'Expenses:PartnerShare:spring', code: '6421', name: '手续费及佣金支出' })
    const sums = new Map<string, bigint>()
    for (const { code = '', asset = '', amount = '' } of rows) {
      const key = `${code} ${asset.split('/')[0]}`
      sums.set(key, (sums.get(key) ?? 0n) + parseDecimal(amount, asset as Asset))
    }
    expect([...sums].map(([key, sum]) => `${key} ${sum}`).toSorted()).toEqual([
      ...BALANCES.slice(0, 2),
      '2202 CNY -630',
      '2202 USD 7',
      '2241.01 CNY 0',
      '6421 CNY 1230',
      '8001 PTS 0',
    ])
  })
})

/** `code currency minor` out of lines such as `2202 应付账款:harbour CNY/2 -4.00`. */
function sumsOf(told: readonly string[]): readonly string[] {
  const sums = new Map<string, bigint>()
  for (const line of told) {
    const [, code = '', asset = '', amount = ''] = /^(\S+) .* (\S+) (\S+)$/.exec(line) ?? []
    const key = `${code} ${asset.split('/')[0]}`
    sums.set(key, (sums.get(key) ?? 0n) + parseDecimal(amount, asset as Asset))
  }
  const all = [...sums].filter(([, sum]) => sum !== 0n)
  return all.map(([key, sum]) => `${key} ${sum}`).toSorted()
}
