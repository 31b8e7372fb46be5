import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readManifest } from '../../../app/backup/manifest.ts'
import { readConfig } from '../../../app/config.ts'
import { startServer } from '../../../app/start-server.ts'
import type { Context } from '../../../database/context.ts'
import { stopEmbedded } from '../../../database/embedded/start-embedded.ts'
import { silentLog } from '../../../kernel/log.ts'
import { verifyJournal } from '../../../ledger/journal/verify-journal.ts'
import { latestCheckpoint } from '../../../records/sign-checkpoint.ts'
import { verifyRecords } from '../../../records/verify-records.ts'
import { appendSome } from '../../records/sealed-log.ts'
import { environmentOf, makePlace, ORIGIN, startWriting, tributary } from './installation.ts'

let place: Awaited<ReturnType<typeof makePlace>>
const at = (name: string): string => path.join(place.folder, name)

beforeAll(async () => {
  place = await makePlace()
})
afterAll(async () => {
  for (const name of ['data', 'restored']) await stopEmbedded({ dataDir: at(name) })
  await place.remove()
})

test('a backup made while others write and seal has all that was acknowledged before, and a server goes on with it', {
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

  const environment = { ...environmentOf(at('restored')), PORT: '0', TRIBUTARY_ORIGIN: `http://${ORIGIN}` }
  const { context, port, stop } = await startServer(readConfig(environment), silentLog)
  try {
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
    const there = await countsOf(context)
    expect(there.records).toBeGreaterThanOrEqual(before)
    expect(there.entries).toBe(there.records / 50)
    expect(there.sealed).toBeGreaterThanOrEqual(log.size)
    await appendSome(context, 7)
    while (((await latestCheckpoint(context))?.size ?? 0) < there.records + 7) await sleep(20)
    expect(await countsOf(context)).toEqual({ ...there, records: there.records + 7, sealed: there.records + 7 })
    expect(await verifyRecords(context, { kept: [log.checkpoint] })).toEqual([])
    expect(await verifyJournal(context)).toEqual([])
  } finally {
    await stop()
  }
})

type Counts = { readonly records: number; readonly sealed: number; readonly entries: number }

async function countsOf({ database }: Context): Promise<Counts> {
  const [row] = await database.reads<Counts[]>`
    select (select count(*) from records)::integer as records, (select count(*) from seals)::integer as sealed,
      (select count(*) from journal_entries)::integer as entries`
  if (!row) throw new Error('the database counts nothing')
  return row
}
