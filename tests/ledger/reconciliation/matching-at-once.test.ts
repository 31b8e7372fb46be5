import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { MatchReport } from '../../../ledger/reconciliation/match-bank-entries.ts'
import { useWorld } from '../../support/database.ts'
import { bankSays, booked, decimal, fresh, ourAccount, sentPayouts, statusOf } from './scene.ts'

const world = useWorld()
const AT = '2026-02-10T08:00:00Z'
const CHILD = fileURLToPath(new URL('matching-process.ts', import.meta.url))

test('two processes that match at once settle each payout once', async () => {
  world.clock.set(AT)
  await ourAccount(world)
  const payouts = await sentPayouts(world, [100, 200, 300, 400, 500, 600])
  await bankSays(
    world,
    payouts.map(({ transfer, endToEndId }) => ({
      ...{ amount: decimal(-transfer), date: '2026-02-11', bankReference: fresh(), details: [{ endToEndId }] },
      charges: { amount: '0.10', included: false },
    })),
  )
  const run = async (): Promise<MatchReport> => {
    const { stdout } = await promisify(execFile)(process.execPath, [CHILD, JSON.stringify(world.address), AT])
    return JSON.parse(stdout)
  }
  const [one, two] = await Promise.all([run(), run()])
  expect(one.matched + two.matched).toBe(6)
  expect(one.unmatched + two.unmatched).toBe(0)
  for (const payout of payouts) expect(await statusOf(world, payout)).toBe('SETTLED')
  expect(await booked(world, 'Bank:icbc')).toBe(-2100n)
  expect(await booked(world, 'Clearing:Payouts')).toBe(0n)
}, 60_000)
