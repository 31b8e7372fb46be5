import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileOf } from '../../../ledger/reconciliation/bank-file.ts'
import { importBankStatements } from '../../../ledger/reconciliation/import-bank-statements.ts'
import { createWorld, type TestWorld } from '../../support/database.ts'
import { type CamtEntry, camtOf } from './camt.ts'
import { fresh, ourAccount } from './scene.ts'

const DAYS = ['2026-02-01', '2026-02-02', '2026-02-03']

/** Entries with a reference of the bank, and days of entries without any, in which some are alike. */
const referenced = fc.record({
  amount: fc.constantFrom('-1.00', '-2.00', '3.00'),
  date: fc.constantFrom(...DAYS),
  bankReference: fc.integer({ min: 1, max: 8 }).map((n) => `R${n}`),
})
const bare = fc.record({ amount: fc.constantFrom('-1.00', '4.00'), text: fc.constantFrom('coffee', 'rent') })
const story = fc.record({
  referenced: fc.array(referenced, { maxLength: 8 }),
  bare: fc.tuple(...DAYS.map(() => fc.array(bare, { maxLength: 3 }))),
})

/** Pieces of the story that a file holds: some entries by reference, and whole days of the others. */
const pieces = fc.array(
  fc.record({ chosen: fc.array(fc.nat(100), { maxLength: 6 }), days: fc.subarray([0, 1, 2]), seed: fc.nat(1000) }),
  { maxLength: 4 },
)

function shuffled<T>(list: readonly T[], seed: number): readonly T[] {
  return list
    .map((item, index) => ({ item, place: (index * 7919 + seed * 104_729) % 1009 }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
}

async function says(world: TestWorld, iban: string, entries: readonly CamtEntry[]): Promise<void> {
  const text = camtOf([{ id: fresh('stmt'), iban, currency: 'CNY', entries }])
  await importBankStatements(world.context, { file: fileOf(Buffer.from(text)) })
}

function entriesOf(world: TestWorld, code: string) {
  return world.owner`
    select e.booked_on::text as day, e.amount::text as amount, e.bank_reference from bank_entries e
    join own_accounts o on o.id = e.own_account_id where o.code = ${code} order by 1, 2, 3`
}

describe('however a bank’s file is chopped, doubled and shuffled', () => {
  test('each entry counts once', async () => {
    const world = await createWorld()
    try {
      const [whole, parts] = ['DE89370400440532013000', 'DE02120300000000202051']
      let run = 0
      await ourAccount(world, 'whole', whole)
      await ourAccount(world, 'parts', parts)
      await fc.assert(
        fc.asyncProperty(story, pieces, async (told, chopped) => {
          run += 1
          const days: readonly (readonly CamtEntry[])[] = told.bare.map((list, day) =>
            list.map((one) => ({ ...one, text: `${one.text} ${run}`, date: DAYS[day] ?? '' })),
          )
          const named: readonly CamtEntry[] = told.referenced.map((one) => ({
            ...one,
            bankReference: `${run}-${one.bankReference}`,
          }))
          for (const { chosen, days: kept, seed } of chopped) {
            const some = chosen.flatMap((index) => named[index % Math.max(named.length, 1)] ?? [])
            await says(world, parts, shuffled([...some, ...kept.flatMap((day) => days[day] ?? [])], seed))
          }
          await says(world, parts, shuffled([...named, ...days.flat()], run))
          await says(world, whole, [...named, ...days.flat()])
          expect(await entriesOf(world, 'parts')).toEqual(await entriesOf(world, 'whole'))
        }),
        { numRuns: 15 },
      )
      const twins = [1, 2].map(() => ({ amount: '-9.00', date: '2026-02-05', text: 'twins' }))
      await says(world, whole, twins)
      await says(world, whole, twins)
      const rows = await world.owner`select from bank_entries where booked_on = '2026-02-05'`
      expect(rows.count).toBe(2)
    } finally {
      await world.close()
    }
  }, 60_000)
})
