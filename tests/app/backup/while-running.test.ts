import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readManifest } from '../../../app/backup/manifest.ts'
import { stopEmbedded } from '../../../database/embedded/start-embedded.ts'
import { verifyJournal } from '../../../ledger/journal/verify-journal.ts'
import { sealRecords } from '../../../records/seal-records.ts'
import { signCheckpoint } from '../../../records/sign-checkpoint.ts'
import { verifyRecords } from '../../../records/verify-records.ts'
import { appendSome } from '../../records/sealed-log.ts'
import { makePlace, ORIGIN, openInstallation, startWriting, tributary } from './installation.ts'

let place: Awaited<ReturnType<typeof makePlace>>
const at = (name: string): string => path.join(place.folder, name)

beforeAll(async () => {
  place = await makePlace()
})
afterAll(async () => {
  for (const name of ['data', 'restored']) await stopEmbedded({ dataDir: at(name) })
  await place.remove()
})

test('a backup made while others write and seal has all that was acknowledged before, and the log goes on from it', {
  timeout: 120_000,
}, async () => {
  const writing = startWriting(at('data'))
  while (writing.acknowledged() < 2000) await sleep(10)
  const before = writing.acknowledged()
  const made = await tributary(at('data'), ['--json', 'backup', at('backup'), '--with-secrets'])
  expect(made).toMatchObject({ code: 0, complaint: '' })
  const after = writing.acknowledged()
  expect(await writing.stop()).toBe(0)
  expect(after).toBeGreaterThan(before)
  const restored = await tributary(at('other'), ['--json', 'restore', at('backup'), '--data-dir', at('restored')])
  expect(restored).toMatchObject({ code: 0, complaint: '' })
  const { log } = await readManifest(at('backup'))
  expect(log.size).toBeGreaterThan(0)
  expect(JSON.parse(restored.out)).toMatchObject({ sound: true, findings: [], size: log.size })
  expect(existsSync(at('other'))).toBe(false)

  const { context, close } = await openInstallation(at('restored'))
  try {
    const [there] = await context.database.reads<{ records: number; entries: number; sealed: number }[]>`
      select (select count(*) from records)::integer as records, (select count(*) from seals)::integer as sealed,
        (select count(*) from journal_entries)::integer as entries`
    expect(there?.records).toBeGreaterThanOrEqual(before)
    expect(there?.sealed).toBeGreaterThanOrEqual(log.size)
    expect(there?.entries).toBe((there?.records ?? 0) / 50)
    await appendSome(context, 7)
    while ((await sealRecords(context)) > 0);
    const { size } = await signCheckpoint(context, { origin: ORIGIN })
    expect(size).toBe((there?.records ?? 0) + 7)
    expect(await verifyRecords(context, { kept: [log.checkpoint] })).toEqual([])
    expect(await verifyJournal(context)).toEqual([])
  } finally {
    await close()
  }
})
