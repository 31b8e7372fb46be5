import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { batchDisclosures } from '../../customers/batch-disclosures.ts'
import { verifyDisclosureBatches } from '../../customers/verify-disclosure-batches.ts'
import { newId, uuidOf } from '../../kernel/ids.ts'
import { signCheckpoint } from '../../records/sign-checkpoint.ts'
import { exportInto, ORIGIN, replayFrom } from '../records/replay/whole-scene.ts'
import { sealAll } from '../records/sealed-log.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { type TestWorld, useWorld } from '../support/database.ts'

const source = useWorld()
const target = useWorld()
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-batches-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Reads that found nothing, so many in one batch. */
async function batchOf({ context, owner }: TestWorld, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await owner`
      insert into disclosures (id, at, partner_id, client_id, subject, purpose, tags, outcome, request_id)
      values (${uuidOf(newId('dis'))}, now(), ${uuidOf(newId('ptr'))}, ${uuidOf(newId('cli'))}, 'nobody', 'OFFERS', '{}',
              'nothing', 'test')`
  }
  // other tests' transactions may hold it up for a while
  const due = () => owner<{ left: number }[]>`
    select count(*)::int as left from disclosures where tx_id >= pg_snapshot_xmin(pg_current_snapshot())`
  await expect.poll(async () => (await due())[0]?.left, { timeout: 20_000 }).toBe(0)
  expect(await batchDisclosures(context)).toBe(count)
}

test('batches go on behind those of a log that was taken over, whose disclosures are elsewhere', async () => {
  await batchOf(source, 3)
  await batchOf(source, 2)
  await sealAll(source.context, source.owner)
  await signCheckpoint(source.context, { origin: ORIGIN })
  const file = path.join(folder, 'log')
  await exportInto(source.context, file)
  expect(await replayFrom(target.context, file)).toMatchObject({ sound: true, waiting: [] })
  expect(await verifyDisclosureBatches(target.context)).toEqual([])
  await batchOf(target, 4)
  const kept = await target.owner<{ batch: string; count: number }[]>`select batch, count from disclosure_batches`
  expect(kept).toEqual([{ batch: '3', count: 4 }])
  expect(await verifyDisclosureBatches(target.context)).toEqual([])
})

test('of those that were made here, a missing one is still found', async () => {
  await batchOf(target, 1)
  await behindGuards(target.owner, 'delete from disclosure_batches where batch = 3')
  const found = await verifyDisclosureBatches(target.context)
  expect(found).toContainEqual({ where: 'batch 3 of disclosures', what: 'it is missing' })
})
