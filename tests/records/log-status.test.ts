import { afterEach, describe, expect, test, vi } from 'vitest'
import { warnOfLag } from '../../app/worker/warn-of-lag.ts'
import { appendRecords } from '../../records/append-records.ts'
import { logStatus } from '../../records/log-status.ts'
import { rootOf } from '../../records/merkle/tiles.ts'
import { sealRecords } from '../../records/seal-records.ts'
import { signCheckpoint } from '../../records/sign-checkpoint.ts'
import { selectTree } from '../../records/store/seals.ts'
import { TEST_TIME, useWorld } from '../support/database.ts'
import { appendSome, sealAll } from './sealed-log.ts'

const world = useWorld()
const START = new Date(TEST_TIME).getTime()
const secondsLater = (seconds: number): Date => new Date(START + seconds * 1000)

afterEach(() => world.clock.set(TEST_TIME))

describe('the status of the log', () => {
  test('of an empty one is empty', async () => {
    expect(await logStatus(world.context)).toMatchObject({ size: 0, unsealed: { records: 0, seconds: 0 } })
    expect((await logStatus(world.context)).checkpoint).toBeUndefined()
  })

  test('counts what is not sealed yet, from the first of it on', async () => {
    await appendSome(world.context, 3)
    world.clock.set(secondsLater(7))
    await appendSome(world.context, 2)
    world.clock.set(secondsLater(9.5))
    expect((await logStatus(world.context)).unsealed).toEqual({ records: 5, seconds: 9.5 })
    await sealAll(world.context, world.owner)
    const { unsealed, size, root } = await logStatus(world.context)
    expect([unsealed, size]).toEqual([{ records: 0, seconds: 0 }, 5])
    expect(root).toEqual(rootOf(await selectTree(world.context.database.reads)))
  })

  test('tells the last checkpoint and its age', async () => {
    const { size } = await signCheckpoint(world.context, { origin: 'log.example/status' })
    world.clock.set(secondsLater(60))
    expect((await logStatus(world.context)).checkpoint).toEqual({ size, at: new Date(TEST_TIME), seconds: 60 })
  })

  test('names the transaction that holds sealing up, and how long it has been open', async () => {
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
    const { writer, unsealed } = await logStatus(world.context)
    // other tests' transactions are on this server too
    expect(writer?.name).toMatch(/^tributary:/)
    expect(writer?.seconds).toBeGreaterThan(0)
    expect(unsealed.records).toBe(1)
    gate.resolve()
    await late
    expect(await sealAll(world.context, world.owner)).toBe(2)
  })
})

test('a lag of more than ten seconds is told in the program’s log, a shorter one is not', async () => {
  const warn = vi.fn()
  const context = { ...world.context, log: { ...world.context.log, warn } }
  await appendSome(world.context, 1)
  world.clock.set(secondsLater(9.9))
  await warnOfLag(context)
  expect(warn).not.toHaveBeenCalled()
  world.clock.set(secondsLater(11))
  await warnOfLag(context)
  expect(warn).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ unsealed: { records: 1, seconds: 11 } }),
    'sealing lags behind',
  )
  await sealAll(world.context, world.owner)
})
