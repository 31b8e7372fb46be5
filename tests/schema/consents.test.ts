import { randomUUID } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { definePurposes } from '../../customers/define-purposes.ts'
import { eraseCustomer } from '../../customers/erase-customer.ts'
import { rejectConsent } from '../../customers/reject-consent.ts'
import { requestConsent } from '../../customers/request-consent.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { customerSchema, partnerSchema } from '../../schema/graphs.ts'
import { customer, defineCatalogue, grant, inDays, liveParty, type Party, PURPOSES } from '../customers/factories.ts'
import { startGateway, type TestGateway } from '../gateway/gateway.ts'
import { useWorld } from '../support/database.ts'
import { ask, ORIGIN } from './asking.ts'

const world = useWorld()
const text = 'We use your age to offer courses.'
let party: Party
let gateway: TestGateway
let published: JSONWebKeySet

beforeAll(async () => {
  await defineCatalogue(world.context)
  await definePurposes(world.context, [{ ...PURPOSES[1], notice: { version: 1, texts: { en: text } } }])
  party = await liveParty(world.context)
  gateway = await startGateway(world)
  published = await (await gateway.fetch('/consents/jwks.json')).json()
})
afterAll(() => gateway.close())

const asCustomer = (accountKey: string, source: string, variables: Record<string, unknown> = {}) =>
  ask(
    { schema: customerSchema, context: world.context, caller: { kind: 'customer', accountKey, requestId: 'r' } },
    source,
    variables,
  )
const asPartner = ({ caller }: Party, consentId: string) =>
  ask(
    { schema: partnerSchema, context: world.context, caller },
    `query ($id: ID!) { consentReceipts(consentId: $id) { status by jws } }`,
    { id: consentId },
  )
const verify = async (jws: string) => (await jwtVerify(jws, createLocalJWKSet(published), { issuer: ORIGIN })).payload

const GRANT = `mutation ($input: GrantConsentInput!) {
  grantConsent(input: $input) {
    consent {
      id status version usage maxPerDay retentionDays amends suspendedBy subject
      notice { version texts { locale text hash } } receipt { status by jws } history { status }
    }
    userErrors { code field }
  }
}`
const grantInput = () => ({
  idempotencyKey: randomUUID(),
  partner: party.partner.code,
  purpose: 'EDUCATION',
  tags: [{ key: 'age', granularity: 'BAND' }],
  expiresAt: inDays(9).toISOString(),
  maxPerDay: 3,
  retentionDays: 30,
  noticeVersion: 1,
  evidence: { locale: 'en', channel: 'app', textHash: sha256Hex(text) },
})
type Granted = { grantConsent: { consent: { id: string; subject: string; receipt: { jws: string } } } }
const grantedTo = async (accountKey: string) => {
  const { data } = await asCustomer(accountKey, GRANT, { input: grantInput() })
  return (data as Granted).grantConsent.consent
}

describe('a consent in the graph of its customer', () => {
  test('tells its terms, its notice, and its receipt', async () => {
    const { data } = await asCustomer(await customer(world.owner), GRANT, { input: grantInput() })
    expect(data).toMatchObject({
      grantConsent: {
        consent: {
          status: 'AUTHORISED',
          version: 1,
          usage: 'RECURRING',
          maxPerDay: 3,
          retentionDays: 30,
          amends: null,
          suspendedBy: null,
          notice: { version: 1, texts: [{ locale: 'en', text, hash: sha256Hex(text) }] },
          receipt: { status: 'AUTHORISED', by: 'CUSTOMER' },
          history: [{ status: 'AUTHORISED' }],
        },
        userErrors: [],
      },
    })
  })

  test('is suspended, resumed, amended and revoked with all others, each with its receipt', async () => {
    const accountKey = await customer(world.owner)
    const { id } = await grantedTo(accountKey)
    const change = async (name: string, more: object = {}, consentId = id) => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`
      const input = { idempotencyKey: randomUUID(), consentId, ...more }
      const source = `mutation ($input: ${type}!) {
        ${name}(input: $input) { consent { id status version amends history { status } } userErrors { code } } }`
      return ((await asCustomer(accountKey, source, { input })).data as Record<string, object>)[name]
    }
    expect(await change('suspendConsent')).toMatchObject({ consent: { status: 'SUSPENDED' } })
    expect(await change('resumeConsent')).toMatchObject({ consent: { status: 'AUTHORISED' } })
    const narrower = { tags: [{ key: 'age', granularity: 'FLAG' }], evidence: { locale: 'en', channel: 'app' } }
    expect(await change('amendConsent', narrower)).toMatchObject({ consent: { version: 2, amends: id } })
    expect(await change('suspendConsent')).toMatchObject({ consent: null, userErrors: [{ code: 'CONSENT_CHANGED' }] })
    const all = await asCustomer(
      accountKey,
      `mutation ($input: RevokeAllConsentsInput!) {
        revokeAllConsents(input: $input) { consents { status receipt { status jws } } userErrors { code } } }`,
      { input: { idempotencyKey: randomUUID() } },
    )
    expect(all.data).toMatchObject({
      revokeAllConsents: { consents: [{ status: 'REVOKED', receipt: { status: 'REVOKED' } }], userErrors: [] },
    })
    const { data } = await asPartner(party, id)
    expect((data as { consentReceipts: { status: string }[] }).consentReceipts.map(({ status }) => status)).toEqual([
      ...['SUPERSEDED', 'AUTHORISED', 'SUSPENDED', 'AUTHORISED'],
    ])
  })
})

describe('a receipt', () => {
  test('is verified with the published keys alone, and says what was agreed to', async () => {
    const { id, subject, receipt } = await grantedTo(await customer(world.owner))
    expect(decodeProtectedHeader(receipt.jws)).toMatchObject({ alg: 'ES256', typ: 'consent-receipt+jwt' })
    expect(await verify(receipt.jws)).toMatchObject({
      iss: ORIGIN,
      aud: party.partner.id,
      sub: subject,
      schema_version: 'ISO/IEC TS 27560:2023',
      record_id: id,
      pii_principal_id: subject,
      pii_processing: {
        privacy_notice: { id: 'EDUCATION', version: 1, sha256: { en: sha256Hex(text) } },
        purposes: [
          {
            purpose: 'EDUCATION',
            lawful_basis: 'consent',
            pii_information: [{ pii_type: 'age', granularity: 'band', pii_category: 'tests', sensitive: false }],
            max_per_day: 3,
            retention_period: 'P30D',
          },
        ],
      },
      event: [{ event_state: 'AUTHORISED', entity_id: 'CUSTOMER', number: 1 }],
    })
  })

  test('that was changed does not verify', async () => {
    const { receipt } = await grantedTo(await customer(world.owner))
    const [header, payload = '', signature] = receipt.jws.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    claims.pii_processing.purposes[0].max_per_day = 1000
    const forged = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
    await expect(verify(forged)).rejects.toThrow(/signature verification failed/)
  })

  test('names the customer by the partner’s pseudonym alone', async () => {
    const accountKey = await customer(world.owner)
    const { receipt } = await grantedTo(accountKey)
    const [row] = await world.owner`select id from customers where account_key = ${accountKey}`
    const said = JSON.stringify(await verify(receipt.jws))
    for (const secret of [accountKey, String(row?.['id']).replaceAll('-', ''), '"44"'])
      expect(said).not.toContain(secret)
  })

  test('is the partner’s for its own consents; another’s looks like one that there is not', async () => {
    const { id } = await grantedTo(await customer(world.owner))
    const own = await asPartner(party, id)
    expect(own.codes).toEqual([])
    const other = await asPartner(await liveParty(world.context), id)
    const unknown = await asPartner(party, `cns_${'0'.repeat(32)}`)
    expect(other).toEqual({ data: null, codes: ['NOT_FOUND'] })
    expect(unknown).toEqual(other)
  })

  test('of a request that was refused names no customer', async () => {
    const { partner, client } = party
    const { id: request } = await requestConsent(world.context, {
      partner: partner.id,
      client: client.id,
      purpose: 'CREDIT',
      tags: [{ key: 'age', granularity: 'band' }],
      expiresAt: inDays(3),
      usage: 'ONCE',
      retentionDays: 30,
      idempotencyKey: randomUUID(),
    })
    await rejectConsent(world.context, {
      request,
      accountKey: await customer(world.owner),
      idempotencyKey: randomUUID(),
    })
    const { data } = await asPartner(party, request)
    const [last, first] = (data as { consentReceipts: { status: string; jws: string }[] }).consentReceipts
    expect([first?.status, last?.status]).toEqual(['AWAITING', 'REJECTED'])
    const claims = await verify(last?.jws ?? '')
    expect(claims.sub).toBeUndefined()
    expect(claims).toMatchObject({ record_id: request, event: [{ event_state: 'REJECTED' }] })
  })

  test('names nobody any more when the customer is erased', async () => {
    const accountKey = await customer(world.owner)
    const { id, subject } = await grant(world.context, party, accountKey)
    await eraseCustomer(world.context, { accountKey, reason: 'tests' }, async () => {})
    const { data } = await asPartner(party, id)
    const [last] = (data as { consentReceipts: { status: string; jws: string }[] }).consentReceipts
    expect(last?.status).toBe('REVOKED')
    expect(JSON.stringify(await verify(last?.jws ?? ''))).not.toContain(subject)
  })
})

test('the keys of receipts are read, and nothing else', async () => {
  expect(published.keys).toHaveLength(1)
  expect(Object.keys(published.keys[0] ?? {}).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  expect((await gateway.fetch('/consents/jwks.json', { method: 'POST' })).status).toBe(405)
})
