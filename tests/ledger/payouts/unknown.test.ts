import { beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../../kernel/ids.ts'
import { doubtPayout } from '../../../ledger/payouts/doubt-payout.ts'
import { doubtSilentPayouts } from '../../../ledger/payouts/doubt-silent-payouts.ts'
import { findPayout } from '../../../ledger/payouts/find-payout.ts'
import { findPayoutBatch } from '../../../ledger/payouts/find-payout-batch.ts'
import { PAYOUT_MOVES, PAYOUT_STATUSES, type Payout, type PayoutStatus } from '../../../ledger/payouts/payout.ts'
import { resolvePayout } from '../../../ledger/payouts/resolve-payout.ts'
import { writePayoutFile } from '../../../ledger/payouts/write-payout-file.ts'
import { useWorld } from '../../support/database.ts'
import {
  as,
  bookedOf,
  giveBack,
  instructed,
  onlyOf,
  type Paid,
  payoutsOf,
  prepare,
  reject,
  sent,
  settle,
  settled,
} from './scene.ts'

const world = useWorld()

beforeEach(() => {
  world.clock.set('2026-02-10T00:00:00Z')
})

async function unknown(): Promise<{ readonly paid: readonly Paid[]; readonly payout: Payout }> {
  const paid = await settled(world, [1000])
  const { id } = await onlyOf(world, await sent(world, paid))
  const doubt = { payout: id, reason: 'the bank does not answer' }
  return { paid, payout: await doubtPayout(as(world.context, 'alice'), doubt) }
}

const told = (name: string, { id }: Payout, outcome: 'EXECUTED' | 'NOT_EXECUTED') =>
  resolvePayout(as(world.context, name), { payout: id, outcome, evidence: `a letter that ${name} read` })

describe('an unknown payout', () => {
  test('is not sent again, and is settled by the bank’s entry', async () => {
    const { paid, payout } = await unknown()
    expect(payout).toMatchObject({ status: 'UNKNOWN', reason: 'the bank does not answer', live: true })
    await expect(prepare(world, paid)).rejects.toMatchObject({ code: 'NOT_READY' })
    expect(await settle(world, payout)).toMatchObject({ status: 'SETTLED', reason: undefined })
    expect((await findPayoutBatch(world.context, payout.batch))?.status).toBe('DONE')
  })

  test('is rejected when two persons have it in writing, and may be paid again', async () => {
    const { paid, payout } = await unknown()
    const [one] = paid
    if (one === undefined) throw new Error('one is paid')
    const first = await told('alice', payout, 'NOT_EXECUTED')
    expect(first).toMatchObject({ status: 'UNKNOWN', finding: { outcome: 'NOT_EXECUTED', by: 'staff:alice' } })
    await expect(told('alice', payout, 'NOT_EXECUTED')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const system = resolvePayout(world.context, { payout: payout.id, outcome: 'NOT_EXECUTED', evidence: 'x' })
    await expect(system).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await told('bob', payout, 'NOT_EXECUTED')).toMatchObject({ status: 'REJECTED', finding: undefined })
    await expect(told('carol', payout, 'NOT_EXECUTED')).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect((await bookedOf(world, one.member)).payable).toBe(-one.statement.transfer)
    expect(await onlyOf(world, (await prepare(world, paid)).batch)).toMatchObject({ attempt: 2 })
  })

  test('is in no file any more once it is owed again: a bank that never had it would pay beside the next attempt', async () => {
    const { paid, payout } = await unknown()
    const file = (batch: string) => writePayoutFile(as(world.context, 'alice'), { batch, format: 'PAIN_001' })
    expect((await file(payout.batch)).text).toContain(payout.endToEndId)
    for (const name of ['alice', 'bob']) await told(name, payout, 'NOT_EXECUTED')
    await expect(file(payout.batch)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    const next = await instructed(world, paid)
    expect((await file(next.id)).text).not.toContain(payout.endToEndId)
    await expect(file(payout.batch)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  test('waits for its entry again when two persons have in writing that it was executed', async () => {
    const { payout } = await unknown()
    await told('alice', payout, 'NOT_EXECUTED')
    // another outcome takes the place of the first, and waits itself
    expect(await told('bob', payout, 'EXECUTED')).toMatchObject({ status: 'UNKNOWN', finding: { by: 'staff:bob' } })
    expect(await told('alice', payout, 'EXECUTED')).toMatchObject({ status: 'SENT', reason: undefined })
    expect(await settle(world, payout)).toMatchObject({ status: 'SETTLED' })
  })

  test('keeps what both persons read in the log, for us alone', async () => {
    const { payout } = await unknown()
    await told('alice', payout, 'EXECUTED')
    await told('bob', payout, 'EXECUTED')
    await settle(world, payout)
    const records = await world.owner<{ body: string; partner_id: string | null }[]>`
      select body, partner_id from records where kind = 'payout' and body like ${`%"FOUND"%${payout.id}%`} order by id`
    expect(records.map(({ body, partner_id: partner }) => [body.includes('letter that'), partner])).toEqual([
      [true, null],
      [true, null],
    ])
  })

  test('is what was sent so many days ago and of which nothing was heard', async () => {
    const paid = await settled(world, [1000, 2000])
    const [first, second] = await payoutsOf(world, await sent(world, paid))
    if (first === undefined || second === undefined) throw new Error('two are sent')
    await settle(world, first)
    world.clock.set('2026-02-19T23:59:59Z')
    expect(await doubtSilentPayouts(world.context, { days: 10 })).toBe(0)
    world.clock.set('2026-02-20T00:00:01Z')
    expect(await doubtSilentPayouts(world.context, { days: 0 })).toBe(0)
    const both = [1, 2].map(() => doubtSilentPayouts(world.context, { days: 10 }))
    expect((await Promise.all(both)).reduce((all, count) => all + count)).toBe(1)
    const states = [first, second].map(async ({ id }) => (await findPayout(world.context, id))?.status)
    expect(await Promise.all(states)).toEqual(['SETTLED', 'UNKNOWN'])
  })
})

describe('money that comes back', () => {
  test('before it was seen to leave is in the air until that is seen too', async () => {
    const paid = await settled(world, [1000])
    const [one] = paid
    if (one === undefined) throw new Error('one is paid')
    const payout = await onlyOf(world, await sent(world, paid))
    const before = await bookedOf(world, one.member)
    const [back, out] = [newId('bke'), newId('bke')]
    expect(await giveBack(world, payout, { entry: back })).toMatchObject({ status: 'RETURNED', settledAt: undefined })
    const between = await bookedOf(world, one.member)
    expect([between.bank - before.bank, between.clearing - before.clearing]).toEqual([960n, 0n])
    expect(await giveBack(world, payout, { entry: back })).toMatchObject({ status: 'RETURNED' })
    expect(await settle(world, payout, { entry: out })).toMatchObject({ status: 'RETURNED', settledEntry: out })
    const after = await bookedOf(world, one.member)
    expect([after.bank - before.bank, after.clearing - before.clearing]).toEqual([0n, 960n])
    await expect(settle(world, payout)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(giveBack(world, payout)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  test('after its batch is done leaves the batch so', async () => {
    const paid = await settled(world, [1000])
    const payout = await onlyOf(world, await instructed(world, paid))
    await settle(world, payout)
    await giveBack(world, payout)
    expect((await findPayoutBatch(world.context, payout.batch))?.status).toBe('DONE')
    expect(await onlyOf(world, (await prepare(world, paid)).batch)).toMatchObject({ attempt: 2 })
  })
})

describe('a payout moves as the table says', () => {
  const bank: Readonly<Record<string, (payout: Payout) => Promise<Payout>>> = {
    SETTLED: (payout) => settle(world, payout),
    REJECTED: (payout) => reject(world, payout),
    RETURNED: (payout) => giveBack(world, payout),
    UNKNOWN: ({ id }) => doubtPayout(as(world.context, 'alice'), { payout: id, reason: 'x' }),
  }

  /** A payout of this status for each move that is tried. */
  async function payoutsIn(status: PayoutStatus): Promise<readonly Payout[]> {
    const paid = await settled(world, [1000, 1000, 1000, 1000])
    if (status === 'DRAFT') return payoutsOf(world, (await prepare(world, paid)).batch)
    const payouts = await payoutsOf(world, await (status === 'INSTRUCTED' ? instructed : sent)(world, paid))
    return Promise.all(payouts.map((payout) => bank[status]?.(payout) ?? payout))
  }

  const tried = PAYOUT_STATUSES.filter((status) => status !== 'APPROVED' && status !== 'CANCELLED')

  test.each(tried)('from %s', async (from) => {
    const payouts = await payoutsIn(from)
    for (const [place, [to, move]] of Object.entries(bank).entries()) {
      const payout = payouts[place]
      if (payout === undefined) throw new Error('there is a payout for each move')
      const allowed: readonly string[] = PAYOUT_MOVES[from]
      // a returned one may still be seen to leave
      const late = from === 'RETURNED' && to === 'SETTLED'
      if (late) expect((await move(payout)).status).toBe('RETURNED')
      else if (allowed.includes(to)) expect((await move(payout)).status).toBe(to)
      else await expect(move(payout)).rejects.toMatchObject({ code: 'WRONG_STATE' })
      const now = await findPayout(world.context, payout.id)
      expect(now?.status).toBe(!late && allowed.includes(to) ? to : from)
    }
  })
})
