import { afterEach, describe, expect, test, vi } from 'vitest'
import { sealingWatch } from '../../app/worker/watch-sealing.ts'
import { appendRecords } from '../../records/append-records.ts'
import { logStatus } from '../../records/log-status.ts'
import { rootOf } from '../../records/merkle/tiles.ts'
import { sealRecords } from '../../records/seal-records.ts'
import { signCheckpoint } from '../../records/sign-checkpoint.ts'
import { selectTree } from '../../records/store/seals.ts'
import { useWorld } from '../support/database.ts'
import { appendSome, sealAll } from './sealed-log.ts'

const world = useWorld()

/** Records are as old as the clock says by which they were written; the database's own says how long ago that was. */
const writtenAgo = (seconds: number): void => world.clock.set(new Date(Date.now() - seconds * 1000))

afterEach(() => writtenAgo(0))

describe('the status of the log', () => {
  test('of an empty one is empty', async () => {
    const status = await logStatus(world.context)
    expect(status).toMatchObject({ sealed: 0, unsealed: 0, lagSeconds: 0 })
    expect(status.checkpoint).toBeUndefined()
  })

  test('counts what is not sealed yet, and is as far behind as the first of it is old', async () => {
    writtenAgo(40)
    await appendSome(world.context, 3)
    writtenAgo(0)
    await appendSome(world.context, 2)
    const behind = await logStatus(world.context)
    expect(behind.unsealed).toBe(5)
    expect(behind.lagSeconds).toBeGreaterThanOrEqual(39)
    await sealAll(world.context, world.owner)
    const { unsealed, lagSeconds, sealed, root } = await logStatus(world.context)
    expect([unsealed, lagSeconds, sealed]).toEqual([0, 0, 5])
    expect(root).toEqual(rootOf(await selectTree(world.context.database.reads)))
  })

  test('tells the last checkpoint and its age', async () => {
    writtenAgo(60)
    const { size } = await signCheckpoint(world.context, { origin: 'log.example/status' })
    const { checkpoint } = await logStatus(world.context)
    expect(checkpoint?.size).toBe(size)
    expect(checkpoint?.seconds).toBeGreaterThanOrEqual(59)
  })

  test('names the transaction that holds sealing up, and how long it has been open', async () => {
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const late = world.context.database.transaction(async (tx) => {
      await appendRecords(world.context, tx, [{ kind: 'import', data: { late: true } }])
      begun.resolve()
      await gate.promise
    })
    await begun.promise
    await appendSome(world.context, 1)
    expect(await sealRecords(world.context)).toBe(0)
    const { writing, unsealed } = await logStatus(world.context)
    // other tests' transactions are on this server too
    expect(writing?.application).toMatch(/^tributary:/)
    expect(writing?.seconds).toBeGreaterThan(0)
    expect(unsealed).toBe(1)
    gate.resolve()
    await late
    expect(await sealAll(world.context, world.owner)).toBe(2)
  })
})

test('a lag of more than ten seconds is told once in the program’s log, and so is its end', async () => {
  const [warn, info] = [vi.fn(), vi.fn()]
  const watch = sealingWatch({ ...world.context, log: { ...world.context.log, warn, info } })
  await appendSome(world.context, 1)
  await watch()
  expect(warn).not.toHaveBeenCalled()
  await sealAll(world.context, world.owner)
  writtenAgo(30)
  await appendSome(world.context, 1)
  await watch()
  await watch()
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ unsealed: 1 }), 'sealing has fallen behind')
  expect(info).not.toHaveBeenCalled()
  await sealAll(world.context, world.owner)
  await watch()
  expect(info).toHaveBeenCalledExactlyOnceWith({ lagSeconds: 0, unsealed: 0 }, 'sealing has caught up')
})
