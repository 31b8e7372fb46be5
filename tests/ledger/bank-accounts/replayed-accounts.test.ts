import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { openBankAccount } from '../../../ledger/bank-accounts/open-bank-account.ts'
import { openOwnAccount } from '../../../ledger/bank-accounts/open-own-account.ts'
import { rotateBankKeys } from '../../../ledger/bank-accounts/rotate-bank-keys.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { exportInto, projectedRows, replayFrom } from '../../records/replay/whole-scene.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { useWorld } from '../../support/database.ts'
import { as, CHINESE, entered, GERMAN, ours, partnerIn, verified } from './scene.ts'

const world = useWorld()
const target = useWorld()
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-accounts-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('accounts come out of the log sealed as they were entered, open, and are sealed anew', async () => {
  const { context } = world
  const partner = await partnerIn(context)
  const before = await verified(context, partner)
  const own = await ours(context)
  await rotateBankKeys(as(context, 'ann'))
  const since = await entered(context, partner, { asset: 'EUR/2', details: GERMAN })
  expect(await verifyProjections(context, { projectors: PROJECTORS })).toEqual([])
  await sealAll(context, world.owner)
  const file = path.join(folder, 'log')
  await exportInto(context, file)
  expect(await replayFrom(target.context, file)).toMatchObject({ sound: true, waiting: [] })
  expect(await projectedRows(target)).toEqual(await projectedRows(world))
  expect(await verifyProjections(target.context, { projectors: PROJECTORS })).toEqual([])
  const opened = await Promise.all([before, since].map(({ id }) => openBankAccount(target.context, id)))
  expect(opened.map(({ holder }) => holder)).toEqual([CHINESE.holder, GERMAN.holder])
  expect((await openOwnAccount(target.context, own.code)).details.holder).toBe(GERMAN.holder)
  // what was entered before the key was renewed is under the old one again
  expect(await rotateBankKeys(as(target.context, 'ann'))).toEqual({ version: 2, resealed: 2, resumed: true })
  const log = await readFile(file, 'utf8')
  expect(log).toContain('****3445')
  for (const secret of ['6222021200112233445', '370400440532013000', CHINESE.holder, GERMAN.holder]) {
    expect(log).not.toContain(secret)
  }
})

test('a face that was changed behind the records shows', async () => {
  await behindGuards(world.owner, `update bank_accounts set masked = '****9999' where asset = 'CNY/2'`)
  const [found] = await verifyProjections(world.context, { projectors: PROJECTORS })
  expect(found).toMatchObject({ what: 'its masked is not what its records say' })
})
