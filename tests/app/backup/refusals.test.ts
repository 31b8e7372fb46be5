import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { restoreBackup } from '../../../app/backup/restore-backup.ts'
import type { Watch } from '../../../app/commands/progress.ts'
import { readConfig } from '../../../app/config.ts'
import type { OpenContext } from '../../../app/open-context.ts'
import { openPool } from '../../../database/client.ts'
import { stopEmbedded } from '../../../database/embedded/start-embedded.ts'
import { holdTurn } from '../../../database/hold-turn.ts'
import { appendSome } from '../../records/sealed-log.ts'
import { backUpTo, environmentOf, makePlace, openInstallation, tributary } from './installation.ts'

let place: Awaited<ReturnType<typeof makePlace>>
let installation: OpenContext
let letGo: () => Promise<void>
const at = (...names: readonly string[]): string => path.join(place.folder, ...names)

beforeAll(async () => {
  place = await makePlace()
  installation = await openInstallation(at('data'))
  // as a server does: the command line would stop a database that nobody is connected to
  letGo = await holdTurn(installation.server.owner, at('data'))
  await appendSome(installation.context, 10)
  await backUpTo(installation, at('backup'))
}, 180_000)
afterAll(async () => {
  await letGo()
  await installation.close()
  await stopEmbedded({ dataDir: at('data') })
  await place.remove()
})

describe('a backup', { timeout: 120_000 }, () => {
  test('has the database and its manifest, readable by nobody else, and no secrets unless they are asked for', async () => {
    expect((await readdir(at('backup'))).toSorted()).toEqual(['backup_manifest', 'base.tar', 'manifest.json'])
    expect((await stat(at('backup'))).mode & 0o777).toBe(0o700)
    const masterKey = Buffer.alloc(32, 5)
    await backUpTo(installation, at('with-secrets'), { masterKey })
    const key = at('with-secrets', 'secrets', 'master.key')
    expect(await readFile(key, 'utf8')).toBe(masterKey.toString('base64'))
    for (const file of [key, at('backup', 'base.tar'), at('backup', 'manifest.json')]) {
      expect((await stat(file)).mode & 0o777, file).toBe(0o600)
    }
  })

  test('tells how far it is', async () => {
    const steps: { done: number; total: number }[] = []
    const { bytes } = await backUpTo(installation, at('watched'), { onProgress: (step) => steps.push(step) })
    expect(steps.at(-1)?.done).toBe(bytes)
    expect(steps.every(({ done, total }) => done <= total)).toBe(true)
  })

  test('is not written over another, nor into one that is being made', async () => {
    await expect(backUpTo(installation, at('backup'))).rejects.toMatchObject({ code: 'DUPLICATE' })
    await mkdir(at('begun.partial'))
    await expect(backUpTo(installation, at('begun'))).rejects.toMatchObject({
      code: 'DUPLICATE',
      message: expect.stringContaining('begun.partial is there already: another backup is being made'),
    })
    expect(existsSync(at('begun.partial'))).toBe(true)
  })

  test('is made beside another; of two with one name, one is', async () => {
    const targets = ['twin-a', 'twin-b', 'same', 'same']
    const made = await Promise.allSettled(targets.map((name) => backUpTo(installation, at(name))))
    expect(made.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
    for (const name of targets) expect(existsSync(at(name, 'manifest.json')), name).toBe(true)
  })

  test.each([
    ['a folder that is not there', 'nowhere/backup', 'the folder that it would be in is not there'],
    ['a file', 'backup/base.tar/backup', 'a part of the path is a file'],
    ['a name that is too long', 'x'.repeat(250), 'the path is too long'],
  ])('refuses %s with a sentence', async (_, name, reason) => {
    await expect(backUpTo(installation, at(name))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(reason),
    })
  })

  test('leaves nothing where there is no room for it, and says so', async () => {
    const args = ['-c', 'ulimit -f 2000 && exec "$@"', 'sh', process.execPath, 'app/cli.ts', 'backup', at('large')]
    const { status, stderr } = spawnSync('/bin/sh', args, { env: environmentOf(at('data')), encoding: 'utf8' })
    expect(stderr).toContain('cannot be written to')
    expect(stderr).toContain('files there may not be that large')
    expect(status).toBe(1)
    expect((await readdir(place.folder)).filter((name) => name.startsWith('large'))).toEqual([])
  })

  test('that is stopped leaves nothing: by a signal to the command', async () => {
    const { code, complaint } = await tributary(at('data'), ['backup', at('stopped')], (child) => {
      const watch = async (): Promise<void> => {
        while (!existsSync(at('stopped.partial'))) await sleep(2)
        child.kill('SIGINT')
      }
      void watch()
    })
    expect({ code, complaint }).toEqual({ code: 1, complaint: 'WRONG_STATE: it was stopped; nothing is left of it\n' })
    expect((await readdir(place.folder)).filter((name) => name.startsWith('stopped'))).toEqual([])
  })

  test('that is stopped in the middle of the copy leaves nothing, and the server gives the next one', async () => {
    const told = new AbortController()
    const stopped = backUpTo(installation, at('half'), { onProgress: () => told.abort(), signal: told.signal })
    await expect(stopped).rejects.toThrow('aborted')
    expect((await readdir(place.folder)).filter((name) => name.startsWith('half'))).toEqual([])
    expect((await backUpTo(installation, at('half'))).log.size).toBe(10)
  })

  test('whose connection is cut fails, and leaves nothing', async () => {
    const owner = openPool(installation.server.owner, 'tests:owner', 1)
    const cut = (): void =>
      void owner`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tributary:backup'`.then()
    await expect(backUpTo(installation, at('cut'), { onProgress: cut })).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    })
    await owner.end()
    expect((await readdir(place.folder)).filter((name) => name.startsWith('cut'))).toEqual([])
  })
})

describe('a server of one’s own', { timeout: 120_000 }, () => {
  const urlOf = (user: string): string => {
    const { host, port, database } = installation.server.owner
    return `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host ?? '')}`
  }

  test('is backed up by its address, and the backup is not one for the embedded server', async () => {
    const owner = { url: urlOf('postgres') }
    const manifest = await backUpTo(installation, at('own'), { owner, embedded: false })
    expect(manifest.files.map(({ name }) => name)).toEqual(['base.tar', 'backup_manifest'])
    await expect(restoreInto('own-restored', 'own')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })

  test('whose role may not replicate gives none, in the server’s own words', async () => {
    const owner = { url: urlOf('tributary_app') }
    await expect(backUpTo(installation, at('refused'), { owner, embedded: false })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('permission denied'),
    })
  })
})

describe('a restore', { timeout: 120_000 }, () => {
  test('takes the master key from the folder that is named, and keeps it', async () => {
    const { sound } = await restoreInto('by-folder', 'backup', { secrets: at('data', 'secrets') })
    expect(sound).toBe(true)
    const [kept, given] = ['by-folder', 'data'].map((name) => at(name, 'secrets', 'master.key'))
    expect(await readFile(kept ?? '', 'utf8')).toBe(await readFile(given ?? '', 'utf8'))
    expect((await stat(kept ?? '')).mode & 0o777).toBe(0o600)
  })

  test('takes the master key from the settings, and does not keep it', async () => {
    await mkdir(at('by-settings'))
    const key = await readFile(at('data', 'secrets', 'master.key'), 'utf8')
    const { sound } = await restoreInto('by-settings', 'backup', {}, { TRIBUTARY_MASTER_KEY: key })
    expect(sound).toBe(true)
    expect(await readdir(at('by-settings'))).toEqual(['pg'])
  })

  test('does not go where something is, least of all over a live database', async () => {
    await expect(restoreInto('data', 'backup')).rejects.toMatchObject({ code: 'DUPLICATE' })
    await expect(restoreInto(path.join('backup', 'base.tar'), 'backup')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    expect(await installation.context.database.reads`select 1 as one`).toEqual([{ one: 1 }])
  })

  test('that is stopped leaves nothing, at whichever step', async () => {
    for (const step of ['unpack', 'files', 'records']) {
      const told = new AbortController()
      const watch: Watch = (title, work) => {
        if (title === step) told.abort(new Error(`told at ${step}`))
        return work(() => {})
      }
      const more = { secrets: at('data', 'secrets'), watch, signal: told.signal }
      await expect(restoreInto('stopped-restore', 'backup', more)).rejects.toThrow(`told at ${step}`)
      expect(existsSync(at('stopped-restore'))).toBe(false)
    }
  })
})

async function restoreInto(
  name: string,
  backup: string,
  more: Partial<Parameters<typeof restoreBackup>[1]> = {},
  settings: NodeJS.ProcessEnv = {},
): ReturnType<typeof restoreBackup> {
  const config = readConfig({ ...environmentOf(at('nowhere')), ...settings })
  const watch: Watch = (_, work) => work(() => {})
  return restoreBackup(config, { backup: at(backup), dataDir: at(name), watch, ...more })
}
