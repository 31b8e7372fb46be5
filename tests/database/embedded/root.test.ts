import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, test } from 'vitest'
import { startEmbedded, stopEmbedded } from '../../../database/embedded/start-embedded.ts'
import { connect, makeScratch, NOBODY, ownerOf, processesIn, startElsewhere, until } from './scratch.ts'

const NAMELESS = { uid: 4242, gid: 4242 }

describe('root', () => {
  test('runs the server as another user and keeps the data folder', async () => {
    const { dataDir } = makeScratch()
    const server = await startEmbedded({ dataDir })
    expect(server.how).toBe('setuid')
    expect(ownerOf(path.join(dataDir, 'pg')).uid).not.toBe(0)
    expect(ownerOf(`/proc/${server.pid}`)).toEqual(ownerOf(path.join(dataDir, 'pg')))
    expect(ownerOf(dataDir).uid).toBe(0)
    expect((await startEmbedded({ dataDir })).how).toBe('setuid')
  })

  test('lets the other user into a data folder that was closed, and not into the secrets in it', async () => {
    const { dataDir } = makeScratch()
    fs.mkdirSync(dataDir, { mode: 0o700 })
    fs.writeFileSync(path.join(dataDir, 'secret'), 'secret', { mode: 0o600 })
    const server = await startEmbedded({ dataDir })
    expect(server.how).toBe('setuid')
    expect(fs.statSync(dataDir).mode & 0o777).toBe(0o701)
    const owner = ownerOf(path.join(dataDir, 'pg'))
    expect(spawnSync('cat', [path.join(dataDir, 'secret')], owner).status).not.toBe(0)
    expect(spawnSync('ls', [dataDir], owner).status).not.toBe(0)
  })

  test('serves a folder that no other user can reach through a user namespace, and recovers it', async () => {
    const { folder, dataDir } = makeScratch()
    fs.chmodSync(folder, 0o700)
    const first = await startEmbedded({ dataDir })
    expect(first).toMatchObject({ adopted: false, how: 'namespace' })
    expect(ownerOf(path.join(dataDir, 'pg')).uid).toBe(0)
    await connect(first)`create table kept as select 7 as value`
    process.kill(first.pid, 'SIGKILL')
    await until(() => processesIn(path.join(dataDir, 'pg')).length === 0)
    fs.chmodSync(folder, 0o755)
    const second = await startEmbedded({ dataDir })
    expect(second).toMatchObject({ adopted: false, how: 'namespace' })
    expect(await connect(second)`select value from kept`).toEqual([{ value: 7 }])
    expect(await startEmbedded({ dataDir })).toEqual({ ...second, adopted: true })
  })

  test("adopts an ordinary user's server, and starts it again as that user", async () => {
    const { dataDir } = makeScratch('.data', NOBODY)
    const theirs = await startElsewhere(dataDir, NOBODY)
    expect(await startEmbedded({ dataDir })).toEqual({ ...theirs, adopted: true, how: 'setuid' })
    await stopEmbedded({ dataDir })
    expect(await startEmbedded({ dataDir })).toMatchObject({ adopted: false, how: 'setuid', host: theirs.host })
    expect(ownerOf(path.join(dataDir, 'pg', 'postmaster.pid'))).toEqual(NOBODY)
    await stopEmbedded({ dataDir })
    expect(await startElsewhere(dataDir, NOBODY)).toMatchObject({ adopted: false, how: 'self' })
  })

  test("makes the database of a user's folder as that user, who can start it then", async () => {
    const { dataDir } = makeScratch('.data', NOBODY)
    fs.mkdirSync(dataDir, { mode: 0o700 })
    fs.chownSync(dataDir, NOBODY.uid, NOBODY.gid)
    expect((await startEmbedded({ dataDir })).how).toBe('setuid')
    for (const name of ['pg', 'postgres.log', 'start.lock']) {
      expect(ownerOf(path.join(dataDir, name)), name).toEqual(NOBODY)
    }
    await stopEmbedded({ dataDir })
    expect(await startElsewhere(dataDir, NOBODY)).toMatchObject({ adopted: false, how: 'self' })
  })

  test('adopts, recovers and stops without the right to look into processes, as in a container', async () => {
    const { dataDir } = makeScratch()
    const confined = ['setpriv', '--bounding-set', '-sys_ptrace', '--']
    const first = await startElsewhere(dataDir, undefined, confined)
    expect(first).toMatchObject({ adopted: false, how: 'setuid' })
    expect(await startElsewhere(dataDir, undefined, confined)).toEqual({ ...first, adopted: true })
    const orphans = spinUnder(first)
    process.kill(first.pid ?? 0, 'SIGKILL')
    await orphans
    const second = await startElsewhere(dataDir, undefined, confined)
    expect(second).toMatchObject({ adopted: false, how: 'setuid' })
    expect(await connect(second)`select 1 as one`).toEqual([{ one: 1 }])
  })

  test("leaves an ordinary user with a clear sentence about root's data", async () => {
    const { dataDir } = makeScratch()
    await startEmbedded({ dataDir })
    const { code, message } = await startElsewhere(dataDir, NOBODY)
    expect(code).toBe('DATABASE_UNAVAILABLE')
    expect(message).toContain('this user may not write there')
    fs.chmodSync(dataDir, 0o777)
    const again = await startElsewhere(dataDir, NOBODY)
    expect(again.message).toMatch(/belongs to (another|the) user/)
  })
})

describe('a user without a name', () => {
  test('makes its database in a user namespace, for initdb wants a name, and runs it as itself later', async () => {
    const { dataDir } = makeScratch('.data', NAMELESS)
    const first = await startElsewhere(dataDir, NAMELESS)
    expect(first).toMatchObject({ adopted: false, how: 'namespace' })
    expect(ownerOf(path.join(dataDir, 'pg')).uid).toBe(NAMELESS.uid)
    await stopEmbedded({ dataDir })
    expect(await startElsewhere(dataDir, NAMELESS)).toMatchObject({ adopted: false, how: 'self' })
  })
})

/** Leaves a backend behind that does not notice its postmaster's end. */
async function spinUnder(server: { readonly host?: string; readonly port?: number }): Promise<void> {
  const sql = connect(server)
  sql`do $$ begin loop end loop; end $$`.simple().catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 100))
}
