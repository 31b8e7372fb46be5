import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { uuidOf } from '../../../kernel/ids.ts'
import { verifyJournal } from '../../../ledger/journal/verify-journal.ts'
import type { Payout } from '../../../ledger/payouts/payout.ts'
import { payoutProjector } from '../../../ledger/payouts/project-payouts.ts'
import { settlementProjector } from '../../../ledger/settlement/project-settlement.ts'
import { useWorld } from '../../support/database.ts'
import { projectIntoCopies, recordsOf } from '../projection/log-copy.ts'
import { booked, bookedOf, type Paid, settled } from './scene.ts'
import { anyStory, bringToAnEnd, payoutsOfAll, take } from './story.ts'

const world = useWorld()

beforeAll(() => {
  world.clock.set('2026-02-10T00:00:00Z')
})

const sumOf = (payouts: readonly Payout[], name: 'gross' | 'transfer'): bigint =>
  payouts.reduce((all, payout) => all + payout[name], 0n)

async function taxPosted({ statement }: Paid): Promise<{ readonly vat: bigint; readonly withholding: bigint }> {
  const [row] = await world.owner<{ vat: string; withholding: string }[]>`
    select vat, withholding from statement_tax_posted where statement_id = ${uuidOf(statement.id)}`
  return { vat: BigInt(row?.vat ?? 0), withholding: BigInt(row?.withholding ?? 0) }
}

/** What holds of one statement at any moment. */
async function expectStatement(one: Paid, payouts: readonly Payout[]): Promise<void> {
  const { statement, member } = one
  const live = payouts.filter((payout) => payout.live)
  expect(sumOf(live, 'gross')).toBeLessThanOrEqual(statement.payout)
  expect(sumOf(live, 'transfer')).toBeLessThanOrEqual(statement.transfer)
  expect(payouts.map(({ attempt }) => attempt)).toEqual(payouts.map((_, place) => place + 1))
  const tax = await taxPosted(one)
  expect(tax.vat).toBeLessThanOrEqual(statement.vat)
  expect(tax.withholding).toBeLessThanOrEqual(statement.withholding)
  const gone = payouts.filter(({ status }) => ['INSTRUCTED', 'SENT', 'UNKNOWN', 'SETTLED'].includes(status))
  const owed = statement.payout + tax.vat - tax.withholding - sumOf(gone, 'transfer')
  expect((await bookedOf(world, member)).payable).toBe(-owed)
}

/** What holds over all of them: money in the air, and at the bank. */
async function expectBooks(payouts: readonly Payout[], before: { clearing: bigint; bank: bigint }): Promise<void> {
  const of = (statuses: readonly string[]) => payouts.filter(({ status }) => statuses.includes(status))
  const unseen = of(['RETURNED']).filter(({ settledAt }) => settledAt === undefined)
  const [clearing = 0n] = Object.values(await booked(world.context, 'Clearing:Payouts'))
  const [bank = 0n] = Object.values(await booked(world.context, 'Bank:main'))
  expect(clearing - before.clearing).toBe(-sumOf([...of(['INSTRUCTED', 'SENT', 'UNKNOWN']), ...unseen], 'transfer'))
  expect(bank - before.bank).toBe(sumOf(unseen, 'transfer') - sumOf(of(['SETTLED']), 'transfer'))
}

const AMOUNTS = [10_007, 333, 54_716]

test('whatever is prepared, paid, rejected, returned and disputed, no statement is paid twice and the books agree', {
  timeout: 300_000,
}, async () => {
  let done = 0
  await fc.assert(
    fc.asyncProperty(anyStory, async (story) => {
      const paid = await settled(world, AMOUNTS)
      const { clearing, bank } = await bookedOf(world, paid[0]?.member ?? fail())
      for (const act of story) {
        if (await take(world, paid, act)) done += 1
        const payouts = await payoutsOfAll(world, paid)
        for (const one of paid) {
          await expectStatement(
            one,
            payouts.filter(({ statement }) => statement === one.statement.id),
          )
        }
        await expectBooks(payouts, { clearing, bank })
      }
      await bringToAnEnd(world, paid)
      for (const one of paid) {
        const payouts = (await payoutsOfAll(world, [one])).filter(({ live }) => live)
        expect(payouts.map(({ status }) => status)).toEqual(payouts.map(() => 'SETTLED'))
        expect(sumOf(payouts, 'transfer')).toBe(one.statement.transfer)
        const { vat, withholding } = one.statement
        expect(await taxPosted(one)).toEqual({ vat, withholding })
        expect((await bookedOf(world, one.member)).payable).toBe(0n)
      }
      await expectBooks(await payoutsOfAll(world, paid), { clearing, bank })
    }),
    { numRuns: 6 },
  )
  expect(done).toBeGreaterThan(20)
  expect(await verifyJournal(world.context)).toEqual([])
})

test('every batch and payout follows from the records, also where neighbours are swapped', {
  timeout: 60_000,
}, async () => {
  const projectors = [settlementProjector, payoutProjector]
  const records = await recordsOf(world.context, world.owner, projectors)
  const swapped = records.flatMap((_, place) => records[place % 2 === 0 ? place + 1 : place - 1] ?? records.slice(-1))
  for (const order of [records, swapped]) {
    const { waiting, differences } = await projectIntoCopies(world.context, projectors, [order, ...Array(8).fill([])])
    expect(waiting).toEqual([])
    // disputes were written past their verb, which tells of the statement's status
    expect(differences.filter(({ table }) => table !== 'statements')).toEqual([])
  }
})

function fail(): never {
  throw new Error('it is not there')
}
