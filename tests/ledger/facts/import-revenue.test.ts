import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importRevenue } from '../../../ledger/facts/import-revenue.ts'
import { useWorld } from '../../support/database.ts'
import { commission, customer, leadBound, liveCaller, referral, reportOne } from './factories.ts'

const world = useWorld()
let folder: string
let account: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-revenue-'))
  account = (await customer(world, { accountKey: 'A-1' })).accountKey
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function fileOf(name: string, lines: readonly (object | string)[]): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''))
  return file
}

const totalOf = async (source: string) => {
  const [row] = await world.owner<{ count: number; total: string }[]>`
    select count(*)::integer as count, coalesce(sum(amount), 0)::text as total from revenue_events where source = ${source}`
  return row
}

describe('a file of facts', () => {
  test('in NDJSON holds revenue and bindings; bad lines are refused by number, the others stand', async () => {
    const { caller, code } = await liveCaller(world.context)
    await reportOne(world.context, caller, referral('c-1', { lead: 'lead-1' }))
    const file = await fileOf('facts.ndjson', [
      commission('n-1', account),
      commission('n-2', 'nobody'),
      'no JSON',
      leadBound('n-3', { partner: code, lead: 'lead-1', customer: account }),
      commission('n-1', account),
      commission('n-1', account, { amount: '99.00' }),
      commission('n-4', account, { amount: '1.005' }),
    ])
    const report = await importRevenue(world.context, { file, source: 'ndjson' })
    expect(report).toMatchObject({ rows: 7, created: 2, unchanged: 1, refused: 4 })
    expect(report.firstRefused.map(({ line, code: why, field }) => [line, why, field])).toEqual([
      [2, 'NOT_FOUND', 'customer'],
      [3, 'INVALID_INPUT', undefined],
      [6, 'IDEMPOTENCY_CONFLICT', 'externalId'],
      [7, 'INVALID_INPUT', 'amount'],
    ])
    expect(await totalOf('ndjson')).toEqual({ count: 1, total: '1233' })
  })

  test('in CSV leaves out what an empty cell leaves out', async () => {
    const file = await fileOf('facts.csv', [
      'externalId,customer,base,asset,amount,occurredAt,product,market,refundOf',
      `v-1,${account},COMMISSION,CNY/2,12.33,2026-01-20T00:00:00Z,,HK,`,
      `v-2,${account},COMMISSION,CNY/2,-2.33,2026-01-21T00:00:00+08:00,,,v-1`,
    ])
    expect(await importRevenue(world.context, { file, source: 'csv' })).toMatchObject({ created: 2, refused: 0 })
    expect(await totalOf('csv')).toEqual({ count: 2, total: '1000' })
  })

  test('that was imported before changes nothing, nor do its facts in another file', async () => {
    const lines = [1, 2, 3].map((n) => commission(`t-${n}`, account))
    const file = await fileOf('twice.ndjson', lines)
    const other = await fileOf('other.ndjson', [...lines.toReversed(), commission('t-4', account)])
    expect(await importRevenue(world.context, { file })).toMatchObject({ created: 3 })
    expect(await importRevenue(world.context, { file })).toMatchObject({ created: 0, unchanged: 3 })
    expect(await importRevenue(world.context, { file: other })).toMatchObject({ created: 1, unchanged: 3 })
    expect(await totalOf('broker')).toMatchObject({ count: 4 })
  })

  test('that is not there is refused', async () => {
    const imported = importRevenue(world.context, { file: path.join(folder, 'missing.ndjson') })
    await expect(imported).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
