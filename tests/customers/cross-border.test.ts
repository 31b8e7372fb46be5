import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROJECTORS } from '../../app/projectors.ts'
import { amendConsent } from '../../customers/amend-consent.ts'
import { authoriseConsent } from '../../customers/authorise-consent.ts'
import { checkAsk } from '../../customers/check-ask.ts'
import { listReceipts } from '../../customers/list-receipts.ts'
import { openRequest } from '../../customers/open-request.ts'
import { pageCustomers } from '../../customers/page-customers.ts'
import { requestConsent } from '../../customers/request-consent.ts'
import { standingConsents } from '../../customers/standing-consents.ts'
import { setJurisdiction } from '../../partners/set-jurisdiction.ts'
import { verifyProjections } from '../../records/verify-projections.ts'
import { useWorld } from '../support/database.ts'
import { customer, defineCatalogue, grant, inDays, liveParty, type Party, read, valuesOf } from './factories.ts'

const world = useWorld()

beforeAll(() => defineCatalogue(world.context))

async function partyIn(jurisdiction: string): Promise<Party> {
  const party = await liveParty(world.context)
  await move(party, jurisdiction)
  return party
}

async function move({ partner }: Party, jurisdiction: string): Promise<void> {
  const change = { partner: partner.id, jurisdiction, reason: 'it says so' }
  await setJurisdiction(world.context, { ...change, idempotencyKey: randomUUID() })
}

const refused = { code: 'INVALID_INPUT', field: 'crossBorder' }

describe('a consent to a partner that is not here', () => {
  it('is given by saying that the data may leave the country, and not otherwise', async () => {
    const { context, owner } = world
    const [party, account] = [await partyIn('SG'), await customer(owner)]
    await expect(grant(context, party, account)).rejects.toMatchObject(refused)
    await expect(grant(context, party, account, { crossBorder: false })).rejects.toMatchObject(refused)
    const consent = await grant(context, party, account, { crossBorder: true })
    expect(consent.crossBorder).toBe('SG')
    expect(valuesOf(await read(context, party, consent))).toEqual({ age: '44' })
  })

  it('says where to in its receipt, for both', async () => {
    const { context, owner } = world
    const [party, account] = [await partyIn('SG'), await customer(owner)]
    const { id: consentId } = await grant(context, party, account, { crossBorder: true })
    for (const whose of [{ accountKey: account }, { partner: party.partner.id }]) {
      const [receipt] = await listReceipts(context, { consentId, issuer: 'https://api.example', ...whose })
      expect(decodeJwt(receipt?.jws ?? '')).toMatchObject({
        pii_processing: { purposes: [{ cross_border: { jurisdiction: 'SG', consent: 'separate' } }] },
      })
    }
  })

  it('keeps that when it is amended, and cannot gain it so', async () => {
    const { context, owner } = world
    const party = await partyIn('SG')
    const accountKey = await customer(owner)
    const { id: consentId } = await grant(context, party, accountKey, { crossBorder: true })
    const amended = await amendConsent(context, {
      accountKey,
      consentId,
      tags: [{ key: 'age', granularity: 'band' }],
      evidence: { locale: 'en', channel: 'app' },
      idempotencyKey: randomUUID(),
    })
    expect(amended).toMatchObject({ crossBorder: 'SG', version: 2 })
    expect(valuesOf(await read(context, party, amended))).toEqual({ age: '30 to 59' })
  })
})

describe('a partner that moves', () => {
  it('is given nothing from the next statement on, under consents that do not name the place', async () => {
    const { context, owner } = world
    const [party, account] = [await liveParty(context), await customer(owner)]
    const consent = await grant(context, party, account)
    const whole = async () => ({
      one: valuesOf(await read(context, party, consent)),
      page: (await pageCustomers(context, { caller: party.caller, purpose: 'CREDIT', page: { first: 5 } })).edges
        .length,
      token: (await standingConsents(context, { partner: party.partner.id, consents: [consent.id] })).size,
    })
    const shared = { one: { age: '44' }, page: 1, token: 1 }
    expect(await whole()).toEqual(shared)
    await move(party, 'SG')
    expect(await whole()).toEqual({ one: null, page: 0, token: 0 })
    await move(party, 'CN')
    expect(await whole()).toEqual(shared)
    await move(party, 'SG')
    await grant(context, party, account, { crossBorder: true })
    await move(party, 'US')
    expect(valuesOf(await read(context, party, consent))).toBeNull()
  })

  it('is given nothing that was read after it moved, while reads run', async () => {
    const { context, owner } = world
    const [party, account] = [await liveParty(context), await customer(owner)]
    const consent = await grant(context, party, account)
    let movedAt = Number.POSITIVE_INFINITY
    const moving = (async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      await move(party, 'SG')
      movedAt = performance.now()
    })()
    const late: number[] = []
    let before = 0
    for (let after = 0; after < 20; ) {
      const startedAt = performance.now()
      const view = await read(context, party, consent)
      if (startedAt > movedAt) after++
      if (view !== null && startedAt > movedAt) late.push(startedAt)
      if (view !== null) before++
    }
    await moving
    expect({ late, some: before > 0 }).toEqual({ late: [], some: true })
  })
})

describe('a request of a partner that is not here', () => {
  const asked = { purpose: 'CREDIT', tags: [{ key: 'age', granularity: 'exact' }], retentionDays: 5 } as const
  const request = (party: Party, crossBorder?: boolean) =>
    requestConsent(world.context, {
      ...asked,
      tags: [...asked.tags],
      usage: 'RECURRING',
      partner: party.partner.id,
      client: party.client.id,
      expiresAt: inDays(30),
      ...(crossBorder !== undefined && { crossBorder }),
      idempotencyKey: randomUUID(),
    })

  it('says so, or is refused; one of a partner that is here does not', async () => {
    const { context } = world
    const [abroad, here] = [await partyIn('SG'), await liveParty(context)]
    const ask = { ...asked, expiresAt: inDays(30) }
    await expect(checkAsk(context, { ...ask, partner: abroad.partner.id })).rejects.toMatchObject(refused)
    await expect(checkAsk(context, { ...ask, partner: here.partner.id, crossBorder: true })).rejects.toMatchObject(
      refused,
    )
    await checkAsk(context, { ...ask, partner: abroad.partner.id, crossBorder: true })
    await checkAsk(context, { ...ask, partner: here.partner.id })
    await expect(request(abroad)).rejects.toMatchObject(refused)
  })

  it('is agreed to with a word for it, also when the partner moved after it asked', async () => {
    const { context, owner } = world
    const [abroad, moved] = [await partyIn('SG'), await liveParty(context)]
    const asking = [
      [abroad, await request(abroad, true)],
      [moved, await request(moved)],
    ] as const
    await move(moved, 'SG')
    for (const [party, { id }] of asking) {
      const accountKey = await customer(owner)
      await openRequest(context, { request: id, accountKey })
      const answer = { request: id, accountKey, evidence: { locale: 'en', channel: 'app' } }
      await expect(authoriseConsent(context, { ...answer, idempotencyKey: randomUUID() })).rejects.toMatchObject(
        refused,
      )
      const consent = await authoriseConsent(context, { ...answer, crossBorder: true, idempotencyKey: randomUUID() })
      expect(consent.crossBorder).toBe('SG')
      expect(valuesOf(await read(context, party, consent))).toEqual({ age: '44' })
    }
  })
})

it('names no place in a consent to a partner that is here, whatever was said', async () => {
  const { context, owner } = world
  const party = await liveParty(context)
  const account = await customer(owner)
  expect((await grant(context, party, account, { crossBorder: true })).crossBorder).toBeUndefined()
  expect(await verifyProjections(context, { projectors: PROJECTORS })).toEqual([])
})
