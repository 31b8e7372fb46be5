import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { definePurposes } from '../../customers/define-purposes.ts'
import { defineTags } from '../../customers/define-tags.ts'
import { grantConsent } from '../../customers/grant-consent.ts'
import { createAgreement } from '../../ledger/agreements/create-agreement.ts'
import { endAgreement } from '../../ledger/agreements/end-agreement.ts'
import { changeCapability } from '../../partners/capabilities/change-capability.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { csvOf, importText } from '../catalog/factories.ts'
import { customer, defineCatalogue, grantInput, TAGS } from '../customers/factories.ts'
import { someProgramme } from '../ledger/agreements/factories.ts'
import { useWorld } from '../support/database.ts'
import { asPartner, type Insider, startRealGateway } from './attacks/real-gateway.ts'
import { Browser } from './browser.ts'
import { accessToken, assertion, proof, requestToken } from './clients.ts'
import { asked, askingClient, authorizeAddress, decide, formOf, push, pushed, signIn } from './consent-flow.ts'
import type { TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let second: TestGateway

beforeAll(async () => {
  ;[gateway, second] = await Promise.all([startRealGateway(world), startRealGateway(world)])
  await defineCatalogue(gateway.context)
  const trips = { ...TAGS[0], key: 'trips', category: 'travel', labelEn: 'Trips' }
  await defineTags(gateway.context, [trips])
  const purpose = { key: 'TRAVEL', nameEn: 'Travel', nameZh: '旅行', description: 'To offer journeys.' }
  await definePurposes(gateway.context, [{ ...purpose, tagKeys: ['age', 'trips'] }])
  await importText(
    gateway.context,
    csvOf([
      { id: 'f1', name: 'Steady' },
      { id: 'f2', name: 'Bold', category: 'Growth' },
    ]),
  )
})
afterAll(() => Promise.all([gateway.close(), second.close()]))

const TRIPS = { key: 'trips', granularity: 'exact' }
const travel = (...tags: readonly object[]) => JSON.stringify([asked({ purpose: 'TRAVEL', tags })])
const AGE = { key: 'age', granularity: 'exact' }

describe('a category of tags that is restricted', () => {
  it.each([
    ['RESTRICTED', {}],
    ['PENDING', { due: 'a contract on storage' }],
  ] as const)('as %s is not asked for, with a sentence that names the tag', async (status, more) => {
    const { client } = await insider()
    expect((await push(gateway, client, { authorization_details: travel(AGE, TRIPS) })).response.status).toBe(201)
    await say(client.partner, { kind: 'TAGS', key: 'travel', status, ...more })
    const { response } = await push(gateway, client, { authorization_details: travel(AGE, TRIPS) })
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        error: 'invalid_authorization_details',
        error_description: expect.stringMatching(/tags\.1: tag trips .*"travel"/),
      },
    ])
    expect((await push(gateway, client, { authorization_details: travel(AGE) })).response.status).toBe(201)
  })

  it('is not given by a customer who was asked before', async () => {
    const { client } = await insider()
    const request = await pushed(gateway, client, { authorization_details: travel(AGE, TRIPS) })
    const browser = new Browser(gateway)
    const account = await customer(world.owner, { synthetic: true, trips: '7' })
    const page = await signIn(browser, authorizeAddress(client, request), account)
    await say(client.partner, { kind: 'TAGS', key: 'travel', status: 'RESTRICTED' })
    await expect(decide(browser, page, formOf(page))).rejects.toThrow(/This did not work/)
    const [row] = await world.owner<{ count: string }[]>`
      select count(*)::text as count from consents where partner_id = ${client.partner.slice(4)}`
    expect(row?.count).toBe('0')
  })

  it('is not read any more, by the next request, on every process; other tags are', async () => {
    const who = await insider()
    const accountKey = await customer(world.owner, { synthetic: true, trips: '7' })
    const { code = '' } = (await findPartner(gateway.context, who.client.partner)) ?? {}
    const tags = [AGE, TRIPS] as { key: string; granularity: 'exact' }[]
    const { subject } = await grantConsent(gateway.context, {
      ...grantInput(code, accountKey),
      purpose: 'TRAVEL',
      tags,
    })
    const read = (at: TestGateway) =>
      asPartner(at, who, `{ customer(subject: "${subject}", purpose: "TRAVEL") { tags { key value } } }`)
    const page = (at: TestGateway) =>
      asPartner(at, who, '{ customers(purpose: "TRAVEL", first: 5) { edges { node { tags { key value } } } } }')
    const both = [
      { key: 'age', value: '44' },
      { key: 'trips', value: '7' },
    ]
    expect((await read(gateway)).body).toMatchObject({ data: { customer: { tags: both } } })
    await say(who.client.partner, { kind: 'TAGS', key: 'travel', status: 'RESTRICTED' })
    for (const at of [gateway, second]) {
      expect((await read(at)).body).toMatchObject({ data: { customer: { tags: [both[0]] } } })
      expect((await page(at)).body).toMatchObject({ data: { customers: { edges: [{ node: { tags: [both[0]] } }] } } })
    }
    await say(who.client.partner, { kind: 'TAGS', key: 'travel', status: 'ACTIVE' })
    expect((await read(second)).body).toMatchObject({ data: { customer: { tags: both } } })
  })
})

describe('a scope that is restricted', () => {
  it('is in no new token, and counts for nothing in one that has it', async () => {
    const who = await insider()
    const query = '{ products(first: 5) { edges { node { name } } } }'
    expect((await asPartner(gateway, who, query)).body).toHaveProperty('data.products')
    await say(who.client.partner, { kind: 'GRAPH', key: 'catalog:read', status: 'RESTRICTED' })
    for (const at of [gateway, second]) {
      expect((await asPartner(at, who, query)).body).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
    }
    const given = { assertion: await assertion(who.client), proof: await proof(who.client) }
    expect(await (await requestToken(gateway, given)).json()).toMatchObject({ scope: 'customers:read' })
    const asking = { ...given, assertion: await assertion(who.client), proof: await proof(who.client) }
    const wider = await requestToken(gateway, { ...asking, form: { scope: 'catalog:read' } })
    expect([wider.status, await wider.json()]).toMatchObject([400, { error: 'invalid_scope' }])
    await say(who.client.partner, { kind: 'GRAPH', key: 'catalog:read', status: 'ACTIVE' })
    expect((await asPartner(gateway, who, query)).body).toHaveProperty('data.products')
  })
})

describe('a category of products that is restricted', () => {
  it('is in no list and under no id; what is left is', async () => {
    const who = await insider()
    const list = '{ products(first: 5) { edges { node { id name category } } } }'
    const products = async () => {
      const { body } = await asPartner(gateway, who, list)
      return (body['data'] as { products: { edges: { node: { id: string; name: string; category: string } }[] } })
        .products.edges
    }
    const bold = (await products()).find(({ node }) => node.name === 'Bold')?.node
    expect(await products()).toHaveLength(2)
    await say(who.client.partner, { kind: 'PRODUCTS', key: bold?.category ?? '', status: 'RESTRICTED' })
    expect((await products()).map(({ node }) => node.name)).toEqual(['Steady'])
    const one = await asPartner(gateway, who, `{ product(id: "${bold?.id}") { name } }`)
    expect(one.body).toMatchObject({ data: { product: null } })
  })
})

describe('agreements that name data', () => {
  it('bound what is asked by their union, and only while they are in force', async () => {
    const { client } = await insider()
    const from = new Date(Date.now() - 86_400_000).toISOString()
    const scoped = async (purpose: string, tags: string[]) => {
      const { code: programme } = await someProgramme(gateway.context)
      const dataScope = [{ purpose, tags }]
      return createAgreement(gateway.context, { programme, partner: client.partner, from, dataScope })
    }
    const { code: silent } = await someProgramme(gateway.context)
    await createAgreement(gateway.context, { programme: silent, partner: client.partner, from })
    const refusal = async (details: string) => {
      const { response } = await push(gateway, client, { authorization_details: details })
      const { error_description } = (await response.json()) as { error_description?: string }
      return error_description
    }
    expect(await refusal(travel(TRIPS, AGE))).toBeUndefined()
    const first = await scoped('TRAVEL', ['trips'])
    expect(await refusal(travel(TRIPS))).toBeUndefined()
    expect(await refusal(travel(TRIPS, AGE))).toMatch(/tags\.1: tag age .* no agreement .* for TRAVEL/)
    const credit = JSON.stringify([asked()])
    expect(await refusal(credit)).toMatch(/tags\.0: tag age .* for CREDIT/)
    await scoped('CREDIT', ['age', 'risk_level'])
    expect(await refusal(credit)).toBeUndefined()
    expect(await refusal(travel(AGE))).toMatch(/tag age/)
    const at = new Date(Date.now() - 3_600_000).toISOString()
    await endAgreement(gateway.context, { agreement: first.id, at, reason: 'over' })
    expect(await refusal(travel(TRIPS))).toMatch(/tag trips/)
  })
})

describe('the graphs', () => {
  it('tell a partner its own capabilities, with what is due and why', async () => {
    const who = await insider()
    const due = 'a penetration test'
    await say(who.client.partner, { kind: 'TAGS', key: 'travel', status: 'PENDING', due })
    const { body } = await asPartner(gateway, who, '{ me { capabilities { kind key status due reason } } }')
    expect(body).toHaveProperty('data.me.capabilities.4', {
      ...{ kind: 'TAGS', key: 'travel', status: 'PENDING', due },
      reason: 'an audit',
    })
  })
})

async function insider(): Promise<Insider> {
  const client = await askingClient(gateway.context)
  return { client, token: await accessToken(gateway, client) }
}

type Said = Partial<Parameters<typeof changeCapability>[1]> &
  Pick<Parameters<typeof changeCapability>[1], 'kind' | 'key' | 'status'>

function say(partner: string, said: Said) {
  return changeCapability(gateway.context, { partner, reason: 'an audit', idempotencyKey: randomUUID(), ...said })
}
