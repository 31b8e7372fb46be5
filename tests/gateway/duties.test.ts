import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { revokeConsent } from '../../customers/revoke-consent.ts'
import { PARTNER_DUTIES } from '../../partners/duties.ts'
import { PARTNER_STATUSES, type PartnerStatus } from '../../partners/partner.ts'
import { customer, defineCatalogue, grant, read, sandboxParty, valuesOf } from '../customers/factories.ts'
import { useWorld } from '../support/database.ts'
import { startRealGateway } from './attacks/real-gateway.ts'
import { accessToken, askPartnerGraph, assertion, credentials, proof, registerClient, requestToken } from './clients.ts'
import type { TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startRealGateway(world)
  await defineCatalogue(gateway.context)
})
afterAll(() => gateway.close())

/** Puts a partner into a status, whatever led there. */
async function put(partner: string, status: PartnerStatus): Promise<void> {
  await world.owner`update partners set status = ${status} where id = ${partner.slice('ptr_'.length)}`
}

async function works(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}

it.each(PARTNER_STATUSES)(
  'a partner that is %s reads and is consented to as the table says, and a customer can withdraw',
  async (status) => {
    const { context } = gateway
    const duties = PARTNER_DUTIES[status]
    const party = await sandboxParty(context)
    const [made, real, other] = [
      await customer(world.owner, { synthetic: true }),
      await customer(world.owner),
      await customer(world.owner, { synthetic: true }),
    ]
    await put(party.partner.id, 'LIVE')
    const [ofMade, ofReal] = [await grant(context, party, made), await grant(context, party, real)]
    await put(party.partner.id, status)
    const seen = async ({ subject }: { readonly subject: string }) => {
      const values = valuesOf(await read(context, party, { subject }))
      return values !== null && Object.values(values).some((value) => value !== null)
    }
    expect(await seen(ofMade)).toBe(duties.discloses)
    expect(await seen(ofReal)).toBe(duties.discloses && !duties.syntheticOnly)
    expect(await works(grant(context, party, other))).toBe(duties.consents)
    const withdrawn = revokeConsent(context, { accountKey: real, consentId: ofReal.id, idempotencyKey: randomUUID() })
    expect(await works(withdrawn)).toBe(true)
  },
)

it.each(PARTNER_STATUSES)(
  'a client of one that is %s has tokens as the table says, new ones and old',
  async (status) => {
    const client = await registerClient(gateway.context)
    const old = await accessToken(gateway, client)
    await put(client.partner, status)
    const given = { assertion: await assertion(client), proof: await proof(client) }
    expect((await requestToken(gateway, given)).status === 200).toBe(PARTNER_DUTIES[status].tokens)
    const asked = await askPartnerGraph(gateway, await credentials(client, old), { query: '{ me { code } }' })
    expect(asked.status === 200).toBe(PARTNER_DUTIES[status].tokens)
  },
)
