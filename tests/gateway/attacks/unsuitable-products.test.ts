import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantConsent } from '../../../customers/grant-consent.ts'
import { makeDevelopmentToken } from '../../../gateway/authenticate/development-token.ts'
import type { Scope } from '../../../kernel/caller.ts'
import { findPartner } from '../../../partners/find-partner.ts'
import { goLive } from '../../../partners/go-live.ts'
import { csvOf, importText } from '../../catalog/factories.ts'
import { customer, defineCatalogue, disclosuresOf, grantInput } from '../../customers/factories.ts'
import { useWorld } from '../../support/database.ts'
import { accessToken, registerClient } from '../clients.ts'
import type { TestGateway } from '../gateway.ts'
import { asPartner, type Insider, startRealGateway } from './real-gateway.ts'

const world = useWorld()
let gateway: TestGateway
let bank: Insider

beforeAll(async () => {
  gateway = await startRealGateway(world)
  await defineCatalogue(gateway.context)
  const rows = (['R1', 'R2', 'R3', 'R4', 'R5'] as const).map((risk) => ({ id: risk, risk, name: `Fund ${risk}` }))
  await importText(gateway.context, csvOf(rows))
  bank = await insider(['customers:read', 'catalog:read'])
})
afterAll(() => gateway.close())

async function insider(scopes: Scope[]): Promise<Insider> {
  const client = await registerClient(gateway.context, { scopes })
  await goLive(gateway.context, { partner: client.partner })
  return { client, token: await accessToken(gateway, client) }
}

type Granularity = 'exact' | 'band' | 'flag'

/** A customer of a level who shares it so, or does not; by the bank's name for them. */
async function subjectOf(level: string, granularity?: Granularity, who = bank) {
  const accountKey = await customer(world.owner, { risk_level: level })
  const partner = await findPartner(gateway.context, who.client.partner)
  const tags = granularity ? [{ key: 'risk_level', granularity }] : []
  const { subject } = await grantConsent(gateway.context, {
    ...grantInput(partner?.code ?? '', accountKey),
    tags: [{ key: 'age', granularity: 'exact' }, ...tags],
  })
  return { subject, accountKey }
}

const QUERY = `query ($subject: ID!, $tags: [String!]) { customer(subject: $subject, purpose: "CREDIT", tags: $tags) {
  products(first: 10) { edges { node { product { name risk } suitability suitable recommended } } } } }`

type Match = {
  readonly product: { readonly risk: string }
  readonly suitability: string
  readonly recommended: boolean
}

async function matchesOf(subject: string, tags?: readonly string[], who = bank): Promise<readonly Match[]> {
  const { body } = await asPartner(gateway, who, QUERY, { subject, ...(tags && { tags }) })
  const { data } = body as { data?: { customer?: { products?: { edges: { node: Match }[] } } } }
  return data?.customer?.products?.edges.map(({ node }) => node) ?? []
}

/** Suitability by risk, and what is recommended. */
async function told(subject: string, tags?: readonly string[]) {
  const matches = await matchesOf(subject, tags)
  const suitability = matches.map((match) => match.suitability).join(' ')
  return {
    suitability,
    recommended: matches.filter(({ recommended }) => recommended).map(({ product }) => product.risk),
  }
}

/** As the customer does, through the customer graph. */
async function switched(accountKey: string, on: boolean): Promise<void> {
  const token = await makeDevelopmentToken(gateway.context, gateway.settings, { customer: accountKey })
  const query = `mutation ($input: SwitchRecommendationsInput!) {
    switchRecommendations(input: $input) { preferences { recommendations } userErrors { code } } }`
  const answer = await gateway.fetch('/customer/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { input: { on, idempotencyKey: randomUUID() } } }),
  })
  expect(await answer.json()).toEqual({
    data: { switchRecommendations: { preferences: { recommendations: on }, userErrors: [] } },
  })
}

describe('a product that carries more risk than the customer may take', () => {
  it('is shown unsuitable and never recommended: R4 to C2', async () => {
    const { subject } = await subjectOf('C2', 'exact')
    const matches = await matchesOf(subject)
    expect(matches.find(({ product }) => product.risk === 'R4')).toMatchObject({
      suitability: 'UNSUITABLE',
      suitable: false,
      recommended: false,
    })
    expect(await told(subject)).toEqual({
      suitability: 'SUITABLE SUITABLE UNSUITABLE UNSUITABLE UNSUITABLE',
      recommended: ['R1', 'R2'],
    })
  })

  it.each<[string, Granularity | undefined, string, readonly string[]]>([
    ['C2', 'band', 'SUITABLE UNKNOWN UNSUITABLE UNSUITABLE UNSUITABLE', ['R1']],
    ['C5', 'flag', 'SUITABLE SUITABLE SUITABLE SUITABLE UNKNOWN', ['R1', 'R2', 'R3', 'R4']],
    ['C2', 'flag', 'SUITABLE UNKNOWN UNKNOWN UNSUITABLE UNSUITABLE', ['R1']],
    ['C5', undefined, 'UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN', []],
  ])('is not known to be so of %s by %s more than that says', async (level, granularity, suitability, recommended) => {
    const { subject } = await subjectOf(level, granularity)
    expect(await told(subject)).toEqual({ suitability, recommended })
    // what was asked of the customer itself makes no difference
    expect(await told(subject, ['age'])).toEqual({ suitability, recommended })
  })

  it('leaves a disclosure of the level, once, whatever else was read', async () => {
    const { subject } = await subjectOf('C3', 'exact')
    await told(subject, ['age'])
    expect((await disclosuresOf(world.owner, subject)).map(({ tags }) => tags)).toEqual([
      ['age:exact'],
      ['risk_level:exact'],
    ])
    const { subject: other } = await subjectOf('C3', 'exact')
    await told(other)
    expect((await disclosuresOf(world.owner, other)).map(({ tags }) => tags)).toEqual([
      ['age:exact', 'risk_level:exact'],
    ])
  })

  it('is matched for a client with both scopes only', async () => {
    const reader = await insider(['customers:read'])
    const { subject } = await subjectOf('C3', 'exact', reader)
    const { body } = await asPartner(gateway, reader, QUERY, { subject })
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })
})

describe('a customer who switches recommendations off', () => {
  it('is recommended nothing from the next read on, by any partner, and is still told what suits', async () => {
    const { subject, accountKey } = await subjectOf('C3', 'exact')
    expect((await told(subject)).recommended).toEqual(['R1', 'R2', 'R3'])
    for (const [on, recommended] of [
      [false, []],
      [true, ['R1', 'R2', 'R3']],
    ] as const) {
      await switched(accountKey, on)
      expect(await told(subject)).toEqual({
        suitability: 'SUITABLE SUITABLE SUITABLE UNSUITABLE UNSUITABLE',
        recommended,
      })
    }
  })

  it('is recommended nothing that was read after the answer, while partners read', async () => {
    const { subject, accountKey } = await subjectOf('C5', 'exact')
    let offAt = Number.POSITIVE_INFINITY
    const switching = (async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      await switched(accountKey, false)
      offAt = performance.now()
    })()
    const late: string[] = []
    for (let after = 0; after < 10; ) {
      const startedAt = performance.now()
      const { recommended } = await told(subject)
      if (startedAt <= offAt) continue
      after++
      late.push(...recommended)
    }
    await switching
    expect(late).toEqual([])
  })
})
