import { beforeAll, describe, expect, test } from 'vitest'
import { COMPARED_PROJECTORS } from '../../../app/projectors.ts'
import { newId } from '../../../kernel/ids.ts'
import { approvePayouts } from '../../../ledger/payouts/approve-payouts.ts'
import { cancelPayouts } from '../../../ledger/payouts/cancel-payouts.ts'
import { preparePayouts } from '../../../ledger/payouts/prepare-payouts.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { useWorld } from '../../support/database.ts'
import {
  as,
  bookedOf,
  giveBack,
  instructed,
  onlyOf,
  ourAccount,
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

  test('is prepared once for a key, with the same answer also when its day is over', async () => {
    const paid = await settled(world, [900])
    const input = {
      ...{ asset: 'CNY/2', ownAccount: await ourAccount(world), programme: paid[0]?.statement.programme },
      ...{ executionDate: '2026-02-10', idempotencyKey: 'once' },
    }
    const answer = await preparePayouts(as(world.context, 'alice'), input)
    world.clock.set('2026-02-20T00:00:00Z')
    expect(await preparePayouts(as(world.context, 'alice'), input)).toEqual(answer)
    const other = preparePayouts(as(world.context, 'alice'), { ...input, executionDate: '2026-02-11' })
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    const late = preparePayouts(as(world.context, 'alice'), { ...input, idempotencyKey: 'late' })
    await expect(late).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'executionDate' })
    world.clock.set('2026-02-10T00:00:00Z')
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

  test('is guarded by the database: two persons, no second payment, nothing changed or removed', async () => {
    const [one = fail()] = await settled(world, [1000])
    const { batch } = await prepare(world, [one])
    const uuid = batch.id.slice(4)
    const app = world.context.database
    const alone = app.transaction(
      (tx) =>
        tx`update payout_batches set status = 'APPROVED', approved_by = prepared_by, approved_at = now() where id = ${uuid}`,
    )
    await expect(alone).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const again = app.transaction(
      (tx) => tx`
        insert into payouts (id, batch_id, place, statement_id, partner_id, asset, attempt, gross, vat, withholding, transfer,
          account_id, end_to_end_id, prepared_by, prepared_at, moved_at, record_id)
        select gen_random_uuid(), batch_id, 2, statement_id, partner_id, asset, 2, 1, 0, 0, 1, account_id, 'other', prepared_by,
          prepared_at, moved_at, record_id from payouts where batch_id = ${uuid}`,
    )
    await expect(again).rejects.toMatchObject({ code: 'DUPLICATE' })
    await expect(world.owner`update payouts set gross = 1 where batch_id = ${uuid}`).rejects.toThrow('refused')
    await expect(world.owner`delete from payouts where batch_id = ${uuid}`).rejects.toThrow('refused')
    await cancelPayouts(as(world.context, 'alice'), { batch: batch.id, reason: 'a test' })
    const revived = world.owner`update payouts set status = 'SENT', reason = null where batch_id = ${uuid}`
    await expect(revived).rejects.toThrow('refused')
  })

  test('follows from the records', async () => {
    await settled(world, [700], { ...TAXED, disputeDays: 30 })
    expect(await verifyProjections(world.context, { projectors: COMPARED_PROJECTORS })).toEqual([])
  })
})

function fail(): never {
  throw new Error('it is not there')
}
