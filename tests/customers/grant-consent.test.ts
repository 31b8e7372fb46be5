import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { defineTags } from '../../customers/define-tags.ts'
import { grantConsent } from '../../customers/grant-consent.ts'
import { listConsents } from '../../customers/list-consents.ts'
import { openDatabase } from '../../database/client.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { openPersonal } from '../../records/personal-data.ts'
import { readBody } from '../../records/record-body.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { contextOver, useWorld } from '../support/database.ts'
import {
  customer,
  defineCatalogue,
  grant,
  grantInput,
  inDays,
  liveParty,
  type Party,
  sandboxParty,
  TAGS,
} from './factories.ts'

const world = useWorld()
let party: Party

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
})

const bodiesOf = async (consent: string) => {
  const rows = await world.owner<{ body: string; partner_id: string | null }[]>`
    select body, partner_id from records where kind = 'consent' and position(${consent} in body) > 0 order by tx_id, id`
  return rows.map(({ body, partner_id }) => ({ ...readBody(body), recipient: partner_id }))
}
const consentsIn = async (accountKey: string) =>
  (await listConsents(world.context, { accountKey }, { first: 100 })).edges.map(({ node }) => node)
const recordCount = async () => (await world.owner`select from records`).length

describe('a consent', () => {
  it('says what may be read, by whom, for what and until when', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const expiresAt = inDays(30)
    const tags = [
      { key: 'age', granularity: 'band' },
      { key: 'assets', granularity: 'flag' },
    ] as const
    const consent = await grant(context, party, account, { tags: [...tags], expiresAt })
    expect(consent).toEqual({
      id: expect.stringMatching(/^cns_[0-9a-f]{32}$/),
      partnerId: party.partner.id,
      purpose: 'CREDIT',
      status: 'AUTHORISED',
      tags,
      subject: expect.stringMatching(/^[A-Za-z0-9_-]{24}$/),
      usage: 'RECURRING',
      noticeVersion: 0,
      version: 1,
      grantedAt: expect.any(Date),
      expiresAt,
      endedAt: undefined,
      revokedAt: undefined,
      record: expect.stringMatching(/^rec_[0-9a-f]{32}$/),
    })
    expect(await consentsIn(account)).toEqual([consent])
  })

  it('is a record that the partner may have, in which only ciphertext names the customer', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const actor = `customer:${account}` as const
    const consent = await grant({ ...context, actor }, party, account)
    const [body] = await bodiesOf(consent.id)
    const [row] = await owner`select id from customers where account_key = ${account}`
    expect(body).toMatchObject({
      actor: `customer:${consent.id}`,
      recipient: expect.stringMatching(new RegExp(uuidOf(party.partner.id).replace(/^(.{8}).*$/, '^$1'))),
      data: {
        consent: consent.id,
        partner: party.partner.id,
        purpose: 'CREDIT',
        tags: ['age:exact'],
        status: 'AUTHORISED',
        expires: consent.expiresAt.toISOString(),
        change: '1',
        by: 'CUSTOMER',
      },
    })
    const customerId = String(row?.['id']).replaceAll('-', '')
    expect(JSON.stringify(body)).not.toContain(customerId)
    expect(JSON.stringify(body)).not.toContain(account)
    expect(body?.data).not.toHaveProperty('evidence')
    const [personal] = body ? await openPersonal(context, [body]) : []
    expect(personal).toMatchObject({
      customer: `cus_${customerId}`,
      data: { evidence: { channel: 'app', locale: 'en' } },
    })
  })

  it('gives each partner a subject of its own for one customer, and keeps it for later consents', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const other = await liveParty(context)
    const first = await grant(context, party, account)
    const again = await grant(context, party, account, { purpose: 'EDUCATION' })
    const elsewhere = await grant(context, other, account)
    expect(again.subject).toBe(first.subject)
    expect(elsewhere.subject).not.toBe(first.subject)
  })

  it('supersedes the one for the same partner and purpose, and no other', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const beside = await grant(context, party, account, { purpose: 'EDUCATION' })
    const old = await grant(context, party, account)
    const next = await grant(context, party, account, { tags: [{ key: 'age', granularity: 'flag' }] })
    const statuses = (await consentsIn(account)).map(({ id, status }) => [id, status])
    expect(statuses).toEqual([
      [next.id, 'AUTHORISED'],
      [old.id, 'SUPERSEDED'],
      [beside.id, 'AUTHORISED'],
    ])
    const told = (await bodiesOf(old.id)).filter(({ data }) => data['consent'] === old.id)
    expect(told.map(({ data }) => data['status'])).toEqual(['AUTHORISED', 'SUPERSEDED'])
    expect(next).toMatchObject({ amends: old.id, version: 2 })
  })

  it('may be given by a synthetic customer to a partner in the sandbox', async () => {
    const { context, owner } = world
    const account = await customer(owner, { synthetic: true })
    expect(await grant(context, await sandboxParty(context), account)).toMatchObject({ status: 'AUTHORISED' })
  })
})

describe('the same request again', () => {
  it('has one effect and the same answer, at once on two pools and later', async () => {
    const { context, owner, address } = world
    const account = await customer(owner)
    const elsewhere = openDatabase(address, 'tributary:tests:other', 5)
    try {
      const contexts = [context, contextOver(elsewhere, context.clock)]
      const idempotencyKey = randomUUID()
      const expiresAt = inDays(30)
      const ask = (index: number) =>
        grant(contexts[index % 2] ?? context, party, account, { idempotencyKey, expiresAt })
      const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => ask(index)))
      const later = await ask(0)
      for (const answer of answers) expect(answer).toEqual(later)
      expect(await consentsIn(account)).toEqual([later])
      expect(await bodiesOf(later.id)).toHaveLength(1)
    } finally {
      await elsewhere.close()
    }
  })

  it('with another content is a conflict', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const idempotencyKey = randomUUID()
    const consent = await grant(context, party, account, { idempotencyKey })
    const other = grant(context, party, account, { idempotencyKey, purpose: 'EDUCATION' })
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    expect(await consentsIn(account)).toEqual([consent])
  })

  it('of another customer is another request', async () => {
    const { context, owner } = world
    const idempotencyKey = randomUUID()
    const [a, b] = [await customer(owner), await customer(owner)]
    const first = await grant(context, party, a, { idempotencyKey })
    expect((await grant(context, party, b, { idempotencyKey })).id).not.toBe(first.id)
  })
})

describe('of consents given at once for one partner and purpose', () => {
  it('one counts in the end, and whoever lost is told so', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    for (const round of [1, 2, 3]) {
      const results = await Promise.allSettled(Array.from({ length: 6 }, () => grant(context, party, account)))
      const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
      expect(lost.length).toBeLessThan(6)
      for (const reason of lost) expect(reason).toMatchObject({ code: 'CONSENT_CHANGED', kind: 'conflict' })
      const statuses = (await consentsIn(account)).map(({ status }) => status)
      expect(
        statuses.filter((status) => status === 'AUTHORISED'),
        `round ${round}`,
      ).toHaveLength(1)
    }
  })

  it('the database keeps to one even when the application does not', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const { id } = await grant(context, party, account)
    const copy = owner`
      insert into consents (id, customer_id, partner_id, purpose, granted_at, expires_at, evidence, record_id)
      select gen_random_uuid(), customer_id, partner_id, purpose, granted_at, expires_at, evidence, record_id
      from consents where id = ${uuidOf(id)}`
    await expect(copy).rejects.toThrow(/consents_one_in_place/)
  })
})

describe('a consent is refused', () => {
  it.each([
    ['for a customer whom nobody knows', { accountKey: 'nobody' }, 'NOT_FOUND'],
    ['for an account key with a null character', { accountKey: 'a\u0000' }, 'NOT_FOUND'],
    ['to a partner whom nobody knows', { partnerCode: 'nobody' }, 'NOT_FOUND'],
    ['for an unknown purpose', { purpose: 'ANYTHING' }, 'NOT_FOUND'],
    ['without tags', { tags: [] }, 'INVALID_INPUT'],
    ['for an unknown tag', { tags: [{ key: 'height', granularity: 'exact' }] }, 'INVALID_INPUT'],
    [
      'for a tag outside the purpose’s catalogue',
      { purpose: 'EDUCATION', tags: [{ key: 'assets', granularity: 'band' }] },
      'INVALID_INPUT',
    ],
    [
      'at a granularity that the tag does not allow',
      { tags: [{ key: 'assets', granularity: 'exact' }] },
      'INVALID_INPUT',
    ],
    [
      'for one tag at two granularities',
      { tags: ['exact', 'flag'].map((granularity) => ({ key: 'age', granularity })) },
      'INVALID_INPUT',
    ],
    ['that is over already', { expiresAt: inDays(-0.01) }, 'INVALID_INPUT'],
    ['for more than a year', { expiresAt: inDays(367) }, 'INVALID_INPUT'],
    ['until a time that is none', { expiresAt: 'tomorrow' }, 'INVALID_INPUT'],
    ['without an idempotency key', { idempotencyKey: '' }, 'INVALID_INPUT'],
    ['with evidence that is none', { evidence: { locale: 'en', channel: 'app', textHash: 'abc' } }, 'INVALID_INPUT'],
    ['with a member that we do not know', { scope: 'all' }, 'INVALID_INPUT'],
  ])('%s, and nothing is written', async (_, change, code) => {
    const { context, owner } = world
    const account = await customer(owner)
    const before = await recordCount()
    const input = { ...grantInput(party.partner.code, account), ...change }
    await expect(grantConsent(context, input as typeof input & { tags: [] })).rejects.toMatchObject({ code })
    expect(await consentsIn(account)).toEqual([])
    expect(await recordCount()).toBe(before)
    expect(
      await owner`select from subjects s join customers c on c.id = s.customer_id where account_key = ${account}`,
    ).toEqual([])
  })

  it('to a partner in the sandbox by a real customer', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    await expect(grant(context, await sandboxParty(context), account)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  it('to a partner that is suspended', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const other = await liveParty(context)
    await changePartnerStatus(context, { partner: other.partner.id, status: 'SUSPENDED', reason: 'tests' })
    await expect(grant(context, other, account)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  it('for a tag that was retired', async () => {
    const { context, owner } = world
    await defineTags(context, [{ ...TAGS[0], key: 'old_age' }])
    await owner`update purposes set tag_keys = tag_keys || 'old_age'::text where key = 'CREDIT'`
    await owner`update tag_definitions set retired_at = now() where key = 'old_age'`
    const asked = grant(context, party, await customer(owner), { tags: [{ key: 'old_age', granularity: 'exact' }] })
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})
