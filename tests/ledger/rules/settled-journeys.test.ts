import { expect, test } from 'vitest'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import type { FactResult } from '../../../ledger/facts/fact-result.ts'
import { recordRevenue } from '../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { findStatement } from '../../../ledger/settlement/find-statement.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import { useWorld } from '../../support/database.ts'
import { freshCode, liveMember, programmeWith } from '../settlement/scene.ts'
import { CONVERTED_AT, type Journey, MODELS, naiveSharesOf, poolBy, randomJourneys } from './random-journeys.ts'

// Journeys over a dozen partners are settled on a real database by all seven models at once. For as many as elsewhere:
//
//   RULES_JOURNEYS=10000 npx vitest run tests/ledger/rules/settled-journeys.test.ts
const JOURNEYS = Number(process.env['RULES_JOURNEYS'] ?? 400)
const AT_ONCE = 5000

const RULES = MODELS.map(poolBy)

const world = useWorld()

test(`${JOURNEYS} journeys are settled by all models as by the naive rules`, { timeout: 1_200_000 }, async () => {
  const { context } = world
  world.clock.set('2026-05-02T00:00:00Z')
  const rules = RULES.map((rule) => ({ ...rule, poolPpm: Number(rule.poolPpm), housePpm: Number(rule.housePpm) }))
  const programme = await programmeWith(context, { rules, lookbackDays: 10 })
  const members = []
  for (let place = 0; place < 12; place++) {
    const code = freshCode('partner')
    members.push(await liveMember(context, [programme], { from: '2026-04-01T00:00:00+08:00', code }))
  }
  const codes = members.map(({ code }) => code)
  const journeys = randomJourneys(1, JOURNEYS, codes, 10)
  await addCustomers(journeys.length)
  for (const caller of members) await report(caller, journeys)
  await record(journeys)
  await closePeriod(context, { programme, month: '2026-04' })
  const naive = RULES.map((rule) => naiveSharesOf(rule, journeys))
  for (const { partner, code } of members) {
    const { edges } = await listStatements(context, { partner, page: { first: 10 } })
    const id = edges[0]?.node.id
    const statement = id && (await findStatement(context, { id }))
    const given = (statement || undefined)?.rules.map(({ minor }) => minor)
    expect(given).toEqual(naive.map((shares) => shares[code]))
  }
})

async function addCustomers(count: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, place) => `account ${place}`)
  const ids = keys.map(() => uuidOf(newId('cus')))
  await world.owner`insert into customers (id, account_key) select * from unnest(${ids}::uuid[], ${keys}::text[])`
}

type Member = Awaited<ReturnType<typeof liveMember>>

/** The partner supplies data about the customers that it touches, by a lead each, and the broker tells who they are. */
async function report(caller: Member, journeys: readonly Journey[]): Promise<void> {
  const own = journeys.flatMap(({ touches }, place) =>
    touches.filter(({ code }) => code === caller.code).map((touch) => ({ ...touch, place })),
  )
  const occurredAt = '2026-04-01T00:00:00Z'
  const bound = [...new Set(own.map(({ place }) => place))].map((place) => {
    const named = { externalId: `${caller.code} ${place}`, lead: `${place}`, customer: `account ${place}` }
    return { type: 'lead_bound', partner: caller.code, occurredAt, ...named }
  })
  await inBatches(bound, (items) => recordRevenue(world.context, { source: 'core', items }))
  const told = own.map(({ externalId, at, place }) => {
    return { externalId, kind: 'DATA', lead: `${place}`, occurredAt: new Date(at).toISOString() }
  })
  await inBatches(told, (items) => reportContributions(world.context, { caller, items }))
}

async function record(journeys: readonly Journey[]): Promise<void> {
  const occurredAt = new Date(CONVERTED_AT).toISOString()
  const told = journeys.flatMap(({ minor }, place) => {
    if (minor === undefined) return []
    const of = { externalId: `revenue ${place}`, customer: `account ${place}`, minor: `${minor}` }
    return { type: 'revenue', base: 'COMMISSION', asset: 'CNY/2', occurredAt, ...of }
  })
  await inBatches(told, (items) => recordRevenue(world.context, { source: 'core', items }))
}

async function inBatches(
  items: readonly object[],
  tell: (items: readonly object[]) => Promise<readonly FactResult[]>,
): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    const results = await tell(items.slice(start, start + AT_ONCE))
    expect(results.filter(({ outcome }) => outcome !== 'recorded')).toEqual([])
  }
}
