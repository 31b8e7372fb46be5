import { describe, expect, test } from 'vitest'
import { appendRecords } from '../../records/append-records.ts'
import { sealRecords } from '../../records/seal-records.ts'
import { useWorld } from '../support/database.ts'
import { appendSome, sealAll } from './sealed-log.ts'

const AHEAD = 1_000_000_000_000n

describe('the clock of a log that another server began', () => {
  const world = useWorld()

  test('is set ahead before the first record', async () => {
    await world.owner`update log_clock set ahead = ${String(AHEAD)}::bigint`
    await appendSome(world.context, 3)
    const rows = await world.owner<{ tx: string }[]>`select distinct tx_id::text as tx from records`
    expect(rows).toHaveLength(1)
    expect(BigInt(rows[0]?.tx ?? 0)).toBeGreaterThan(AHEAD)
  })

  test('is not set once there is a record, by its owner neither', async () => {
    await expect(world.owner`update log_clock set ahead = ahead + 1`).rejects.toThrow(/before its first record/)
    await expect(world.owner`delete from log_clock`).rejects.toThrow(/refused/)
  })

  test('a row that comes in without a transaction id gets the one of the log’s order', async () => {
    const [row] = await world.owner<{ same: boolean }[]>`
      insert into records (id, kind, body, salt, recorded_at)
      select gen_random_uuid(), kind, body, salt, recorded_at from records limit 1
      returning tx_id = log_tx_id() as same`
    expect(row?.same).toBe(true)
  })

  test('the sealer goes on, and still waits for whoever began earlier', async () => {
    await sealAll(world.context, world.owner)
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const late = world.context.database.transaction(async (tx) => {
      await appendRecords(world.context, tx, [{ kind: 'product', data: { late: true } }])
      begun.resolve()
      await gate.promise
    })
    await begun.promise
    await appendSome(world.context, 1)
    expect(await sealRecords(world.context)).toBe(0)
    gate.resolve()
    await late
    expect(await sealAll(world.context, world.owner)).toBe(2)
  })

  test('a snapshot in the log’s order sees the records that the statement sees', async () => {
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const open = world.context.database.transaction(async (tx) => {
      await appendRecords(world.context, tx, [{ kind: 'product', data: { open: true } }])
      begun.resolve()
      await gate.promise
    })
    await begun.promise
    await appendSome(world.context, 2)
    const [cut] = await world.owner<{ cut: string; visible: string; all: string }[]>`
      select log_snapshot()::text as cut, count(*) filter (where pg_visible_in_snapshot(r.tx_id, log_snapshot())) as visible,
             count(*) as all from records r`
    expect(cut?.visible).toBe(cut?.all)
    gate.resolve()
    await open
    await appendSome(world.context, 1)
    const [later] = await world.owner<{ hidden: string }[]>`
      select count(*) as hidden from records r where not pg_visible_in_snapshot(r.tx_id, ${cut?.cut ?? ''}::pg_snapshot)`
    expect(later?.hidden).toBe('2')
  })
})

describe('a log that is being taken over', () => {
  const world = useWorld()

  test('is appended to by nobody', async () => {
    await world.owner`insert into replays (size, root, started_at) values (5, sha256(''), now())`
    await expect(appendSome(world.context, 1)).rejects.toMatchObject({ code: 'NOT_READY' })
    await world.owner`update replays set finished_at = now()`
    await appendSome(world.context, 1)
  })

  test('is taken over once', async () => {
    await expect(world.owner`update replays set loaded = 1`).rejects.toThrow(/taken over already/)
    await expect(world.owner`delete from replays`).rejects.toThrow(/refused/)
  })
})
