import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../database/client.ts'
import type { Context } from '../../../database/context.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { recordRevenue } from '../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { contextOver, TEST_TIME, useWorld } from '../../support/database.ts'
import { commission, customer, leadBound, liveCaller, outcomesOf, referral } from './factories.ts'
import type { ReportingOrder } from './reporting-process.ts'

const world = useWorld()
let second: Database
let other: Context

beforeAll(() => {
  second = openDatabase(world.address, 'tributary:tests:second', 4)
  other = contextOver(second, world.clock)
})
afterAll(() => second.close())

/** Two pools, as two processes have them. */
const contexts = (): readonly Context[] => [world.context, other, world.context, other]

const countOf = (results: readonly string[], outcome: string): number =>
  results.filter((result) => result === outcome).length

describe('the same facts in two processes at once', () => {
  test('contributions have one effect, ten thousand of them', { timeout: 60_000 }, async () => {
    const { caller } = await liveCaller(world.context)
    const { partner } = caller
    const order: ReportingOrder = { address: world.address, now: TEST_TIME, partner, items: 10_000, batch: 2_500 }
    const told = await Promise.all([run(order), run({ ...order, batch: 1_000 })])
    const total = (outcome: 'recorded' | 'replayed' | 'refused'): number =>
      told.reduce((sum, one) => sum + one[outcome], 0)
    expect([total('recorded'), total('replayed'), total('refused')]).toEqual([10_000, 10_000, 0])
    const rows = await world.owner`select from contributions where partner_id = ${uuidOf(partner)}`
    const records = await world.owner`
      select from records where kind = 'contribution' and partner_id = ${uuidOf(partner)}`
    expect([rows.count, records.count]).toEqual([10_000, 10_000])
  })

  const PROCESS = fileURLToPath(new URL('reporting-process.ts', import.meta.url))
  const run = async (order: ReportingOrder): Promise<Record<'recorded' | 'replayed' | 'refused', number>> =>
    JSON.parse((await promisify(execFile)(process.execPath, [PROCESS, JSON.stringify(order)])).stdout)
})

describe('the same facts on two pools at once', () => {
  test('contributions have one effect, in whatever order they stand in the batches', async () => {
    const { caller } = await liveCaller(world.context)
    const items = Array.from({ length: 40 }, (_, index) => referral(`c-${index}`, { lead: `lead-${index % 7}` }))
    const batches = [items, items.toReversed(), items.slice(10), items.toReversed().slice(10)]
    const results = await Promise.all(
      contexts().map((context, place) => reportContributions(context, { caller, items: batches[place] ?? [] })),
    )
    const all = results.flat()
    expect(countOf(outcomesOf(all), 'recorded')).toBe(40)
    expect(countOf(outcomesOf(all), 'replayed')).toBe(100)
    expect(new Set(all.map((result) => result.outcome !== 'refused' && result.id)).size).toBe(40)
    const rows = await world.owner`
      select from contributions c join records r on r.id = c.record_id where c.partner_id = ${uuidOf(caller.partner)}`
    const records = await world.owner`
      select from records where kind = 'contribution' and partner_id = ${uuidOf(caller.partner)}`
    expect([rows.length, records.length]).toEqual([40, 40])
  })

  test('of different contents under one key, one stands and the others are refused', async () => {
    const { caller } = await liveCaller(world.context)
    const results = await Promise.all(
      contexts().map((context, place) => {
        const items = [referral('one', { lead: 'l', quantity: place })]
        return reportContributions(context, { caller, items })
      }),
    )
    expect(outcomesOf(results.flat()).toSorted()).toEqual([
      'IDEMPOTENCY_CONFLICT',
      'IDEMPOTENCY_CONFLICT',
      'IDEMPOTENCY_CONFLICT',
      'recorded',
    ])
  })

  test('revenue has one effect', async () => {
    const { accountKey } = await customer(world)
    const items = Array.from({ length: 40 }, (_, index) => commission(`r-${index}`, accountKey))
    const batches = [items, items.toReversed(), items, items.toReversed()]
    const results = await Promise.all(
      contexts().map((context, place) => recordRevenue(context, { source: 'core', items: batches[place] ?? [] })),
    )
    expect(countOf(outcomesOf(results.flat()), 'recorded')).toBe(40)
    const rows = await world.owner`select from records where kind = 'revenue_event'`
    expect(rows).toHaveLength(40)
  })
})

describe('bindings and contributions at once', () => {
  test('no contribution misses the binding of its lead', async () => {
    const { caller, code } = await liveCaller(world.context)
    const { id, accountKey } = await customer(world)
    const leads = Array.from({ length: 12 }, (_, index) => `lead-${index}`)
    await Promise.all(
      leads.flatMap((lead) => [
        reportContributions(world.context, { caller, items: [referral(`c-${lead}`, { lead })] }),
        recordRevenue(other, {
          source: 'core',
          items: [leadBound(`b-${lead}`, { partner: code, lead, customer: accountKey })],
        }),
      ]),
    )
    const rows = await world.owner`
      select from contributions where partner_id = ${uuidOf(caller.partner)} and customer_id = ${uuidOf(id)}
        and status = 'CONFIRMED'`
    expect(rows).toHaveLength(12)
  })

  test('bindings of many partners in opposite orders from two sources do not block each other', async () => {
    const partners = [await liveCaller(world.context), await liveCaller(world.context)]
    const { accountKey } = await customer(world)
    const items = partners.flatMap(({ code }) =>
      [1, 2, 3].map((n) => leadBound(`d-${code}-${n}`, { partner: code, lead: `lead-${n}`, customer: accountKey })),
    )
    const results = await Promise.all([
      recordRevenue(world.context, { source: 'east', items }),
      recordRevenue(other, { source: 'west', items: items.toReversed() }),
      recordRevenue(world.context, { source: 'north', items: items.toReversed() }),
      recordRevenue(other, { source: 'south', items }),
    ])
    expect(countOf(outcomesOf(results.flat()), 'recorded')).toBe(6)
    expect(countOf(outcomesOf(results.flat()), 'replayed')).toBe(18)
  })
})

test('a report that starts after a suspension was committed is refused, whatever came before it', async () => {
  const { caller, code } = await liveCaller(world.context)
  const items = [referral('a', { lead: 'l' })]
  await reportContributions(other, { caller, items })
  await changePartnerStatus(world.context, { partner: code, status: 'SUSPENDED', reason: 'audit' })
  await expect(reportContributions(other, { caller, items })).rejects.toMatchObject({ code: 'FORBIDDEN' })
})
