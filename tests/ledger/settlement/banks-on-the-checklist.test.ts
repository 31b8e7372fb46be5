import { beforeAll, expect, test } from 'vitest'
import { matchBankEntries } from '../../../ledger/reconciliation/match-bank-entries.ts'
import { periodChecklist } from '../../../ledger/settlement/period-checklist.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { useWorld } from '../../support/database.ts'
import { bankSays, fresh, ourAccount, sentPayouts } from '../reconciliation/scene.ts'

const world = useWorld()
const date = '2026-02-12'

beforeAll(async () => {
  world.clock.set(`${date}T08:00:00Z`)
  await ourAccount(world)
})

test('a month waits for a break about its payouts, and tells of entries that match nothing', async () => {
  const [payout] = await sentPayouts(world, [9000])
  await sealAll(world.context, world.owner)
  const details = [{ endToEndId: payout?.endToEndId ?? '' }]
  await bankSays(world, [
    { amount: '-90.30', date, bankReference: fresh(), details },
    { amount: '-1.23', date, bankReference: fresh() },
  ])
  await matchBankEntries(world.context)
  const [row] = await world.owner<{ code: string }[]>`select p.code from programmes p`
  const { items } = await periodChecklist(world.context, { programme: row?.code ?? '', month: '2026-01' })
  const open = items.filter(({ state }) => state === 'OPEN').map(({ code, severity, count }) => [code, severity, count])
  expect(open).toEqual([
    ['UNMATCHED_BANK_ENTRIES', 'TELLS', 1],
    ['UNPAID_STATEMENTS', 'HINDERS_CLOSE', 1],
    ['OPEN_BREAKS', 'HINDERS_CLOSE', 1],
  ])
})
