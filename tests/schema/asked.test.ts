import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Caller, CustomerCaller, StaffRole } from '../../kernel/caller.ts'
import { newId } from '../../kernel/ids.ts'
import { customerSchema, operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { customer, defineCatalogue, inDays, liveParty, type Party } from '../customers/factories.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let party: Party
let person: CustomerCaller

const GRANT = `mutation ($input: GrantConsentInput!) {
  grantConsent(input: $input) { consent { id subject status tags { key granularity } partner { code } } userErrors { code field } } }`
const CUSTOMER = `query ($subject: ID!, $tags: [String!]) {
  customer(subject: $subject, purpose: "CREDIT", tags: $tags) { subject tags { key granularity value } } }`

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
  person = { kind: 'customer', accountKey: await customer(world.owner), requestId: 'r-1' }
})

const asPartner = (source: string, variables = {}, caller: Caller = party.caller): Promise<Answer> =>
  ask({ schema: partnerSchema, context: world.context, caller }, source, variables)
const asCustomer = (source: string, variables = {}, caller: Caller = person): Promise<Answer> =>
  ask({ schema: customerSchema, context: world.context, caller }, source, variables)
const asStaff = (roles: readonly StaffRole[], source: string): Promise<Answer> => {
  const caller: Caller = { kind: 'staff', name: 'alice', roles: new Set(roles), requestId: 'r-2' }
  return ask({ schema: operationsSchema, context: world.context, caller }, source)
}

function grantOf(changes: object = {}): object {
  const input = {
    idempotencyKey: randomUUID(),
    partner: party.partner.code,
    purpose: 'CREDIT',
    tags: [{ key: 'age', granularity: 'BAND' }],
    expiresAt: inDays(30).toISOString(),
    evidence: { locale: 'en', channel: 'app' },
  }
  return { input: { ...input, ...changes } }
}

describe('a consent', () => {
  test('lets its partner read the tags that it covers and no other, until it is revoked', async () => {
    const granted = await asCustomer(GRANT, grantOf())
    expect(granted).toMatchObject({
      codes: [],
      data: {
        grantConsent: { consent: { status: 'AUTHORISED', partner: { code: party.partner.code } }, userErrors: [] },
      },
    })
    const { id, subject } = (granted.data as { grantConsent: { consent: { id: string; subject: string } } })
      .grantConsent.consent
    const read = await asPartner(CUSTOMER, { subject, tags: ['age', 'risk_level'] })
    expect(read).toEqual({
      codes: [],
      data: {
        customer: {
          subject,
          tags: [
            { key: 'age', granularity: 'BAND', value: '30 to 59' },
            { key: 'risk_level', granularity: null, value: null },
          ],
        },
      },
    })
    const disclosed = await asCustomer('{ disclosures(first: 1) { edges { node { outcome tags { key } } } } }')
    expect(disclosed.data).toEqual({
      disclosures: { edges: [{ node: { outcome: 'DISCLOSED', tags: [{ key: 'age' }] } }] },
    })
    const revoke = `mutation { revokeConsent(input: { idempotencyKey: "k", consentId: "${id}" }) { consent { status } userErrors { code } } }`
    expect((await asCustomer(revoke)).data).toEqual({
      revokeConsent: { consent: { status: 'REVOKED' }, userErrors: [] },
    })
    expect(await asPartner(CUSTOMER, { subject })).toEqual({ codes: [], data: { customer: null } })
  })

  test.each([
    ['an unknown partner', { partner: 'nobody' }, 'NOT_FOUND', 'partnerCode'],
    ['an expiry in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'INVALID_INPUT', 'expiresAt'],
    ['a tag outside the purpose', { tags: [{ key: 'shoe', granularity: 'EXACT' }] }, 'INVALID_INPUT', 'tags.0'],
  ])('with %s is a user error', async (_, changes, code, field) => {
    const answer = await asCustomer(GRANT, grantOf(changes))
    expect(answer).toEqual({ codes: [], data: { grantConsent: { consent: null, userErrors: [{ code, field }] } } })
  })
})

describe('the doors', () => {
  test('a partner without the scope is refused', async () => {
    const bare = { ...party.caller, scopes: new Set<never>() }
    expect((await asPartner(CUSTOMER, { subject: 'x' }, bare)).codes).toEqual(['FORBIDDEN'])
    expect((await asPartner('{ statements(first: 1) { edges { cursor } } }')).codes).toEqual(['FORBIDDEN'])
    const report = 'mutation { reportContributions(input: { items: [] }) { results { outcome } } }'
    expect((await asPartner(report)).codes).toEqual(['FORBIDDEN'])
  })

  test('a caller of another kind is refused', async () => {
    expect((await asCustomer('{ consents(first: 1) { edges { cursor } } }', {}, party.caller)).codes).toEqual([
      'FORBIDDEN',
    ])
    expect((await asPartner('{ me { code } }', {}, person)).codes).toEqual(['FORBIDDEN'])
  })

  test('staff need the role, and a system that brings data in reads nothing', async () => {
    const create =
      'mutation { createPartner(input: { code: "north", name: "North", kind: BANK }) { partner { code status } userErrors { code } } }'
    expect((await asStaff(['finance'], create)).codes).toEqual(['FORBIDDEN'])
    expect((await asStaff(['ingest'], '{ tags { key } }')).codes).toEqual(['FORBIDDEN'])
    expect((await asStaff(['partner-manager'], create)).data).toEqual({
      createPartner: { partner: { code: 'north', status: 'SANDBOX' }, userErrors: [] },
    })
    expect((await asStaff(['partner-manager'], create)).data).toEqual({
      createPartner: { partner: null, userErrors: [{ code: 'DUPLICATE' }] },
    })
    const close =
      'mutation { closePeriod(input: { programme: "none", month: "2026-01" }) { closed { facts } userErrors { code } } }'
    expect((await asStaff(['partner-manager'], close)).codes).toEqual(['FORBIDDEN'])
    expect((await asStaff(['finance'], close)).data).toEqual({
      closePeriod: { closed: null, userErrors: [{ code: 'NOT_FOUND' }] },
    })
  })
})

describe('lists', () => {
  test.each([
    'purpose: "CREDIT"',
    'purpose: "CREDIT", first: 0',
    'purpose: "CREDIT", first: 101',
    'purpose: "CREDIT", first: 1, last: 1',
  ])('a page of (%s) is refused', async (args) => {
    expect((await asPartner(`{ customers(${args}) { edges { cursor } } }`)).codes).toEqual(['INVALID_INPUT'])
  })

  test('what is not there is nothing, whatever its id looks like', async () => {
    const caller: Caller = { ...party.caller, scopes: new Set(['statements:read', 'catalog:read']) }
    for (const id of [newId('sta'), newId('ptr'), 'nonsense']) {
      const answer = await asPartner(
        'query ($id: ID!) { statement(id: $id) { id } product(id: $id) { id } }',
        { id },
        caller,
      )
      expect(answer).toEqual({ codes: [], data: { statement: null, product: null } })
    }
    const unknown =
      '{ periods(programme: "none", first: 1) { edges { cursor } } statements(programme: "none", first: 1) { edges { cursor } } }'
    expect((await asStaff(['finance'], unknown)).data).toEqual({ periods: null, statements: null })
  })
})
