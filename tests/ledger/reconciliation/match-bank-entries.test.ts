import { beforeAll, describe, expect, test } from 'vitest'
import { COMPARED_PROJECTORS } from '../../../app/projectors.ts'
import type { Payout } from '../../../ledger/payouts/payout.ts'
import { approveResolution } from '../../../ledger/reconciliation/approve-resolution.ts'
import { matchBankEntries } from '../../../ledger/reconciliation/match-bank-entries.ts'
import { proposeResolution } from '../../../ledger/reconciliation/propose-resolution.ts'
import { resolveBreak } from '../../../ledger/reconciliation/resolve-break.ts'
import { tieOut } from '../../../ledger/reconciliation/tie-out.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { useWorld } from '../../support/database.ts'
import {
  as,
  bankSays,
  booked,
  decimal,
  fresh,
  numberOf,
  openBreaks,
  ourAccount,
  sentPayouts,
  statusOf,
} from './scene.ts'

const world = useWorld()
const DAY = '2026-02-11'

beforeAll(async () => {
  world.clock.set('2026-02-10T08:00:00Z')
  await ourAccount(world)
})

const match = () => matchBankEntries(world.context)
const only = <T>(list: readonly T[]): T => {
  const [first] = list
  if (first === undefined || list.length > 1) throw new Error(`one is expected, not ${list.length}`)
  return first
}
const out = (payout: Payout, endToEndId: string | undefined = payout.endToEndId) => ({
  ...{ amount: decimal(-payout.transfer), date: DAY, bankReference: fresh('bank') },
  details: [{ ...(endToEndId === undefined ? {} : { endToEndId }) }],
})

describe('an entry that names a payout', () => {
  test('settles it by its end-to-end id, once however often the file comes and matching runs', async () => {
    const payout = only(await sentPayouts(world, [12_300]))
    const entry = out(payout)
    await bankSays(world, [entry])
    const clearing = await booked(world, 'Clearing:Payouts')
    expect(await match()).toEqual({ matched: 1, charged: 0, unmatched: 0 })
    expect(await statusOf(world, payout)).toBe('SETTLED')
    expect((await booked(world, 'Clearing:Payouts')) - clearing).toBe(12_300n)
    await bankSays(world, [entry])
    expect(await match()).toEqual({ matched: 0, charged: 0, unmatched: 0 })
  })

  test('settles it by its id in the remittance, cut into lines, or by the statement', async () => {
    const [one, two] = await sentPayouts(world, [700, 800])
    if (one === undefined || two === undefined) throw new Error('two payouts')
    const text = `${one.endToEndId.slice(0, 20)} ${one.endToEndId.slice(20).toUpperCase()}`
    await bankSays(world, [
      { amount: '-7.00', date: DAY, bankReference: fresh(), details: [{ remittance: `PAYMENT ${text}` }] },
      { amount: '-8.00', date: DAY, bankReference: fresh(), details: [{ remittance: `for ${two.statementNumber}` }] },
    ])
    expect(await match()).toMatchObject({ matched: 2, unmatched: 0 })
    expect(await statusOf(world, one)).toBe('SETTLED')
    expect(await statusOf(world, two)).toBe('SETTLED')
  })

  test('with charges settles it, and the charges are a fee', async () => {
    const payout = only(await sentPayouts(world, [5000]))
    const fees = await booked(world, 'Expenses:PayoutFees')
    await bankSays(world, [{ ...out(payout), amount: '-50.50', charges: { amount: '0.50' } }])
    expect(await match()).toEqual({ matched: 1, charged: 1, unmatched: 0 })
    expect((await booked(world, 'Expenses:PayoutFees')) - fees).toBe(50n)
  })
})

test('one entry for a whole batch settles all of it', async () => {
  const payouts = await sentPayouts(world, [111, 222, 333])
  const messageId = payouts[0]?.batch.slice(4) ?? ''
  await bankSays(world, [{ amount: '-6.66', date: DAY, bankReference: fresh(), batch: { messageId } }])
  expect(await match()).toMatchObject({ matched: 1, unmatched: 0 })
  expect(await Promise.all(payouts.map((payout) => statusOf(world, payout)))).toEqual(['SETTLED', 'SETTLED', 'SETTLED'])
})

test('a return opens the payable again, also before the payment was seen', async () => {
  const payout = only(await sentPayouts(world, [4400]))
  const back = { amount: '44.00', date: '2026-02-13', bankReference: fresh() }
  const details = [{ endToEndId: payout.endToEndId, returnReason: 'AC04' }]
  await bankSays(world, [{ ...back, details }])
  expect(await match()).toMatchObject({ matched: 1, unmatched: 0 })
  expect(await statusOf(world, payout)).toBe('RETURNED')
  await bankSays(world, [out(payout)])
  expect(await match()).toMatchObject({ matched: 1, unmatched: 0 })
  expect(await statusOf(world, payout)).toBe('RETURNED')
})

test('a difference is written off by two persons, up to the limit', async () => {
  const payout = only(await sentPayouts(world, [9000]))
  await bankSays(world, [{ ...out(payout), amount: '-90.30' }])
  expect(await match()).toMatchObject({ matched: 0, unmatched: 1 })
  const open = only(await openBreaks(world))
  expect(open).toMatchObject({ kind: 'AMOUNT_DIFFERS', payout: payout.id, minor: -9030n })
  const which = { break: open.id, idempotencyKey: fresh() }
  await expect(resolveBreak(as(world.context, 'ann'), { ...which, payout: payout.id })).rejects.toMatchObject({
    code: 'WRONG_STATE',
  })
  await proposeResolution(as(world.context, 'ann'), { ...which, kind: 'WRITTEN_OFF', reason: 'fee of the other bank' })
  const approval = { ...which, kind: 'WRITTEN_OFF' as const }
  await expect(approveResolution(as(world.context, 'ann'), approval)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  const done = await approveResolution(as(world.context, 'bo'), approval)
  expect(done).toMatchObject({ status: 'RESOLVED', resolution: 'WRITTEN_OFF', resolvedBy: 'staff:bo' })
  expect(await statusOf(world, payout)).toBe('SETTLED')
  expect(await booked(world, 'Expenses:BankDifferences')).toBe(30n)
})

test('what is no payout is booked by two persons, and never against a partner', async () => {
  await bankSays(world, [{ amount: '5000.00', date: DAY, bankReference: fresh(), text: 'top-up' }])
  await match()
  const open = only(await openBreaks(world))
  expect(open.kind).toBe('NOT_IN_LEDGER')
  const which = { break: open.id, idempotencyKey: fresh() }
  const proposal = { ...which, kind: 'BOOKED' as const, reason: 'top-up' }
  await expect(
    proposeResolution(as(world.context, 'ann'), { ...proposal, account: 'Receivable:Partner' }),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'account' })
  await proposeResolution(as(world.context, 'ann'), { ...proposal, account: 'Expenses:BankFees' })
  // bo looks at it, and ann puts another one in its place
  const other = { ...proposal, account: 'Clearing:Treasury', idempotencyKey: fresh() }
  await proposeResolution(as(world.context, 'ann'), other)
  const approval = { ...which, kind: 'BOOKED' as const, account: 'Expenses:BankFees' }
  const refused = { code: 'WRONG_STATE', field: 'kind' }
  await expect(approveResolution(as(world.context, 'bo'), approval)).rejects.toMatchObject(refused)
  const aside = { ...which, kind: 'SET_ASIDE' as const }
  await expect(approveResolution(as(world.context, 'bo'), aside)).rejects.toMatchObject(refused)
  expect(await booked(world, 'Clearing:Treasury')).toBe(0n)
  await approveResolution(as(world.context, 'bo'), { ...approval, account: 'Clearing:Treasury' })
  expect(await booked(world, 'Clearing:Treasury')).toBe(-500_000n)
})

test('by amount, account and date only what is unique is matched', async () => {
  const [one, two] = await sentPayouts(world, [6100, 6100])
  if (one === undefined || two === undefined) throw new Error('two payouts')
  const bare = { amount: '-61.00', date: DAY, bankReference: fresh() }
  await bankSays(world, [bare])
  expect(await match()).toMatchObject({ matched: 0, unmatched: 1 })
  const open = only(await openBreaks(world))
  expect(open.kind).toBe('AMBIGUOUS')
  await resolveBreak(as(world.context, 'ann'), { break: open.id, payout: one.id, idempotencyKey: fresh() })
  expect(await statusOf(world, one)).toBe('SETTLED')
  await bankSays(world, [{ ...bare, bankReference: fresh() }])
  expect(await match()).toMatchObject({ matched: 1, unmatched: 0 })
  expect(await statusOf(world, two)).toBe('SETTLED')
})

test('everything of it follows from the records, and ties out', async () => {
  await bankSays(world, [], { opening: [DAY, '0.00'], closing: ['2026-02-14', '4556.90'] })
  await match()
  const told = await tieOut(world.context, { ownAccount: 'icbc' })
  expect(told.difference).toBe(0n)
  expect(told.ledger).toBe(await booked(world, 'Bank:icbc'))
  expect(await verifyProjections(world.context, { projectors: COMPARED_PROJECTORS })).toEqual([])
  expect(numberOf(0)).toHaveLength(19)
})
