import { expect, it } from 'vitest'
import { HOME_JURISDICTION, nameOfJurisdiction } from '../../kernel/jurisdiction.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { partnerProjector } from '../../partners/project-partners.ts'
import { setJurisdiction } from '../../partners/set-jurisdiction.ts'
import { verifyProjections } from '../../records/verify-projections.ts'
import { useWorld } from '../support/database.ts'
import { recordsNaming, sandboxPartner } from './factories.ts'

const world = useWorld()

it('is here unless told otherwise, in the code and in the database', async () => {
  const { context, owner } = world
  expect((await sandboxPartner(context)).jurisdiction).toBe(HOME_JURISDICTION)
  expect(await owner`select home_jurisdiction() as home`).toEqual([{ home: HOME_JURISDICTION }])
  const abroad = await createPartner(context, { code: 'lion', name: 'Lion', kind: 'BANK', jurisdiction: 'SG' })
  expect(await findPartner(context, 'lion')).toEqual(abroad)
})

it('changes once for a key, with a record that says from where and why', async () => {
  const { context } = world
  const { id, code } = await sandboxPartner(context)
  const input = { partner: code, jurisdiction: 'HK', reason: 'moved', idempotencyKey: 'a' }
  expect(await setJurisdiction(context, input)).toMatchObject({ id, jurisdiction: 'HK' })
  expect(await setJurisdiction(context, input)).toMatchObject({ id, jurisdiction: 'HK' })
  await expect(setJurisdiction(context, { ...input, jurisdiction: 'SG' })).rejects.toMatchObject({
    code: 'IDEMPOTENCY_CONFLICT',
  })
  await expect(setJurisdiction(context, { ...input, idempotencyKey: 'b' })).rejects.toMatchObject({
    code: 'WRONG_STATE',
  })
  await setJurisdiction(context, { ...input, jurisdiction: 'CN', idempotencyKey: 'c' })
  expect((await recordsNaming(context, { kind: 'partner', id })).slice(1)).toEqual([
    { event: 'JURISDICTION_SET', partner: id, from: 'CN', to: 'HK', reason: 'moved' },
    { event: 'JURISDICTION_SET', partner: id, from: 'HK', to: 'CN', reason: 'moved' },
  ])
  expect(await verifyProjections(context, { projectors: [partnerProjector] })).toEqual([])
})

it.each(['', 'sg', 'SGP', 'UK', 'EU', 'ZZ', 'XA', 'DD', 'XK'])('is no %j', async (jurisdiction) => {
  const { code } = await sandboxPartner(world.context)
  await expect(
    setJurisdiction(world.context, { partner: code, jurisdiction, reason: 'x', idempotencyKey: 'k' }),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'jurisdiction' })
  await expect(
    createPartner(world.context, { code: 'nowhere', name: 'Nowhere', kind: 'BANK', jurisdiction }),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'jurisdiction' })
})

it('has a name in both languages', () => {
  expect(['en', 'zh-CN'].map((language) => nameOfJurisdiction('SG', language))).toEqual(['Singapore', '新加坡'])
})
