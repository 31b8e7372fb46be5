import { beforeAll, expect, test } from 'vitest'
import { matchBankEntries } from '../../../ledger/reconciliation/match-bank-entries.ts'
import { useWorld } from '../../support/database.ts'
import { bankSays, fresh, openBreaks, ourAccount, sentPayouts, statusOf } from './scene.ts'

const world = useWorld()
const DAY = '2026-02-11'

beforeAll(async () => {
  world.clock.set('2026-02-10T08:00:00Z')
  await ourAccount(world)
})

test('money that left under an end-to-end id of somebody else is no payout, though it is as much', async () => {
  const [payout] = await sentPayouts(world, [6100])
  if (payout === undefined) throw new Error('one payout')
  const rent = { amount: '-61.00', date: DAY, bankReference: fresh(), details: [{ endToEndId: 'RENT-2026-02' }] }
  await bankSays(world, [rent])
  expect(await matchBankEntries(world.context)).toMatchObject({ matched: 0, unmatched: 1 })
  expect(await openBreaks(world)).toMatchObject([{ kind: 'NOT_IN_LEDGER', minor: -6100n }])
  expect(await statusOf(world, payout)).toBe('SENT')
  await bankSays(world, [
    { amount: '-61.00', date: DAY, bankReference: fresh(), details: [{ endToEndId: payout.endToEndId }] },
  ])
  expect(await matchBankEntries(world.context)).toMatchObject({ matched: 1, unmatched: 1 })
  expect(await statusOf(world, payout)).toBe('SETTLED')
})
