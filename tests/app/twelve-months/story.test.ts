import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OWN_ACCOUNT } from '../../../app/demo/demo-accounts.ts'
import { PROGRAMME } from '../../../app/demo/demo-plan.ts'
import { PROJECTORS } from '../../../app/projectors.ts'
import { addDays, addMonths, type Month, monthSpan } from '../../../kernel/month.ts'
import type { Dispute } from '../../../ledger/disputes/dispute.ts'
import { tieOut } from '../../../ledger/reconciliation/tie-out.ts'
import { closeReport } from '../../../ledger/reports/close-report.ts'
import { verifyStatements } from '../../../ledger/reports/verify-statements.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { exported, hledgerBalances, ourBalances } from '../../ledger/journal/eyes.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { useWorld } from '../../support/database.ts'
import { type Bank, bookTopUps, executed, openBank, pay, returned, topUp } from './bank.ts'
import { type Ecosystem, openEcosystem } from './ecosystem.ts'
import { acceptSome, answer, dispute, leave, silenceCounts, statementOf, writeOff } from './partners.ts'

// What happens in which month, counted from 0.
const DISPUTED: Readonly<Record<number, 'upheld' | 'rejected'>> = { 2: 'upheld', 6: 'rejected' }
const RETURNED: ReadonlySet<number> = new Set([1, 4, 8])
/** All of a partner's revenue of the month before is refunded: it was paid already, and owes. */
const REFUNDED: Readonly<Record<number, string>> = { 3: 'pearl-market', 9: 'cloud-travel' }
const LEAVES: Readonly<Record<number, string>> = { 5: 'silk-road-tours', 9: 'cloud-travel' }
const WRITTEN_OFF: Readonly<Record<number, string>> = { 10: 'cloud-travel' }

const world = useWorld()
let folder: string
let ecosystem: Ecosystem
let bank: Bank

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-year-'))
  ecosystem = await openEcosystem(world, folder)
  bank = openBank(world)
}, 120_000)

afterAll(() => rm(folder, { recursive: true }))

test('twelve months are closed one after another, and at every step statements, journal and hledger agree', {
  timeout: 600_000,
}, async () => {
  const { context, clock } = world
  const { plan, tell } = ecosystem
  let told = plan.since
  for (const [place, month] of plan.months.entries()) {
    const { to } = monthSpan(month, PROGRAMME.timeZone)
    const day = (count: number): void => clock.set(addDays(to, count))
    clock.set(addDays(to, -1))
    await happenings(place, month)
    day(2)
    await tell(told, clock.now())
    told = clock.now()
    expect((await closePeriod(context, { programme: PROGRAMME.code, month })).period.status).toBe('LOCKED')
    await agree()
    day(3)
    const open = await answers(place, month)
    day(14)
    await silenceCounts(context)
    expect(await payAll(place), month).toBeGreaterThan(0)
    if (open !== undefined) await answer(context, open, DISPUTED[place] === 'upheld')
    await agree()
  }
  await end()
})

/** On the last day of a month. */
async function happenings(place: number, month: Month): Promise<void> {
  const refunded = REFUNDED[place]
  if (refunded !== undefined) await ecosystem.refundAll(refunded, monthSpan(addMonths(month, -1), PROGRAMME.timeZone))
  const leaver = LEAVES[place]
  if (leaver !== undefined) await leave(world.context, leaver, monthSpan(month, PROGRAMME.timeZone).to)
  const insolvent = WRITTEN_OFF[place]
  if (insolvent !== undefined) await writeOff(world.context, insolvent)
}

async function answers(place: number, month: Month): Promise<Dispute | undefined> {
  if (DISPUTED[place] === undefined) return undefined
  const disputed = await dispute(world.context, ecosystem, await statementOf(world.context, 'jade-bank', month))
  await acceptSome(world.context, ecosystem, month)
  return disputed
}

/** How many were paid. */
async function payAll(place: number): Promise<number> {
  const payouts = await pay(world)
  world.clock.set(addDays(world.clock.now(), 1))
  await bank.tell([topUp(bank, 500_000n), ...payouts.map((payout) => executed(bank, payout))])
  await bookTopUps(world)
  await agree()
  const [first] = payouts
  if (first === undefined || !RETURNED.has(place)) return payouts.length
  world.clock.set(addDays(world.clock.now(), 1))
  await bank.tell([returned(bank, first)])
  await agree()
  return payouts.length
}

/** What is left open is paid, and every month can be closed for good. */
async function end(): Promise<void> {
  await payAll(ecosystem.plan.months.length)
  await sealAll(world.context, world.owner)
  for (const month of ecosystem.plan.months) {
    const { period } = await closePeriod(world.context, { programme: PROGRAMME.code, month })
    expect(period.status, month).toBe('CLOSED')
  }
  for (const partner of Object.values(LEAVES)) expect(await left(partner)).toEqual([])
  expect((await closeReport(world.context)).agrees).toBe(true)
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
}

/** What stands on a partner's own accounts. */
async function left(partner: string): Promise<readonly string[]> {
  return (await ourBalances(world.context)).filter((line) => line.split(' ')[0]?.endsWith(`:${partner}`))
}

async function agree(): Promise<void> {
  const { context } = world
  expect(await hledgerBalances(await exported(context, 'hledger'))).toEqual(await ourBalances(context))
  expect(await verifyStatements(context)).toEqual([])
  expect((await closeReport(context)).agrees).toBe(true)
  const tied = await tieOut(context, { ownAccount: OWN_ACCOUNT.code }).catch((error: { code: string }) => error.code)
  expect(tied === 'NOT_READY' ? 0n : (tied as { difference: bigint }).difference).toBe(0n)
}
