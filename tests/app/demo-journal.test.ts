import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { loadDemo } from '../../app/demo/load-demo.ts'
import { beancountBalances, csvBalances, exported, hledgerBalances, ourBalances } from '../ledger/journal/eyes.ts'
import { TEST_TIME, useWorld } from '../support/database.ts'

const world = useWorld()

test('the demonstration’s settled months: hledger, beancount and a sum over the CSV find our balances', {
  timeout: 300_000,
}, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-demo-'))
  try {
    const demo = {
      folder,
      now: new Date(TEST_TIME),
      origin: 'http://localhost:4000',
      scale: 0.02,
      onProgress: () => {},
    }
    await loadDemo(world.context, demo)
    const ours = await ourBalances(world.context)
    expect(ours.some((line) => line.startsWith('Partner:Payable:'))).toBe(true)
    expect(ours.some((line) => line.startsWith('Expenses:PartnerShare:'))).toBe(true)
    expect(ours.some((line) => line.startsWith('Points:Customer:'))).toBe(true)
    expect(await hledgerBalances(await exported(world.context, 'hledger'))).toEqual(ours)
    expect(await beancountBalances(await exported(world.context, 'beancount'))).toEqual(ours)
    expect(csvBalances(await exported(world.context, 'csv'))).toEqual(ours)
  } finally {
    await rm(folder, { recursive: true })
  }
})
