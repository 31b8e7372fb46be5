import * as fs from 'node:fs'
import * as path from 'node:path'
import { expect, test } from 'vitest'
import { connect, isRoot, makeScratch, NOBODY, ownerOf, startElsewhere, until } from './scratch.ts'

// Root becomes an ordinary user for these; anybody else is one.
const ordinary = isRoot ? NOBODY : undefined
const uid = ordinary?.uid ?? process.getuid?.()

test('an ordinary user starts, adopts and recovers a server of its own', async () => {
  const { dataDir } = makeScratch('.data', ordinary)
  const first = await startElsewhere(dataDir, ordinary)
  expect(first).toMatchObject({ adopted: false, how: 'self' })
  await connect(first)`create table kept as select 7 as value`
  expect(await startElsewhere(dataDir, ordinary)).toEqual({ ...first, adopted: true })
  process.kill(first.pid ?? 0, 'SIGKILL')
  const second = await startElsewhere(dataDir, ordinary)
  expect(second).toMatchObject({ adopted: false, how: 'self', host: first.host })
  expect(await connect(second)`select value from kept`).toEqual([{ value: 7 }])
})

test('all that an ordinary user makes is its own, and closed to others', async () => {
  const { dataDir } = makeScratch('.data', ordinary)
  await startElsewhere(dataDir, ordinary)
  for (const name of ['.', 'pg', 'postgres.log', 'start.lock']) {
    expect(ownerOf(path.join(dataDir, name)).uid, name).toBe(uid)
    expect(fs.statSync(path.join(dataDir, name)).mode & 0o077, name).toBe(0)
  }
})

test('a folder that cannot be written is refused with what to do, and nothing is left behind', async () => {
  const { folder } = makeScratch()
  fs.chmodSync(folder, 0o555)
  const dataDir = path.join(ordinary === undefined ? folder : '/', 'trb-refused')
  const { code, message } = await startElsewhere(dataDir, ordinary)
  expect(code).toBe('DATABASE_UNAVAILABLE')
  expect(message).toContain(`The data folder ${dataDir} does not serve: this user may not write there.`)
  expect(message).toContain('DATABASE_URL')
  expect(fs.existsSync(dataDir)).toBe(false)
})

test('where no other user can be had, root is told what to do', async () => {
  const { folder } = makeScratch('.data', ordinary)
  // A root that has no other users, and may make no more user namespaces: a container with everything taken away.
  const bare = ['unshare', '--user', '--map-root-user', '--', 'sh', '-c', `${NO_NAMESPACES}; exec "$@"`, 'sh']
  const { code, message } = await startElsewhere(path.join(folder, 'refused'), ordinary, bare)
  expect(code).toBe('DATABASE_UNAVAILABLE')
  expect(message).toContain('PostgreSQL refuses to run as root')
  expect(message).toContain('TRIBUTARY_DATA_DIR')
  expect(fs.existsSync(path.join(folder, 'refused', 'pg'))).toBe(false)
})

test('root without other users runs in a user namespace, and its data stays its own', async () => {
  const { dataDir } = makeScratch('.data', ordinary)
  const alone = ['unshare', '--user', '--map-root-user', '--']
  const first = await startElsewhere(dataDir, ordinary, alone)
  expect(first).toMatchObject({ adopted: false, how: 'namespace' })
  expect(ownerOf(path.join(dataDir, 'pg')).uid).toBe(uid)
  await connect(first)`create table kept as select 7 as value`
  process.kill(first.pid ?? 0, 'SIGKILL')
  await until(() => !fs.existsSync(`/proc/${first.pid}/cwd`))
  const second = await startElsewhere(dataDir, ordinary, alone)
  expect(await connect(second)`select value from kept`).toEqual([{ value: 7 }])
})

const NO_NAMESPACES = 'echo 0 > /proc/sys/user/max_user_namespaces'
