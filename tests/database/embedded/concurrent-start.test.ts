import * as fs from 'node:fs'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { prepareDataFolder } from '../../../database/embedded/data-folder.ts'
import { describeEmbedded, startEmbedded } from '../../../database/embedded/start-embedded.ts'
import { withStartLock } from '../../../database/embedded/start-lock.ts'
import { connect, launch, makeScratch, type Outcome, processesIn, startElsewhere, until } from './scratch.ts'

test('of processes that start at once on an empty folder, one starts and the others adopt', async () => {
  const { dataDir } = makeScratch()
  const outcomes = await Promise.all([1, 2, 3].map(() => startElsewhere(dataDir)))
  expectOneServer(outcomes)
  expect(fs.readdirSync(dataDir).filter((name) => name.startsWith('pg'))).toEqual(['pg'])
})

test('of processes that start at once after kill -9, one recovers and the others adopt', async () => {
  const { dataDir } = makeScratch()
  const killed = await startEmbedded({ dataDir })
  await connect(killed)`create table kept as select 7 as value`
  process.kill(killed.pid, 'SIGKILL')
  const outcomes = await Promise.all([1, 2, 3].map(() => startElsewhere(dataDir)))
  const server = expectOneServer(outcomes)
  expect(server.pid).not.toBe(killed.pid)
  expect(await connect(await startEmbedded({ dataDir }))`select value from kept`).toEqual([{ value: 7 }])
})

test('callers within one process share one start', async () => {
  const { dataDir } = makeScratch()
  expectOneServer(await Promise.all([1, 2, 3].map(() => startEmbedded({ dataDir }))))
})

test('a start that was killed half-way is finished by the next', async () => {
  const { dataDir } = makeScratch()
  const first = launch([dataDir])
  const unfinished = (): string => {
    const names = fs.existsSync(dataDir) ? fs.readdirSync(dataDir) : []
    return path.join(dataDir, names.find((name) => name.startsWith('pg.new-')) ?? 'none')
  }
  await until(() => processesIn(unfinished()).length > 0)
  first.kill('SIGKILL')
  const server = await startEmbedded({ dataDir })
  expect(server.adopted).toBe(false)
  expect(fs.readdirSync(dataDir).filter((name) => name.startsWith('pg'))).toEqual(['pg'])
})

test('a server whose starter was killed while it recovered is adopted', async () => {
  const { dataDir } = makeScratch()
  const killed = await startEmbedded({ dataDir })
  process.kill(killed.pid, 'SIGKILL')
  await until(() => !describeEmbedded(dataDir).running)
  const starter = launch([dataDir])
  await until(() => describeEmbedded(dataDir).running)
  starter.kill('SIGKILL')
  const server = await startEmbedded({ dataDir })
  expect(server.adopted).toBe(true)
  expect(processesIn(path.join(dataDir, 'pg'))).toContain(server.pid)
})

test('the start lock keeps out other processes and other callers, and not after its work has failed', async () => {
  const { dataDir } = makeScratch()
  const folder = prepareDataFolder(dataDir)
  const order: string[] = []
  let starting: Promise<Outcome> | undefined
  let waiting: Promise<unknown> | undefined
  await withStartLock(folder, async () => {
    starting = startElsewhere(dataDir)
    waiting = withStartLock(folder, async () => order.push('other caller'))
    await sleep(700)
    expect(fs.existsSync(folder.cluster)).toBe(false)
    order.push('holder')
  })
  expect((await starting)?.adopted).toBe(false)
  // its turn may come after that of the other process
  await waiting
  expect(order).toEqual(['holder', 'other caller'])
  await expect(withStartLock(folder, () => Promise.reject(new Error('failed work')))).rejects.toThrow('failed work')
  expect(await withStartLock(folder, async () => 'free')).toBe('free')
})

/** One postmaster, one starter, and all agree. */
function expectOneServer(outcomes: readonly Outcome[]): Outcome {
  expect(outcomes.map(({ message }) => message)).toEqual(outcomes.map(() => undefined))
  expect(new Set(outcomes.map(({ pid }) => pid)).size).toBe(1)
  expect(outcomes.filter(({ adopted }) => adopted === false)).toHaveLength(1)
  const [server = {}] = outcomes
  expect(server.pid).toBeTypeOf('number')
  return server
}
