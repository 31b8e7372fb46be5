import { expect, test } from 'vitest'
import { endAgreement } from '../../../ledger/agreements/end-agreement.ts'
import { listAgreements } from '../../../ledger/agreements/list-agreements.ts'
import { setReserve } from '../../../ledger/reserves/set-reserve.ts'
import { calculatePeriod } from '../../../ledger/settlement/calculate-period.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { periodChecklist } from '../../../ledger/settlement/period-checklist.ts'
import { useWorld } from '../../support/database.ts'
import { as } from '../payouts/scene.ts'
import { lastOf, referredIn } from '../settlement/corrections/scene.ts'
import { earn } from '../settlement/scene.ts'

const world = useWorld()

test('a reserve is for an agreement that ended, holds until its month, and what was calculated without it is outdated', async () => {
  const { context, clock } = world
  const { programme, member, customer } = await referredIn(world)
  await earn(context, customer, [['t', 50_000, '2026-02-10T00:00:00Z']])
  const { edges } = await listAgreements(context, { partner: member.partner, page: { first: 1 } })
  const agreement = edges[0]?.node.id ?? ''
  const fin = as(context, 'fin')
  const set = (change: object, key: string) =>
    setReserve(fin, { agreement, amount: '30.00', until: '2026-04', reason: 'refunds', idempotencyKey: key, ...change })

  await expect(set({}, 'a')).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'agreement' })
  const ended = { agreement, at: '2026-02-28T16:00:00Z', reason: 'it leaves' }
  await endAgreement(fin, ended)
  await expect(set({ amount: '-1' }, 'b')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'amount' })
  await expect(set({ amount: '1.001' }, 'b')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(set({ until: '2028-04' }, 'b')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'until' })
  await expect(set({ agreement: 'agr_x' }, 'b')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(
    setReserve(context, { agreement, amount: '1', until: '2026-04', reason: 'x', idempotencyKey: 'b' }),
  ).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })

  clock.set('2026-03-02T00:00:00Z')
  await calculatePeriod(context, { programme, month: '2026-02' })
  expect(await set({}, 'c')).toMatchObject({ change: 1, minor: 3000n })
  expect(await set({}, 'c')).toMatchObject({ change: 1 })
  await expect(set({ amount: '40.00' }, 'c')).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  const { items } = await periodChecklist(context, { programme, month: '2026-02' })
  expect(items.find(({ code }) => code === 'CALCULATION_OUTDATED')?.state).toBe('OPEN')

  await closePeriod(context, { programme, month: '2026-02' })
  expect(await lastOf(world, member)).toMatchObject({ earned: 10_000n, payout: 7000n, closing: 3000n })
  clock.set('2026-04-02T00:00:00Z')
  await closePeriod(context, { programme, month: '2026-03' })
  expect(await lastOf(world, member)).toMatchObject({ opening: 3000n, payout: 0n, closing: 3000n })
  // lifted, and said again: the last word counts
  await set({ amount: '0', until: '2026-06' }, 'd')
  expect(await set({ amount: '10.00', until: '2026-06' }, 'e')).toMatchObject({ change: 3 })
  clock.set('2026-05-02T00:00:00Z')
  await closePeriod(context, { programme, month: '2026-04' })
  expect(await lastOf(world, member)).toMatchObject({ opening: 3000n, payout: 2000n, closing: 1000n })
})
