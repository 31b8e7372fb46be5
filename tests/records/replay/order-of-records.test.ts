import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { moveConsents } from '../../../customers/move-consents.ts'
import { holdOwn } from '../../../customers/store/hold-consents.ts'
import type { Transaction } from '../../../database/client.ts'
import { databaseTime } from '../../../database/database-time.ts'
import { idOf } from '../../../kernel/ids.ts'
import { movePartner } from '../../../partners/move-partner.ts'
import { appendRecords } from '../../../records/append-records.ts'
import { exportRecords } from '../../../records/export-records.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { customer, defineCatalogue, grant, liveParty } from '../../customers/factories.ts'
import { livePartner } from '../../partners/factories.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { useWorld } from '../../support/database.ts'
import { sealAll } from '../sealed-log.ts'
import { exportInto, projectedRows, replayFrom } from './whole-scene.ts'

const world = useWorld()
const target = useWorld()
const cut = useWorld()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-order-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a change that stands in the log before what it changes waits for it, in a replay and in the check', async () => {
  const { context } = world
  await defineCatalogue(context)
  const party = await liveParty(context)
  const account = await customer(world.owner)
  // it has its place in the log before the partner is made and the consent is given, and ends both afterwards
  await earlier(async (tx, goOn) => {
    const { partner } = await goOn(() => livePartner(context))
    await movePartner(context, tx, { partner, to: 'SUSPENDED', reason: 'an audit' })
    const given = await goOn(() => grant(context, party, account))
    const [row] = await tx<{ customer_id: string }[]>`select customer_id from subjects where subject = ${given.subject}`
    const held = await holdOwn(tx, idOf('cus', row?.customer_id ?? ''), given.id)
    if (held) await moveConsents(context, tx, [{ held, status: 'REVOKED', by: 'CUSTOMER' }], await databaseTime(tx))
  })
  expect(await verifyProjections(context, { projectors: PROJECTORS })).toEqual([])
  await sealAll(context, world.owner)
  const order = await world.owner<{ event: string }[]>`
    select r.body::jsonb -> 'data' ->> 'event' as event from seals s join records r on r.id = s.record_id
    where r.kind = 'partner' and r.body::jsonb -> 'data' ->> 'event' <> 'STATUS_CHANGED' or r.body like '%an audit%' order by s.seq`
  expect(order.map(({ event }) => event)).toEqual(['CREATED', 'STATUS_CHANGED', 'CREATED'])
  expect(await verifyProjections(context, { projectors: PROJECTORS })).toEqual([])
  const file = path.join(folder, 'log')
  await exportInto(context, file)
  expect(await replayFrom(target.context, file)).toMatchObject({ sound: true, waiting: [] })
  expect(await projectedRows(target)).toEqual(await projectedRows(world))
})

test('what waits for a record that never comes is named, and the log is not taken over', async () => {
  const { context, owner } = world
  const partner = 'ptr_00000000000000000000000000000001'
  const change = { event: 'STATUS_CHANGED', partner, code: 'nobody', from: 'LIVE', to: 'SUSPENDED', reason: 'none' }
  const [orphan] = await context.database.transaction((tx) =>
    appendRecords(context, tx, [{ kind: 'partner', data: change }]),
  )
  await sealAll(context, owner)
  expect(await verifyProjections(context, { projectors: PROJECTORS })).toEqual([
    { where: `record ${orphan?.id}`, what: 'it needs another record, which is not in the log' },
  ])
  const file = path.join(folder, 'orphan')
  await exportInto(context, file)
  expect(await replayFrom(cut.context, file)).toMatchObject({ sound: false, waiting: [orphan?.id] })
  await expect(livePartner(cut.context)).rejects.toMatchObject({ code: 'NOT_READY' })
})

test('an export names the place of a record that was taken out', async () => {
  await behindGuards(world.owner, 'delete from records where id = (select record_id from seals where seq = 3)')
  await expect(exportRecords(world.context, async () => {})).rejects.toThrow(/the record in place 3 is missing/)
})

type GoOn = <T>(work: () => Promise<T>) => Promise<T>

/** A transaction that wrote to the log before others begin and end in the middle of it. */
async function earlier(work: (tx: Transaction, goOn: GoOn) => Promise<void>): Promise<void> {
  const { context } = world
  await context.database.transaction(async (tx) => {
    await appendRecords(context, tx, [{ kind: 'import', data: { first: true } }])
    await work(tx, (others) => others())
  })
}
