import * as fs from 'node:fs'
import * as path from 'node:path'
import { expect, test } from 'vitest'
import { describeEmbedded, startEmbedded, stopEmbedded } from '../../../database/embedded/start-embedded.ts'
import { connect, makeScratch, processesIn } from './scratch.ts'

test('the first start makes a database that answers, the second adopts it', async () => {
  const { dataDir } = makeScratch()
  expect(describeEmbedded(dataDir)).toEqual({ running: false })
  const first = await startEmbedded({ dataDir })
  const second = await startEmbedded({ dataDir })
  expect(first.adopted).toBe(false)
  expect(second).toEqual({ ...first, adopted: true })
  const { host, port, pid } = first
  expect(describeEmbedded(dataDir)).toEqual({ running: true, ready: true, host, port, pid })
})

test('a stopped server is gone, and its data is there at the next start', async () => {
  const { dataDir } = makeScratch()
  const first = await startEmbedded({ dataDir })
  await connect(first)`create table kept as select 42 as value`
  await stopEmbedded(first)
  expect(describeEmbedded(dataDir)).toEqual({ running: false })
  expect(processesIn(path.join(dataDir, 'pg'))).toEqual([])
  expect(fs.existsSync(first.host)).toBe(false)
  const second = await startEmbedded({ dataDir })
  expect(second.host).toBe(first.host)
  expect(second.pid).not.toBe(first.pid)
  expect(await connect(second)`select value from kept`).toEqual([{ value: 42 }])
})

test('stopping where nothing runs, or where nothing ever was, changes nothing', async () => {
  const { folder, dataDir } = makeScratch()
  await stopEmbedded({ dataDir })
  expect(fs.readdirSync(folder)).toEqual([])
})

test('commits are durable, and text is UTF-8 that sorts alike on every machine', async () => {
  const { dataDir } = makeScratch()
  const sql = connect(await startEmbedded({ dataDir }))
  const [settings] = await sql`
    select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
      current_setting('synchronous_commit') as synchronous_commit, current_setting('listen_addresses') as listen_addresses,
      current_setting('data_checksums') as data_checksums, current_setting('server_encoding') as server_encoding`
  const durable = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', data_checksums: 'on' }
  expect(settings).toEqual({ ...durable, listen_addresses: '', server_encoding: 'UTF8' })
  const [locale] = await sql`
    select datlocprovider, datlocale, datctype from pg_database where datname = current_database()`
  expect(locale).toEqual({ datlocprovider: 'b', datlocale: 'C.UTF-8', datctype: 'C.UTF-8' })
  await sql`create extension pg_trgm`
  expect(await sql`select show_trgm('风险') <> '{}' as found`).toEqual([{ found: true }])
})

test("the caller's flags win over our own", async () => {
  const { dataDir } = makeScratch()
  const sql = connect(await startEmbedded({ dataDir, flags: ['-c', 'max_connections=37'] }))
  expect(await sql`show max_connections`).toEqual([{ max_connections: '37' }])
})

test('values of a failed statement do not reach the log of the server', async () => {
  const { dataDir } = makeScratch()
  const sql = connect(await startEmbedded({ dataDir }))
  await sql`create table accounts (number text constraint accounts_pk primary key)`
  await sql`insert into accounts values ('6222020200112230')`
  await expect(sql`insert into accounts values ('6222020200112230')`.simple()).rejects.toThrow('accounts_pk')
  await expect(sql`select 'x6222020200112230'::text::int`.simple()).rejects.toThrow('invalid input')
  const log = fs.readFileSync(path.join(dataDir, 'postgres.log'), 'utf8')
  expect(log).toContain('ready to accept connections')
  expect(log).not.toContain('62220202')
})

test('a path with spaces and other characters serves', async () => {
  const { dataDir } = makeScratch(`my "data", it's 数据`)
  const server = await startEmbedded({ dataDir })
  expect(await connect(server)`select 1 as one`).toEqual([{ one: 1 }])
  expect((await startEmbedded({ dataDir })).adopted).toBe(true)
})

test('a deep path serves, though a socket could not lie in it', async () => {
  const { dataDir } = makeScratch(`${'deep/'.repeat(40)}.data`)
  const server = await startEmbedded({ dataDir })
  expect(Buffer.byteLength(server.host)).toBeLessThan(90)
  expect(await connect(server)`select 1 as one`).toEqual([{ one: 1 }])
})

test('the folder of the socket is closed to others', async () => {
  const { dataDir } = makeScratch()
  const { host } = await startEmbedded({ dataDir })
  expect(fs.statSync(host).mode & 0o777).toBe(0o700)
  expect(fs.statSync(host).uid).toBe(fs.statSync(path.join(dataDir, 'pg')).uid)
})

test('a data folder reached through a link is the same data folder', async () => {
  const { folder, dataDir } = makeScratch()
  const server = await startEmbedded({ dataDir })
  fs.symlinkSync(dataDir, path.join(folder, 'link'))
  expect(await startEmbedded({ dataDir: path.join(folder, 'link') })).toEqual({ ...server, adopted: true })
})
