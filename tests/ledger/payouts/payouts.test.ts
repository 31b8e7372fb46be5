import { beforeAll, describe, expect, test } from 'vitest'
import { COMPARED_PROJECTORS } from '../../../app/projectors.ts'
import { newId } from '../../../kernel/ids.ts'
import { approvePayouts } from '../../../ledger/payouts/approve-payouts.ts'
import { cancelPayouts } from '../../../ledger/payouts/cancel-payouts.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { useWorld } from '../../support/database.ts'
import {
  as,
  bookedOf,
  giveBack,
  instructed,
  onlyOf,
  payoutsOf,
  prepare,
  reject,
  sent,
  settle,
  settled,
  TAXED,
} from './scene.ts'

const world = useWorld()

beforeAll(() => {
  world.clock.set('2026-02-10T00:00:00Z')
})

async function difference(of: () => Promise<unknown>, member: Parameters<typeof bookedOf>[1]) {
  const before = await bookedOf(world, member)
  await of()
  const after = await bookedOf(world, member)
  return Object.fromEntries(
    Object.entries(after).map(([name, minor]) => [name, minor - before[name as keyof typeof before]]),
  )
}

describe('a batch of payouts', () => {
  test('pays statements with their tax, each step as the rules have it', async () => {
    const paid = await settled(world, [54_716])
    const [{ member, statement } = fail()] = paid
    expect(statement).toMatchObject({ payout: 54_716n, vat: 3283n, withholding: 5471n, transfer: 52_528n })
    const { batch, leftOut } = await prepare(world, paid)
    expect(leftOut).toEqual([])
    expect(batch).toMatchObject({ status: 'DRAFT', payouts: 1, total: 52_528n, preparedBy: 'staff:alice' })
    const payout = await onlyOf(world, batch)
    expect(payout).toMatchObject({
      ...{ statement: statement.id, attempt: 1, gross: 54_716n, vat: 3283n, withholding: 5471n, transfer: 52_528n },
      endToEndId: `${statement.id.slice(4)}001`,
    })
    await cancelPayouts(as(world.context, 'alice'), { batch: batch.id, reason: 'a test' })
    const nothing = { payable: 0n, clearing: 0n, bank: 0n, vat: 0n, withholding: 0n }
    let next = batch
    const instructing = await difference(async () => {
      next = await instructed(world, paid)
    }, member)
    expect(instructing).toEqual({ payable: 54_716n, clearing: -52_528n, bank: 0n, vat: 3283n, withholding: -5471n })
    const own = await onlyOf(world, next)
    expect(own).toMatchObject({ attempt: 2, endToEndId: `${statement.id.slice(4)}002`, status: 'INSTRUCTED' })
    const entry = newId('bke')
    const settling = await difference(() => settle(world, own, { entry }), member)
    expect(settling).toEqual({ ...nothing, clearing: 52_528n, bank: -52_528n })
    expect(await difference(() => settle(world, own, { entry }), member)).toEqual(nothing)
    await expect(settle(world, own)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(prepare(world, paid)).rejects.toMatchObject({ code: 'NOT_READY' })
  })

  test('that came back pays again with another id, and is taxed once', async () => {
    const paid = await settled(world, [1001, 2002])
    const [{ member } = fail()] = paid
    const batch = await sent(world, paid)
    const [first = fail(), second = fail()] = await payoutsOf(world, batch)
    await settle(world, first)
    await giveBack(world, first)
    await reject(world, second)
    const again = await instructed(world, paid)
    const attempts = await payoutsOf(world, again)
    expect(attempts.map(({ attempt }) => attempt)).toEqual([2, 2])
    for (const each of attempts) await settle(world, each)
    expect((await bookedOf(world, member)).payable).toBe(0n)
    expect((await bookedOf(world, member)).clearing).toBe(0n)
  })

  test('is approved by another person, once, or cancelled', async () => {
    const paid = await settled(world, [500])
    const { batch } = await prepare(world, paid)
    const approval = { batch: batch.id }
    await expect(approvePayouts(as(world.context, 'alice'), approval)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(approvePayouts(world.context, approval)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await approvePayouts(as(world.context, 'bob'), approval)
    await expect(approvePayouts(as(world.context, 'bob'), approval)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  test('follows from the records', async () => {
    await settled(world, [700], { ...TAXED, disputeDays: 30 })
    expect(await verifyProjections(world.context, { projectors: COMPARED_PROJECTORS })).toEqual([])
  })
})

function fail(): never {
  throw new Error('it is not there')
}
