import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OWN_ACCOUNT } from '../../app/demo/demo-accounts.ts'
import { PLANNED_PARTNERS } from '../../app/demo/demo-partners.ts'
import type { DemoSummary } from '../../app/demo/demo-state.ts'
import { loadDemo } from '../../app/demo/load-demo.ts'
import type { OnProgress } from '../../app/demo/progress.ts'
import { readCustomers } from '../../customers/read-customers.ts'
import { listRewards } from '../../ledger/points/list-rewards.ts'
import { pointsBalance } from '../../ledger/points/points-balance.ts'
import { tieOut } from '../../ledger/reconciliation/tie-out.ts'
import { verifyStatements } from '../../ledger/reports/verify-statements.ts'
import { listStatements } from '../../ledger/settlement/list-statements.ts'
import { findClient } from '../../partners/find-client.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
let folder = ''
let summary: DemoSummary

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-demo-'))
  // consents end by the database's clock, so the demonstration's must agree with it
  world.clock.set(new Date())
  // all that follows is told of a demonstration that was cut off once
  const stop = (_done: number, _total: number, what: string): void => {
    if (what === 'referrals') throw new Error('cut off')
  }
  await expect(load(0.04, stop)).rejects.toThrow('cut off')
  summary = await load(0.04)
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('the demonstration', () => {
  test('settles two months, and the statements of each add up to its lines and to what it earned', async () => {
    expect(summary.months.closed).toHaveLength(2)
    for (const month of summary.months.closed) {
      const earned = await earnedIn(month)
      expect(earned.statements).toBeGreaterThan(0n)
      expect(earned.lines).toBe(earned.statements)
    }
  })

  test('has contributions of every kind, which count once their customer is known', async () => {
    const kinds = await world.owner<{ kind: string; waiting: number }[]>`
      select kind, count(*) filter (where status <> 'CONFIRMED')::integer as waiting from contributions
      group by kind order by kind`
    expect(kinds.map(({ kind }) => kind)).toEqual([
      ...['COURSE_COMPLETION', 'DATA', 'REFERRAL', 'SERVICE_OUTCOME', 'TRAFFIC'],
    ])
    expect(kinds.every(({ waiting }) => waiting === 0)).toBe(true)
    const unpriced = await world.owner`
      select from contributions c where c.course is not null and c.amount is null and not exists (
        select from contributions o where o.course = c.course and o.customer_id = c.customer_id
          and o.partner_id = c.partner_id and o.amount is not null and o.occurred_at <= c.occurred_at)`
    expect(unpriced.count).toBe(0)
  })

  test('gives points to customers who were referred, and has something to give for them', async () => {
    const [row] = await world.owner<{ account_key: string }[]>`
      select c.account_key from points_accounts a join customers c on c.id = a.customer_id limit 1`
    const { points } = await pointsBalance(world.context, { accountKey: row?.account_key ?? '' })
    expect(points).toBeGreaterThanOrEqual(100n)
    const { edges } = await listRewards(world.context, { availableOnly: true, page: { first: 10 } })
    expect(edges.map(({ node }) => node.code)).toEqual(['cash-back', 'coffee-voucher'])
  })

  test('has paid the first month, and the bank’s balance is tied to the ledger', async () => {
    const payouts = await world.owner<{ status: string }[]>`select distinct status from payouts`
    expect(payouts).toEqual([{ status: 'SETTLED' }])
    const tied = await tieOut(world.context, { ownAccount: OWN_ACCOUNT.code })
    expect(tied).toMatchObject({ difference: 0n, atBankTotal: 0n, inLedgerTotal: 0n })
    expect(tied.ledger).toBeGreaterThan(0n)
    expect(await verifyStatements(world.context)).toEqual([])
  })

  test('leaves the months after the settled ones open', async () => {
    const months = await world.owner<{ month: string }[]>`select month::text from periods order by month`
    expect(months).toHaveLength(2)
  })

  test('gives a partner a subject whose tags it may read', async () => {
    const { clientId, subject, purpose } = summary.sample
    const client = await findClient(world.context, clientId)
    if (client === undefined) throw new Error('the sample names a client')
    const scopes = new Set(client.scopes)
    const caller = { kind: 'partner', partner: client.partnerId, client: client.id, scopes, requestId: 'r1' } as const
    const [view] = await readCustomers(world.context, { caller, reads: [{ subject, purpose }] })
    expect(view?.tags.length).toBeGreaterThan(0)
    expect(view?.tags.every(({ value }) => value !== null)).toBe(true)
  })

  test('keeps every private key for its owner only', async () => {
    for (const { code } of PLANNED_PARTNERS) {
      const file = path.join(folder, `${code}.json`)
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      const { clientId, jwk } = JSON.parse(await readFile(file, 'utf8'))
      expect(jwk).toMatchObject({ kty: 'EC', crv: 'P-256', d: expect.any(String) })
      expect((await findClient(world.context, clientId))?.partner.code).toBe(code)
    }
  })

  test('changes nothing when it is loaded again', async () => {
    const before = await recordCount()
    expect(await load(0.04)).toEqual(summary)
    expect(await recordCount()).toBe(before)
  })

  test('goes through every step again without an effect when the last one was not noted', async () => {
    const before = await recordCount()
    const file = path.join(folder, 'demo.json')
    const { summary: _, ...begun } = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify(begun))
    expect(await load(1)).toEqual(summary)
    expect(await recordCount()).toBe(before)
  })
})

async function load(scale: number, onProgress: OnProgress = () => undefined): Promise<DemoSummary> {
  const now = world.clock.now()
  return loadDemo(world.context, { folder, now, origin: 'http://127.0.0.1:1', scale, onProgress })
}

/** An import that changes nothing is recorded all the same: it was run. */
async function recordCount(): Promise<string | undefined> {
  const [row] = await world.owner<
    { count: string }[]
  >`select count(*)::text as count from records where kind <> 'import'`
  return row?.count
}

async function earnedIn(month: string): Promise<{ readonly statements: bigint; readonly lines: bigint }> {
  const page = await listStatements(world.context, { month: month as `${number}-${number}`, page: { first: 100 } })
  const statements = page.edges.map(({ node }) => node)
  const ids = statements.map(({ number }) => number)
  const [row] = await world.owner<{ minor: string }[]>`
    select coalesce(sum(l.minor), 0)::text as minor
    from statement_lines l join statements s on s.id = l.statement_id where s.number = any(${ids})`
  return { statements: statements.reduce((sum, { earned }) => sum + earned, 0n), lines: BigInt(row?.minor ?? 0) }
}
