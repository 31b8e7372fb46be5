import { existsSync } from 'node:fs'
import { appendFile, cp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readManifest } from '../../../app/backup/manifest.ts'
import { restoreBackup } from '../../../app/backup/restore-backup.ts'
import { readConfig } from '../../../app/config.ts'
import { processesIn } from '../../database/embedded/scratch.ts'
import { appendSome } from '../../records/sealed-log.ts'
import { agree, changeArchive, changeManifest, flip, one, remove, renamed } from './damage.ts'
import { backUpTo, environmentOf, makePlace, openInstallation } from './installation.ts'

let tried = 0
let place: Awaited<ReturnType<typeof makePlace>>
let later = { size: 0, root: '', checkpoint: '' }
let ofAnother = { size: 0, root: '', checkpoint: '' }
const at = (name: string): string => path.join(place.folder, name)

beforeAll(async () => {
  place = await makePlace()
  const installation = await openInstallation(at('data'))
  await appendSome(installation.context, 300)
  const masterKey = await readFile(path.join(at('data'), 'secrets/master.key'), 'utf8')
  await backUpTo(installation, at('backup'), { masterKey: Buffer.from(masterKey, 'base64') })
  await appendSome(installation.context, 5)
  later = (await backUpTo(installation, at('later'))).log
  await installation.close()
  const another = await openInstallation(at('another'))
  await appendSome(another.context, 300)
  ofAnother = (await backUpTo(another, at('of-another'))).log
  await another.close()
}, 180_000)
afterAll(() => place.remove())

/** Restores a backup that was changed; whatever comes of it, nothing may be left. */
async function restoreChanged(change: (backup: string) => Promise<unknown>): Promise<unknown> {
  tried += 1
  const [backup, dataDir] = [at(`changed-${tried}`), at(`restored-${tried}`)]
  await cp(at('backup'), backup, { recursive: true })
  try {
    await change(backup)
    const { sound, findings } = await restoreBackup(readConfig(environmentOf(at('nowhere'))), {
      ...{ backup, dataDir, watch: (_, work) => work(() => {}) },
    })
    expect(sound).toBe(findings.length === 0)
    if (sound) await rm(dataDir, { recursive: true })
    return findings
  } finally {
    await rm(backup, { recursive: true })
    expect(existsSync(dataDir)).toBe(false)
    expect(processesIn(path.join(dataDir, 'restoring', 'pg'))).toEqual([])
  }
}

const isData = ({ name, size }: { name: string; size: number }): boolean => /^base\/\d+\/\d+$/.test(name) && size > 0
const isLog = ({ name, size }: { name: string; size: number }): boolean => name.startsWith('pg_wal/0') && size > 0

test('a backup that nobody changed is sound', { timeout: 120_000 }, async () => {
  expect(await restoreChanged(async () => {})).toEqual([])
})

describe('a restore names what is wrong with', { timeout: 120_000 }, () => {
  test('a data file in which one bit was flipped', async () => {
    const found = await restoreChanged((backup) =>
      changeArchive(backup, (archive, members) => flip(archive, one(members, isData))),
    )
    expect(found).toEqual([
      {
        where: expect.stringMatching(/^file base\/\d+\/\d+$/),
        what: 'its contents are not those that were backed up',
      },
    ])
  })

  test('the write-ahead log in which one bit was flipped', async () => {
    const found = await restoreChanged((backup) =>
      changeArchive(backup, (archive, members) => flip(archive, one(members, isLog))),
    )
    expect(found).toEqual([
      {
        where: 'base.tar',
        what: 'all listed files in it are sound, but its write-ahead log or its form was changed',
      },
    ])
  })

  test('a file that is missing, also when the manifest agrees', async () => {
    const found = await restoreChanged(async (backup) => {
      await changeArchive(backup, (archive, members) => remove(archive, one(members, isData)))
      await agree(backup)
    })
    expect(found).toEqual([{ where: expect.stringMatching(/^file base\/\d+\/\d+$/), what: 'it is missing' }])
  })

  test('a file that was put in, also when the manifest agrees', async () => {
    const found = await restoreChanged(async (backup) => {
      await changeArchive(backup, (archive, members) =>
        Buffer.concat([renamed(archive, one(members, isData), 'planted.conf'), archive]),
      )
      await agree(backup)
    })
    expect(found).toEqual([{ where: 'file planted.conf', what: 'it was not backed up' }])
  })

  test('an archive that was cut off', async () => {
    const { files } = await readManifest(at('backup'))
    const bytes = files.find(({ name }) => name === 'base.tar')?.bytes ?? 0
    const found = await restoreChanged((backup) => truncate(path.join(backup, 'base.tar'), bytes - 20_000))
    expect(found).toEqual([{ where: 'base.tar', what: `it has ${bytes - 20_000} bytes instead of ${bytes}` }])
  })

  test('an archive that was cut off in a file, also when the manifest agrees', async () => {
    const found = await restoreChanged(async (backup) => {
      await changeArchive(backup, (archive, members) => archive.subarray(0, one(members, isData).at + 512 + 100))
      await agree(backup)
    })
    expect(found).toEqual([{ where: 'base.tar', what: expect.stringContaining('it cannot be unpacked: tar: ') }])
  })

  test.each(['base.tar', 'backup_manifest'])('%s, which is missing', async (name) => {
    const found = await restoreChanged((backup) => rm(path.join(backup, name)))
    expect(found).toEqual([{ where: name, what: 'it is missing' }])
  })

  test('a list of files that was changed, also when the manifest agrees', async () => {
    const change = async (backup: string): Promise<void> => {
      const file = path.join(backup, 'backup_manifest')
      const text = await readFile(file, 'utf8')
      await writeFile(file, text.replace(/"Checksum": "./, '"Checksum": "g'))
    }
    expect(await restoreChanged(change)).toEqual([
      { where: 'backup_manifest', what: 'its contents are not those that were backed up' },
    ])
    const agreed = await restoreChanged(async (backup) => {
      await change(backup)
      await agree(backup)
    })
    expect(agreed).toEqual([{ where: 'file backup_manifest', what: 'it is not a list of files that PostgreSQL made' }])
  })

  test('a manifest that names no archive', async () => {
    const found = await restoreChanged((backup) => changeManifest(backup, () => ({ files: [] })))
    expect(found).toEqual([{ where: 'manifest.json', what: 'it does not name base.tar and backup_manifest' }])
  })

  test('a checkpoint of a later time: the log was cut off', async () => {
    const found = await restoreChanged((backup) => changeManifest(backup, () => ({ log: later })))
    expect(found).toEqual([
      { where: 'the checkpoint of the backup', what: '305 records were signed for, and only 300 are sealed' },
    ])
  })

  test('a checkpoint of another log', async () => {
    const found = await restoreChanged((backup) => changeManifest(backup, () => ({ log: ofAnother })))
    expect(found).toEqual([{ where: 'the checkpoint of the backup', what: 'its signature is not the log’s' }])
  })

  test('a manifest that says another size than its checkpoint', async () => {
    const found = await restoreChanged((backup) =>
      changeManifest(backup, ({ log }) => ({ log: { ...log, size: 299 } })),
    )
    expect(found).toEqual([{ where: 'manifest.json', what: 'its size or root is not what its checkpoint says' }])
  })
})

describe('a restore refuses', { timeout: 120_000 }, () => {
  test('a write-ahead log that is not there, in the server’s own words', async () => {
    const restored = restoreChanged(async (backup) => {
      await changeArchive(backup, (archive, members) => remove(archive, one(members, isLog)))
      await agree(backup)
    })
    await expect(restored).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('PostgreSQL did not start'),
    })
  })

  test.each<[string, (backup: string) => Promise<unknown>, string]>([
    ['a backup that was cut off, which has no manifest', (b) => rm(path.join(b, 'manifest.json')), 'NOT_FOUND'],
    ['a manifest that is none', (b) => appendFile(path.join(b, 'manifest.json'), '}'), 'INVALID_INPUT'],
    ['a manifest with something more in it', (b) => changeManifest(b, () => ({ more: 1 }) as object), 'INVALID_INPUT'],
    ['another major version', (b) => changeManifest(b, () => ({ postgresql: '15.1' })), 'UNSUPPORTED'],
    ['the backup of a server of one’s own', (b) => changeManifest(b, () => ({ embedded: false })), 'UNSUPPORTED'],
    ['a backup without its master key', (b) => rm(path.join(b, 'secrets'), { recursive: true }), 'NOT_READY'],
    [
      'the master key of another installation',
      (b) => cp(path.join(at('another'), 'secrets'), path.join(b, 'secrets'), { recursive: true }),
      'INVALID_INPUT',
    ],
  ])('%s', async (_, change, code) => {
    await expect(restoreChanged(change)).rejects.toMatchObject({ code })
  })
})
