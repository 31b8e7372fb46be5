import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revokeConsent } from '../../../customers/revoke-consent.ts'
import { customer, defineCatalogue, disclosuresOf } from '../../customers/factories.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { useWorld } from '../../support/database.ts'
import type { TestGateway } from '../gateway.ts'
import { type Given, type GivenInput, giveConsent, letIn, plainly } from './given-consent.ts'
import { type Insider, type Said, startRealGateway } from './real-gateway.ts'

const world = useWorld()
let gateway: TestGateway
let bank: Insider
let other: Insider

beforeAll(async () => {
  gateway = await startRealGateway(world)
  await defineCatalogue(gateway.context)
  ;[bank, other] = [await insider(), await insider()]
})
afterAll(() => gateway.close())

const ALL = '{ subject tags { key granularity value } }'
const one = (subject: string, tags?: readonly string[], purpose = 'CREDIT'): string =>
  `{ customer(subject: "${subject}", purpose: "${purpose}"${tags ? `, tags: ${JSON.stringify(tags)}` : ''}) ${ALL} }`

describe('a customer who is not theirs', () => {
  it('is nothing to another partner, as one that there is not, and the try is written down', async () => {
    const { subject } = await given(bank)
    const [foreign, unknown] = [await said(other, one(subject)), await said(other, one('sub_nobody'))]
    expect(foreign).toEqual({ status: 200, body: { data: { customer: null } } })
    expect(unknown).toEqual(foreign)
    expect(await disclosuresOf(world.owner, subject)).toMatchObject([
      { partner_id: uuid(other.client.partner), customer_id: null, consent_id: null, tags: [], outcome: 'nothing' },
    ])
  })

  it('is known to each of two partners by a name of its own, and by the other’s to neither', async () => {
    const accountKey = await customer(world.owner)
    const [a, b] = [await given(bank, { accountKey }), await given(other, { accountKey })]
    expect(a.subject).not.toBe(b.subject)
    for (const [who, subject] of [
      [bank, b.subject],
      [other, a.subject],
    ] as const) {
      expect(await said(who, one(subject))).toEqual({ status: 200, body: { data: { customer: null } } })
    }
  })
})

describe('a tag beyond the consent', () => {
  it.each([
    ['that the customer did not give', ['risk_level']],
    ['at a finer granularity', ['age:exact']],
    ['that nobody ever defined', ['salary']],
    ['that the customer has no value of', ['has_loan']],
  ])('%s is one and the same nothing', async (_, tags) => {
    const { subject } = await given(bank, { tags: [{ key: 'age', granularity: 'band' }] })
    const { body } = await said(bank, one(subject, tags))
    const [tag, ...more] = (body['data'] as { customer: { tags: { value: string | null }[] } }).customer.tags
    expect(more).toEqual([])
    expect(tag).toEqual({ key: tags[0]?.split(':')[0], granularity: null, value: null })
    expect(await disclosuresOf(world.owner, subject)).toMatchObject([{ tags: [], outcome: 'nothing' }])
  })

  it('for a purpose that the customer did not agree to is nothing', async () => {
    const { subject } = await given(bank)
    expect(await said(bank, one(subject, undefined, 'EDUCATION'))).toEqual({
      status: 200,
      body: { data: { customer: null } },
    })
  })

  it('cannot be had by sorting or filtering: there is no argument for it', async () => {
    for (const argument of ['orderBy: "age"', 'filter: { age: 44 }', 'where: "risk_level"']) {
      const { body } = await said(bank, `{ customers(purpose: "CREDIT", first: 5, ${argument}) { edges { cursor } } }`)
      expect(body['data']).toBeUndefined()
    }
  })
})

describe('the end of a consent', () => {
  it('by revocation holds for the next page of an export that is under way', async () => {
    const partner = await insider()
    const consents = []
    for (let count = 0; count < 6; count++) consents.push(await given(partner))
    const page = (after?: string): string =>
      `{ customers(purpose: "CREDIT", first: 2${after ? `, after: "${after}"` : ''}) {
        pageInfo { endCursor hasNextPage } edges { node { subject } } } }`
    const first = connection(await said(partner, page()))
    const seen = new Set(first.edges.map(({ node }) => node.subject))
    const left = consents.filter(({ subject }) => !seen.has(subject))
    for (const { id, accountKey } of left) {
      await revokeConsent(world.context, { accountKey, consentId: id, idempotencyKey: randomUUID() })
    }
    const next = connection(await said(partner, page(first.pageInfo.endCursor)))
    expect([left.length, next.edges, next.pageInfo.hasNextPage]).toEqual([4, [], false])
  })

  it('at its instant is by the database’s clock', async () => {
    const { id, subject } = await given(bank)
    const until = (when: string) =>
      behindGuards(
        world.owner,
        `update consents set expires_at = clock_timestamp() + interval '${when}' where id = '${uuid(id)}'`,
      )
    await until('200 milliseconds')
    expect(JSON.stringify((await said(bank, one(subject))).body)).toContain('"44"')
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(await said(bank, one(subject))).toEqual({ status: 200, body: { data: { customer: null } } })
  })
})

async function insider(): Promise<Insider> {
  return letIn(gateway)
}

function given(who: Insider, more: Partial<GivenInput> = {}): Promise<Given> {
  return giveConsent(gateway, who, { account: () => customer(world.owner), ...more })
}

function said(who: Insider, query: string): Promise<Said> {
  return plainly(gateway, who, query)
}

type Page = {
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean }
  readonly edges: readonly { readonly node: { readonly subject: string } }[]
}

function connection({ body }: Said): Page {
  return (body['data'] as { readonly customers: Page }).customers
}

function uuid(id: string): string {
  const hex = id.slice(4)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
