import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportKeysFile } from '../../../app/commands/ledger/export-keys-file.ts'
import { PROJECTORS } from '../../../app/projectors.ts'
import { customersPort } from '../../../customers/keep-customers.ts'
import type { Pool } from '../../../database/client.ts'
import { agreementProjector } from '../../../ledger/agreements/project-agreements.ts'
import { contractProjector } from '../../../ledger/agreements/project-contracts.ts'
import { factProjector } from '../../../ledger/facts/project-facts.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import { journalProjector } from '../../../ledger/journal/project-entries.ts'
import { verifyJournal } from '../../../ledger/journal/verify-journal.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { settlementProjector } from '../../../ledger/settlement/project-settlement.ts'
import { exportRecords } from '../../../records/export-records.ts'
import type { ProjectedTable } from '../../../records/projector.ts'
import { replayLog } from '../../../records/replay-log.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { useWorld } from '../../support/database.ts'
import { beginEcosystem, type Ecosystem, EVENTFUL, liveThrough } from './ecosystem.ts'

const TABLES = [agreementProjector, contractProjector, factProjector, journalProjector, settlementProjector].flatMap(
  ({ tables }) => tables,
)

const from = useWorld()
const to = useWorld()
let folder = ''
let scene: Ecosystem

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-replay-'))
  scene = await beginEcosystem(from)
  await liveThrough(from, scene, EVENTFUL)
  await sealAll(from.context, from.owner)
  const [log, keys] = ['log', 'keys'].map((name) => path.join(folder, name)) as [string, string]
  let text = ''
  await exportRecords(from.context, async (part) => {
    text += part
  })
  await writeFile(log, text)
  await exportKeysFile(from.context, keys)
  to.clock.set('2026-07-02T00:00:00Z')
  const input = { file: log, keysFile: keys, projectors: PROJECTORS, customers: customersPort }
  expect(await replayLog(to.context, input)).toMatchObject({ sound: true, waiting: [] })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test.each(TABLES.map((table) => [table.name, table] as const))('%s is the same, row by row', async (_name, table) => {
  const rows = await rowsOf(from.owner, table)
  expect(rows.length).toBeGreaterThan(0)
  expect(await rowsOf(to.owner, table)).toEqual(rows)
})

test('the trial balance is the same, and the journal and the tables are what the records say', async () => {
  const trial = await balances(from.context)
  expect(trial.length).toBeGreaterThan(3)
  expect(await balances(to.context)).toEqual(trial)
  expect(await verifyJournal(to.context)).toEqual([])
  expect(await verifyProjections(to.context, { projectors: PROJECTORS })).toEqual([])
})

test('the next month closes as it would have', async () => {
  const next = { programme: scene.programme, month: '2026-04' }
  from.clock.set('2026-07-02T00:00:00Z')
  const [was, is] = await Promise.all([from, to].map(({ context }) => closePeriod(context, next)))
  const { period: _, ...sums } = was ?? {}
  expect(is).toMatchObject(sums)
})

async function rowsOf(owner: Pool, { name, key, where = 'true' }: ProjectedTable): Promise<readonly object[]> {
  return owner.unsafe(`select * from ${name} where ${where} order by ${key.join(', ')}`)
}
