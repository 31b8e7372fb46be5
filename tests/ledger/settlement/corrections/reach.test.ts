import { beforeEach, expect, test } from 'vitest'
import { recordRevenue } from '../../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../../ledger/facts/report-contributions.ts'
import { useWorld } from '../../../support/database.ts'
import { customersIn, earn } from '../scene.ts'
import { corrections, lastOf, type Member, memberOf, referredIn } from './scene.ts'

const world = useWorld()

beforeEach(() => {
  world.clock.set('2026-08-02T00:00:00Z')
})

/** The member tells what it did with a customer, who is known at once. */
async function did(member: Member, customer: string, item: { readonly at: string; readonly [name: string]: unknown }) {
  const { at, ...more } = item
  const externalId = `${member.code}-${customer}-${at}`
  const told = { externalId, lead: externalId, occurredAt: `${at}T00:00:00Z`, ...more }
  expect(await reportContributions(world.context, { caller: member, items: [told] })).toMatchObject([
    { outcome: 'recorded' },
  ])
  const bound = { type: 'lead_bound', externalId, partner: member.code, lead: externalId, customer }
  await recordRevenue(world.context, { source: 'core', items: [{ ...bound, occurredAt: '2026-02-01T00:00:00Z' }] })
}

test('a balance that comes late moves the mark of later months, and takes back what was above it', async () => {
  const rule = { kind: 'AUM_INCREMENT_TIERS', tiers: [{ ppm: 100_000 }], mode: 'GRADUATED', basis: 'BALANCE' }
  const { member, customer, close } = await referredIn(world, { rules: [{ ...rule, highWaterMark: true }] })
  const balance = (name: string, minor: number, at: string) =>
    earn(world.context, customer, [[name, minor, `${at}T00:00:00Z`]], { base: 'ASSETS' })
  await balance('first', 1000, '2026-02-03')
  await balance('march', 5000, '2026-03-20')
  await close('2026-02')
  await close('2026-03')
  await balance('late', 3000, '2026-02-20')
  await close('2026-04')
  expect(corrections(await lastOf(world, member))).toEqual([
    ['2026-02', 'AUM_INCREMENT_TIERS', 200n],
    ['2026-03', 'AUM_INCREMENT_TIERS', -200n],
  ])
})

test('a report of a course that comes late takes from the month that had its progress', async () => {
  const { member, customer, close } = await referredIn(world, {
    rules: [{ kind: 'COURSE_COMPLETION', ratePpm: 300_000 }],
  })
  const course = { kind: 'COURSE_COMPLETION', course: 'options', units: 12, asset: 'CNY/2', minor: 19_900 }
  await did(member, customer, { ...course, at: '2026-02-05', quantity: 3 })
  await did(member, customer, { ...course, at: '2026-03-05', quantity: 12 })
  await close('2026-02')
  await close('2026-03')
  await did(member, customer, { ...course, at: '2026-02-25', quantity: 7 })
  await close('2026-04')
  // W2: 1492, 3482 and 5970 in all
  expect(corrections(await lastOf(world, member))).toEqual([
    ['2026-02', 'COURSE_COMPLETION', 1990n],
    ['2026-03', 'COURSE_COMPLETION', -1990n],
  ])
})

test('a touch that comes late shares in a conversion of the month after it', async () => {
  const rule = { kind: 'POOL_SPLIT', poolPpm: 1_000_000, housePpm: 0, attribution: { model: 'LINEAR' } }
  const { programme, member, close } = await referredIn(world, { lookbackDays: 10, rules: [rule] })
  const other = await memberOf(world, programme)
  const [customer = ''] = await customersIn(world, 1)
  await did(other, customer, { kind: 'DATA', at: '2026-02-27' })
  await earn(world.context, customer, [['sold', 1000, '2026-03-05T00:00:00Z']])
  await close('2026-02')
  await close('2026-03')
  await did(member, customer, { kind: 'DATA', at: '2026-02-26' })
  expect(await close('2026-04')).toMatchObject({ lateFacts: 1, earned: 500n, clawbacks: -500n })
  expect(corrections(await lastOf(world, other))).toEqual([['2026-03', 'POOL_SPLIT', -500n]])
})

test('a touch that comes late is on a path that ended without a conversion up to two lookbacks later', async () => {
  const rule = { kind: 'POOL_SPLIT', poolPpm: 1_000_000, housePpm: 0, attribution: { model: 'MARKOV' } }
  const { programme, member, close } = await referredIn(world, { lookbackDays: 10, rules: [rule] })
  const other = await memberOf(world, programme)
  const [sold = '', quiet = ''] = await customersIn(world, 2)
  await did(other, sold, { kind: 'DATA', at: '2026-03-10' })
  await did(member, sold, { kind: 'DATA', at: '2026-03-11' })
  await earn(world.context, sold, [['sold', 1000, '2026-03-12T00:00:00Z']])
  // ten quiet days after it end in March
  await did(other, quiet, { kind: 'DATA', at: '2026-02-24' })
  await close('2026-02')
  await close('2026-03')
  const before = await lastOf(world, member)
  await did(member, quiet, { kind: 'DATA', at: '2026-02-15' })
  expect((await close('2026-04')).lateFacts).toBe(1)
  // without either of them nothing was sold
  expect(before.earned).toBe(500n)
  expect(corrections(await lastOf(world, member)).map(([month, kind]) => [month, kind])).toEqual([
    ['2026-03', 'POOL_SPLIT'],
  ])
})

test('a flow that takes back another counts in the month of that one, and takes from no other', async () => {
  const rule = { kind: 'AUM_INCREMENT_TIERS', tiers: [{ ppm: 100_000 }], mode: 'GRADUATED', basis: 'NET_FLOWS' }
  const { member, customer, close } = await referredIn(world, { rules: [{ ...rule, highWaterMark: false }] })
  const flow = (name: string, minor: number, at: string, more = {}) =>
    earn(world.context, customer, [[name, minor, `${at}T00:00:00Z`]], { base: 'FLOWS', ...more })
  await flow('in', 5000, '2026-02-10')
  await flow('more', 3000, '2026-03-10')
  await close('2026-02')
  await close('2026-03')
  await flow('out', -1000, '2026-03-11', { refundOf: `in-${customer}` })
  await close('2026-04')
  expect(corrections(await lastOf(world, member))).toEqual([['2026-02', 'AUM_INCREMENT_TIERS', -100n]])
})

test('traffic that comes late changes its own month alone', async () => {
  const rule = { kind: 'TRAFFIC_UNIT_FEE', feePerThousand: 1000, unit: 'CLICK' }
  const { member, close } = await referredIn(world, { rules: [rule] })
  const traffic = (at: string) => ({ kind: 'TRAFFIC', unit: 'CLICK', quantity: 500, externalId: at, occurredAt: at })
  await reportContributions(world.context, { caller: member, items: [traffic('2026-03-10T00:00:00Z')] })
  await close('2026-02')
  await close('2026-03')
  await reportContributions(world.context, { caller: member, items: [traffic('2026-02-10T00:00:00Z')] })
  await close('2026-04')
  expect(corrections(await lastOf(world, member))).toEqual([['2026-02', 'TRAFFIC_UNIT_FEE', 500n]])
})
