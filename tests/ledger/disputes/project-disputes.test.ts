import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { acceptSilent } from '../../../ledger/disputes/accept-silent.ts'
import { acceptStatement } from '../../../ledger/disputes/accept-statement.ts'
import { answerDispute } from '../../../ledger/disputes/answer-dispute.ts'
import { withdrawDispute } from '../../../ledger/disputes/withdraw-dispute.ts'
import type { ProjectedRecord } from '../../../records/projector.ts'
import { useWorld } from '../../support/database.ts'
import { projectIntoCopies, recordsOf } from '../projection/log-copy.ts'
import { freshCode } from '../settlement/scene.ts'
import { as, DISPUTE_ENDS_AT, dispute, type Issued, issued } from './scene.ts'

const world = useWorld()
const key = (): string => freshCode('key')
const SOUND = { differences: [], waiting: [] }
const TAMPERED = [
  ['disputes', 'held = held + 1'],
  ['statement_acceptances', `reason = 'WORD'`],
  ['statements', `status = 'ISSUED'`],
] as const

let records: readonly ProjectedRecord[] = []
let scenes: { readonly open: Issued; readonly silent: Issued }

beforeAll(async () => {
  const ann = as(world, 'staff:ann')
  const given = { answer: 'so it is', idempotencyKey: key() }
  const [open, upheld, rejected, withdrawn] = [
    await issued(world),
    await issued(world),
    await issued(world),
    await issued(world),
  ]
  const [accepted, silent] = [await issued(world), await issued(world)]
  await dispute(world, open, { rules: [1] })
  await dispute(world, upheld).then(({ id }) =>
    answerDispute(ann, { ...given, dispute: id, upheld: true, amount: '1' }),
  )
  await dispute(world, rejected).then(({ id }) =>
    answerDispute(ann, { ...given, dispute: id, upheld: false, idempotencyKey: key() }),
  )
  await dispute(world, withdrawn).then(({ id }) => withdrawDispute(ann, { dispute: id, idempotencyKey: key() }))
  await acceptStatement(ann, { statement: accepted.statement.id, idempotencyKey: key() })
  world.clock.set(DISPUTE_ENDS_AT)
  expect(await acceptSilent(world.context)).toBe(1)
  records = await recordsOf(world.context, world.owner, PROJECTORS)
  scenes = { open, silent }
})

describe('what partners answered', () => {
  test('follows from the log, and so does where their statements stand', async () => {
    expect(await projectIntoCopies(world.context, PROJECTORS, [records])).toEqual(SOUND)
  })

  test('follows from it in any order and any batches', async () => {
    const orders = fc.tuple(
      fc.shuffledSubarray([...records], { minLength: records.length }),
      fc.integer({ min: 5, max: records.length }),
    )
    await fc.assert(
      fc.asyncProperty(orders, async ([order, size]) => {
        const count = Math.ceil(order.length / size)
        const batches = Array.from({ length: count }, (_, n) => order.slice(n * size, (n + 1) * size))
        expect(await projectIntoCopies(world.context, PROJECTORS, batches)).toEqual(SOUND)
      }),
      { numRuns: 8 },
    )
  }, 60_000)

  test('waits for statements that are not there', async () => {
    const without = records.filter(({ body }) => body.kind !== 'statement')
    const { waiting } = await projectIntoCopies(world.context, PROJECTORS, [without])
    expect(waiting.filter((one) => one.startsWith('dispute '))).toHaveLength(7)
    expect(waiting.filter((one) => one.startsWith('acceptance '))).toHaveLength(2)
  })

  test('is refused to be changed, by the application’s role and by the owner of the tables', async () => {
    const app = (statement: string) => world.context.database.transaction((tx) => tx.unsafe(statement))
    for (const run of [app, (statement: string) => world.owner.unsafe(statement)]) {
      await expect(run(`update disputes set held = 0`)).rejects.toThrow()
      await expect(run(`update disputes set reason = 'x'`)).rejects.toThrow()
      await expect(run(`update disputes set status = 'OPEN', answer = null where status <> 'OPEN'`)).rejects.toThrow()
      await expect(run(`delete from disputes`)).rejects.toThrow()
      await expect(run(`truncate disputes`)).rejects.toThrow()
      await expect(run(`update statement_acceptances set reason = 'WORD'`)).rejects.toThrow()
      await expect(run(`delete from statement_acceptances`)).rejects.toThrow()
    }
  })

  test('shows each row that was changed behind its back', async () => {
    const rows = { disputes: 'statement_id', statement_acceptances: 'statement_id', statements: 'id' }
    for (const [table, change] of TAMPERED) {
      const { statement } = table === 'statement_acceptances' ? scenes.silent : scenes.open
      await world.owner.begin(async (sql) => {
        await sql.unsafe(`alter table ${table} disable trigger user`)
        await sql.unsafe(`update ${table} set ${change} where ${rows[table]} = '${uuidOf(statement.id)}'`)
        await sql.unsafe(`alter table ${table} enable trigger user`)
      })
    }
    const { differences } = await projectIntoCopies(world.context, PROJECTORS, [records])
    expect(differences.map(({ table, columns }) => [table, columns.join()]).sort()).toEqual(
      TAMPERED.map(([table, change]) => [table, change.split(' ')[0]]),
    )
  })
})
