import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { expect, test } from 'vitest'
import {
  describeEmbedded,
  type EmbeddedServer,
  startEmbedded,
  stopEmbedded,
} from '../../../database/embedded/start-embedded.ts'
import { bystander, connect, makeScratch, ownerOf, processesIn, until } from './scratch.ts'

test('what was committed is there after kill -9 of a busy server', async () => {
  const { dataDir } = makeScratch()
  const first = await startEmbedded({ dataDir })
  const acknowledged = await killWhileBusy(first)
  const second = await startEmbedded({ dataDir })
  expect(second.adopted).toBe(false)
  expect(second.pid).not.toBe(first.pid)
  const rows = await connect(second)<{ id: number }[]>`select id from facts order by id`
  const recovered = new Set(rows.map(({ id }) => id))
  expect(acknowledged.filter((id) => !recovered.has(id))).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(0)
})

test('orphans of a killed server are ended before a new one starts', async () => {
  const { dataDir } = makeScratch()
  const cluster = path.join(dataDir, 'pg')
  const first = await startEmbedded({ dataDir })
  const orphan = await orphanedBackend(first)
  await until(() => describeEmbedded(dataDir).running === false)
  expect(processesIn(cluster)).toContain(orphan)
  const second = await startEmbedded({ dataDir })
  expect(processesIn(cluster)).not.toContain(orphan)
  expect(processesIn(cluster)).toContain(second.pid)
})

test('orphans are ended and the data recovered when the pid file is gone as well', async () => {
  const { dataDir } = makeScratch()
  const cluster = path.join(dataDir, 'pg')
  const orphan = await orphanedBackend(await startEmbedded({ dataDir }))
  await until(() => describeEmbedded(dataDir).running === false)
  fs.rmSync(path.join(cluster, 'postmaster.pid'))
  const second = await startEmbedded({ dataDir })
  expect(processesIn(cluster)).not.toContain(orphan)
  expect(await connect(second)`select 1 as one`).toEqual([{ one: 1 }])
})

test('a stale pid file and socket lock with the number of a living process do not hinder a start', async () => {
  const { dataDir } = makeScratch()
  const cluster = path.join(dataDir, 'pg')
  const first = await startEmbedded({ dataDir })
  const files = [path.join(cluster, 'postmaster.pid'), path.join(first.host, '.s.PGSQL.5432.lock')]
  const texts = files.map((file) => fs.readFileSync(file, 'utf8'))
  process.kill(first.pid, 'SIGKILL')
  await until(() => processesIn(cluster).length === 0)
  const stranger = bystander(ownerOf(cluster))
  for (const [index, file] of files.entries()) {
    fs.writeFileSync(file, (texts[index] ?? '').replace(/^\d+/, `${stranger}`))
  }
  expect(describeEmbedded(dataDir)).toEqual({ running: false })
  const second = await startEmbedded({ dataDir })
  expect(second.adopted).toBe(false)
  expect(await connect(second)`select 1 as one`).toEqual([{ one: 1 }])
  expect(() => process.kill(stranger, 0)).not.toThrow()
})

test('a living process that stands in the data folder and is no PostgreSQL is neither adopted nor ended', async () => {
  const { dataDir } = makeScratch()
  const cluster = path.join(dataDir, 'pg')
  await stopEmbedded(await startEmbedded({ dataDir }))
  const stranger = bystander(ownerOf(cluster), cluster)
  fs.writeFileSync(path.join(cluster, 'postmaster.pid'), `${stranger}\n${cluster}\n0\n5432\n/tmp\n\n1 1\nready   \n`)
  const server = await startEmbedded({ dataDir })
  expect(server.adopted).toBe(false)
  expect(() => process.kill(stranger, 0)).not.toThrow()
})

test('an empty pid file, as a full disk leaves it, does not hinder a start', async () => {
  const { dataDir } = makeScratch()
  await stopEmbedded(await startEmbedded({ dataDir }))
  fs.writeFileSync(path.join(dataDir, 'pg', 'postmaster.pid'), '')
  expect((await startEmbedded({ dataDir })).adopted).toBe(false)
})

test('a copy of a running data folder gets a server of its own', async () => {
  const { dataDir } = makeScratch()
  const { dataDir: copy } = makeScratch()
  const original = await startEmbedded({ dataDir })
  await connect(original)`create table kept as select 7 as value`
  execFileSync('cp', ['-a', dataDir, copy])
  const server = await startEmbedded({ dataDir: copy })
  expect(server.adopted).toBe(false)
  expect(server.host).not.toBe(original.host)
  expect(await connect(server)`select value from kept`).toEqual([{ value: 7 }])
  expect((await startEmbedded({ dataDir })).pid).toBe(original.pid)
})

test('a data folder deleted under a running server can be made anew', async () => {
  const { dataDir } = makeScratch()
  const lost = await startEmbedded({ dataDir })
  fs.rmSync(dataDir, { recursive: true })
  const server = await startEmbedded({ dataDir })
  expect(server.adopted).toBe(false)
  expect(processesIn(path.join(dataDir, 'pg'))).not.toContain(lost.pid)
  expect(await connect(server)`select 1 as one`).toEqual([{ one: 1 }])
})

/** Returns the ids whose commits were acknowledged before the postmaster was killed. */
async function killWhileBusy(server: EmbeddedServer): Promise<readonly number[]> {
  const sql = connect(server, 4)
  await sql`create table facts (id int primary key)`
  const acknowledged: number[] = []
  const writers = [1, 2, 3].map(async (writer) => {
    for (let id = writer; id < 1_000_000; id += 3) {
      await sql`insert into facts values (${id})`
      acknowledged.push(id)
    }
  })
  await until(() => acknowledged.length > 50)
  process.kill(server.pid, 'SIGKILL')
  await Promise.allSettled(
    writers.map((writer) => Promise.race([writer, until(() => processesIn(server.dataDir).length === 0)])),
  )
  return [...acknowledged]
}

/** Kills the postmaster under a backend that is busy, and so does not notice. */
async function orphanedBackend(server: EmbeddedServer): Promise<number> {
  const sql = connect(server)
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
  // It never looks at its latch, so it outlives the postmaster.
  sql`do $$ begin loop end loop; end $$`.simple().catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 100))
  process.kill(server.pid, 'SIGKILL')
  return backend?.pid ?? 0
}
