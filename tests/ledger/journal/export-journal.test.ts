import { beforeAll, describe, expect, test } from 'vitest'
import { exportJournal } from '../../../ledger/journal/export-journal.ts'
import { useWorld } from '../../support/database.ts'
import { hledgerBalances, ourBalances } from './eyes.ts'
import { post, someEntry } from './scene.ts'

const world = useWorld()
const ENTRIES = 2300

beforeAll(async () => {
  const strange = [
    someEntry({ description: '=HYPERLINK("x"); a | b (c) ; d', reference: '-weird (ref); *' }),
    someEntry({ description: '* ! 2026-01-01 "quoted", 渠道分成', at: new Date('2026-01-01T00:00:00Z') }),
    someEntry({ description: '-5', reference: '@sum' }),
    someEntry({
      description: '',
      postings: [
        { account: 'Points:Issued', asset: 'PTS/0', minor: 1000n },
        { account: 'Points:Customer', asset: 'PTS/0', minor: -1000n },
        { account: 'Clearing:Payouts', asset: 'KWD/3', minor: 1234n },
        { account: 'Bank:Main', asset: 'KWD/3', minor: -1234n },
      ],
    }),
    someEntry({
      postings: [
        { account: 'Clearing:Payouts', asset: 'USD2/6', minor: 1_000_001n },
        { account: 'Bank:Main', asset: 'USD2/6', minor: -1_000_001n },
      ],
    }),
  ]
  const many = Array.from({ length: ENTRIES - strange.length }, (_, index) =>
    someEntry({ at: new Date(Date.UTC(2026, 0, 1 + (index % 90))) }),
  )
  await post(world.context, ...strange, ...many)
})

async function exported(format: 'hledger' | 'csv'): Promise<string> {
  const parts: string[] = []
  const { entries } = await exportJournal(world.context, { format }, (text) => {
    parts.push(text)
  })
  expect(entries).toBe(ENTRIES)
  expect(parts.length).toBe(4)
  return parts.join('')
}

describe('the export for hledger', () => {
  test('passes its strict checks, and its balances are ours', async () => {
    expect(await hledgerBalances(await exported('hledger'))).toEqual(await ourBalances(world.context))
  })

  test('has every entry once, under its date in UTC, and no text ends its line or begins a comment', async () => {
    const text = await exported('hledger')
    expect(text.match(/^ {4}; entry:jre_[0-9a-f]{32}$/gm)).toHaveLength(ENTRIES)
    expect(text).toContain('2026-03-31 * (-weird ,ref,, *) =HYPERLINK,"x",, a , b ,c, , d\n')
    expect(text).toContain('    Clearing:Payouts  "USD2" 1.000001\n')
    expect(text.match(/^account Bank:Main$/gm)).toHaveLength(1)
  })
})

describe('the export as CSV', () => {
  test('has a line for each posting, and no cell that a spreadsheet takes for a formula', async () => {
    const lines = (await exported('csv')).split('\r\n')
    expect(lines[0]).toBe('entry,at,reference,description,period,line,account,asset,amount')
    expect(lines.length).toBe(ENTRIES * 2 + 2 + 2)
    const text = lines.join('\n')
    expect(text).toContain(`,'-weird (ref); *,"'=HYPERLINK(""x""); a | b (c) ; d",`)
    expect(text).toContain(",'@sum,-5,,1,Partner:Accrued:harbour,CNY/2,-12.30")
    expect(text).not.toMatch(/(?:^|,)"?[=+@]/m)
  })
})
