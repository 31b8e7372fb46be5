import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase, type Pool } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { appendRecords } from '../../records/append-records.ts'
import { sealRecords } from '../../records/seal-records.ts'
import { contextOver, createWorld } from '../support/database.ts'
import { appendSome, expectSound, sealAll } from './sealed-log.ts'

let world: Awaited<ReturnType<typeof createWorld>>
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const append = (context: Context, count: number) => appendSome(context, count)

const countSeals = async () => (await world.owner`select from seals`).length

describe('sealing', () => {
  test('numbers records from one in their order, whatever the batches', async () => {
    expect(await sealRecords(world.context)).toBe(0)
    await append(world.context, 3)
    await append(world.context, 600)
    expect(await sealAll(world.context, world.owner, 100)).toBe(603)
    await append(world.context, 1)
    expect(await sealAll(world.context, world.owner)).toBe(1)
    await expectSound(world)
  })

  test('takes no more than the limit', async () => {
    await append(world.context, 10)
    await sealAll(world.context, world.owner, 4)
    expect(await countSeals()).toBe(10)
    await append(world.context, 10)
    let most = 0
    for (let sealed = 0; sealed < 10; ) {
      const count = await sealRecords(world.context, 4)
      most = Math.max(most, count)
      sealed += count
    }
    expect(most).toBeLessThanOrEqual(4)
  })

  test('waits for a transaction that is still open, and puts what it wrote in its place', async () => {
    const gate = Promise.withResolvers<void>()
    const started = Promise.withResolvers<void>()
    const slow = world.context.database.transaction(async (tx) => {
      await appendRecords(world.context, tx, [{ kind: 'product', data: { slow: 'first' } }])
      started.resolve()
      await gate.promise
      return appendRecords(world.context, tx, [{ kind: 'product', data: { slow: 'second' } }])
    })
    await started.promise
    await append(world.context, 5)
    expect(await sealRecords(world.context)).toBe(0)
    gate.resolve()
    await slow
    expect(await sealAll(world.context, world.owner)).toBe(7)
    await expectSound(world)
  })

  test('knows nothing of what was rolled back', async () => {
    const failing = world.context.database.transaction(async (tx) => {
      await appendRecords(world.context, tx, [{ kind: 'product', data: {} }])
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    await append(world.context, 1)
    expect(await sealAll(world.context, world.owner)).toBe(1)
    await expectSound(world)
  })

  test('does not go on behind a head that another server wrote', async () => {
    await world.owner`update seal_head set tx_id = '1000000000000000'`
    await append(world.context, 1)
    await expect(sealRecords(world.context)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  test('after a wait for its turn reads the head as it is then', async () => {
    const gate = Promise.withResolvers<void>()
    const taken = Promise.withResolvers<void>()
    const first = world.owner.begin(async (tx) => {
      await tx`select from seal_head where one for update`
      taken.resolve()
      await gate.promise
      // as a sealer that came in between: the head is of a transaction younger than the one that waits
      await tx`
        update seal_head set (tx_id, record_id) = (select tx_id, id from records order by tx_id desc, id desc limit 1)`
    })
    await taken.promise
    const second = sealRecords(world.context)
    await untilWaiting(world.owner)
    await append(world.context, 1)
    gate.resolve()
    await first
    expect(await second).toBe(0)
  })

  test('is not undone, neither by the application nor by the owner', async () => {
    const changes = [
      'update seals set seq = seq',
      'delete from seals',
      'delete from tree_tiles',
      'delete from seal_head',
    ]
    for (const statement of [...changes, 'truncate seals', 'truncate tree_tiles', 'truncate seal_head']) {
      await expect(world.context.database.transaction((tx) => tx.unsafe(statement))).rejects.toThrow()
      await expect(world.owner.unsafe(statement)).rejects.toThrow('never changed or removed')
    }
  })
})

describe('sealing beside writers', () => {
  const WRITING_MS = 4000

  test('by two sealers, with savepoints, rollbacks and long transactions, skips nothing', async () => {
    const others = [1, 2].map((n) => openDatabase(world.address, `tributary:tests:sealer${n}`, 2))
    const contexts = others.map((database: Database) => contextOver(database, world.clock))
    const end = Date.now() + WRITING_MS
    const writing = Promise.all([...[1, 2, 3, 4, 5, 6].map((n) => write(end, n)), writeSlowly(end)])
    const sealing = contexts.map((context) => sealUntil(context, writing))
    const [sealed] = await Promise.all([Promise.all(sealing), writing])
    await sealAll(world.context, world.owner)
    await Promise.all(others.map((database) => database.close()))
    expect(Math.min(...sealed)).toBeGreaterThan(0)
    expect(await countSeals()).toBeGreaterThan(500)
    await expectSound(world)
  })

  /** Transactions of a few records each, some of which roll back a savepoint or the whole. */
  async function write(end: number, seed: number): Promise<void> {
    for (let n = seed; Date.now() < end; n++) {
      await world.context.database
        .transaction(async (tx) => {
          const one = () => appendRecords(world.context, tx, [{ kind: 'product', data: { n: BigInt(n) } }])
          await one()
          if (n % 3 === 0) await sleep(n % 17)
          await tx.savepoint(one)
          if (n % 5 === 0) await tx.savepoint(() => one().then(() => Promise.reject(new Error('lost')))).catch(() => {})
          if (n % 11 === 0) throw new Error('rolled back')
          await one()
        })
        .catch(() => {})
    }
  }

  async function writeSlowly(end: number): Promise<void> {
    while (Date.now() < end - WRITING_MS / 3) {
      await world.context.database.transaction(async (tx) => {
        await appendRecords(world.context, tx, [{ kind: 'product', data: { slow: 'begin' } }])
        await sleep(WRITING_MS / 4)
        await appendRecords(world.context, tx, [{ kind: 'product', data: { slow: 'end' } }])
      })
    }
  }

  async function sealUntil(context: Context, writing: Promise<unknown>): Promise<number> {
    let writes = true
    void writing.finally(() => {
      writes = false
    })
    let sealed = 0
    while (writes) {
      sealed += await sealRecords(context, 50)
      await sleep(5)
    }
    return sealed
  }
})

async function untilWaiting(owner: Pool): Promise<void> {
  for (;;) {
    const [row] = await owner<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
    if ((row?.n ?? 0) > 0) return
  }
}
