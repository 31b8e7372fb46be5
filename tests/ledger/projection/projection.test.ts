import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { agreementProjector } from '../../../ledger/agreements/project-agreements.ts'
import { contractProjector } from '../../../ledger/agreements/project-contracts.ts'
import { factProjector } from '../../../ledger/facts/project-facts.ts'
import { journalProjector } from '../../../ledger/journal/project-entries.ts'
import { pointsProjector } from '../../../ledger/points/project-points.ts'
import { settlementProjector } from '../../../ledger/settlement/project-settlement.ts'
import type { ProjectedRecord, Projector } from '../../../records/projector.ts'
import { createWorld, useWorld } from '../../support/database.ts'
import { beginEcosystem, EVENTFUL, liveThrough, step } from './ecosystem.ts'
import { projectIntoCopies, recordsOf } from './log-copy.ts'

const LEDGER: readonly Projector[] = [
  ...[agreementProjector, contractProjector, factProjector, journalProjector],
  ...[settlementProjector, pointsProjector],
]
const SOUND = { differences: [], waiting: [] }

const TAMPERED = [
  ['statement_lines', 'minor = minor + 1'],
  ['earnings', `explanation = '{}'`],
  ['statements', 'number = number || chr(120)'],
  ['periods', `cut_at = cut_at + interval '1 second'`],
  ['contributions', 'quantity = quantity + 1'],
  ['contribution_decisions', `reason = 'another'`],
  ['confirmation_requirements', `confirmation = 'NONE'`],
  ['revenue_events', 'amount = amount * 2'],
  ['lead_bindings', `external_id = external_id || 'x'`],
  ['terms', `body = body || ' '`],
  ['points_lots', 'money = money + 1'],
  ['points_moves', "at = at + interval '1 second'"],
  ['points_parts', 'points = points + 1'],
  ['points_accounts', 'record_id = gen_random_uuid()'],
  ['rewards', `name_zh = 'x'`],
  ['agreements', `starts_at = starts_at + interval '1 second'`],
  ['terms_proposals', `drafted_at = drafted_at + interval '1 second'`],
  ['terms_signatures', `signed_at = signed_at + interval '1 second'`],
  ['agreement_proposals', `client_id = partner_id`],
  ['contract_documents', `name = name || 'x'`],
  ['journal_entries', `description = description || 'x'`],
] as const

describe('an eventful ledger', () => {
  const world = useWorld()
  let records: readonly ProjectedRecord[] = []

  beforeAll(async () => {
    await liveThrough(world, await beginEcosystem(world), EVENTFUL)
    records = await recordsOf(world.context, world.owner, LEDGER)
  })

  test('has records of every kind of the ledger', () => {
    const kinds = new Set(records.map(({ body }) => body.kind))
    expect([...kinds].sort()).toEqual(LEDGER.flatMap((projector) => projector.kinds).sort())
  })

  test.each(LEDGER.flatMap((projector) => projector.tables).map(({ name }) => name))(
    'has rows in %s to compare',
    async (table) => {
      expect((await world.owner.unsafe(`select from ${table} limit 1`)).count).toBe(1)
    },
  )

  test('follows from its records, column by column', async () => {
    expect(await projectIntoCopies(world.context, LEDGER, [records])).toEqual(SOUND)
  })

  test('follows from them in any order and any batches', async () => {
    const orders = fc.tuple(
      fc.shuffledSubarray([...records], { minLength: records.length }),
      fc.integer({ min: 1, max: records.length }),
    )
    await fc.assert(
      fc.asyncProperty(orders, async ([order, size]) => {
        expect(await projectIntoCopies(world.context, LEDGER, batchesOf(order, size))).toEqual(SOUND)
      }),
      { numRuns: 12 },
    )
  }, 120_000)

  test('names what waits for a record that is not there', async () => {
    const without = records.filter(({ body }) => body.kind !== 'programme')
    const { waiting } = await projectIntoCopies(world.context, LEDGER, [without])
    expect(waiting.filter((one) => one.startsWith('terms '))).toHaveLength(3)
    expect(waiting.filter((one) => one.startsWith('agreement '))).toHaveLength(6)
    // a contribution that names its agreement waits for it, and whatever rests on the contribution
    expect(waiting.some((one) => one.startsWith('contribution'))).toBe(true)
    expect(waiting.some((one) => one.startsWith('statement'))).toBe(true)
  })

  test('shows each row that was changed behind its back, and what of it', async () => {
    for (const [table, change] of TAMPERED) {
      await world.owner.begin(async (sql) => {
        await sql.unsafe(`alter table ${table} disable trigger user`)
        await sql.unsafe(`update ${table} set ${change} where ctid = (select max(ctid) from ${table})`)
        await sql.unsafe(`alter table ${table} enable trigger user`)
      })
    }
    await world.owner.begin(async (sql) => {
      await sql`alter table postings disable trigger user`
      await sql`update postings set line = line + 100 where ctid = (select max(ctid) from postings)`
      await sql`alter table postings enable trigger user`
    })
    const { differences } = await projectIntoCopies(world.context, LEDGER, [records])
    const shown = differences.map(({ table, missing, columns }) => [table, missing ?? columns.join()])
    expect(shown.toSorted()).toEqual(
      [
        ...TAMPERED.map(([table, change]) => [table, change.split(' ')[0]]),
        ['postings', 'record'],
        ['postings', 'row'],
      ].toSorted(),
    )
  })
})

test('whatever happens, the tables are what the records say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const world = await createWorld()
      try {
        await liveThrough(world, await beginEcosystem(world), steps)
        const records = await recordsOf(world.context, world.owner, LEDGER)
        expect(await projectIntoCopies(world.context, LEDGER, batchesOf(records, 7))).toEqual(SOUND)
      } finally {
        await world.close()
      }
    }),
    { numRuns: 15 },
  )
}, 180_000)

function batchesOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size))
}
