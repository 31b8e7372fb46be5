import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { customersPort } from '../../../customers/keep-customers.ts'
import { partnerProjector } from '../../../partners/project-partners.ts'
import { exportRecords } from '../../../records/export-records.ts'
import { replayLog } from '../../../records/replay-log.ts'
import { verifyRecords } from '../../../records/verify-records.ts'
import { livePartner } from '../../partners/factories.ts'
import { useWorld } from '../../support/database.ts'
import { sealAll } from '../sealed-log.ts'

const from = useWorld()
const to = useWorld()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-replay-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a replayed log has the same rows, is sound, and goes on', async () => {
  await livePartner(from.context)
  await sealAll(from.context, from.owner)
  let text = ''
  await exportRecords(from.context, async (part) => {
    text += part
  })
  const file = path.join(folder, 'log')
  await writeFile(file, text)
  const report = await replayLog(to.context, { file, projectors: [partnerProjector], customers: customersPort })
  expect(report).toMatchObject({ sound: true })
  expect(await to.owner`select * from partners`).toEqual(await from.owner`select * from partners`)
  expect(await to.owner`select * from clients`).toEqual(await from.owner`select * from clients`)
  expect(await verifyRecords(to.context)).toEqual([])
  await livePartner(to.context)
  await sealAll(to.context, to.owner)
  expect(await verifyRecords(to.context)).toEqual([])
})
