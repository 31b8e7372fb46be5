import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AuthoriseConsentInput, authoriseConsent } from '../../customers/authorise-consent.ts'
import type { ConsentRequest } from '../../customers/consent-request.ts'
import { endDueConsents } from '../../customers/end-due-consents.ts'
import { openRequest } from '../../customers/open-request.ts'
import { rejectConsent } from '../../customers/reject-consent.ts'
import { type RequestConsentInput, requestConsent } from '../../customers/request-consent.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { openPersonal } from '../../records/personal-data.ts'
import { readBody } from '../../records/record-body.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import {
  customer,
  defineCatalogue,
  grant,
  inDays,
  liveParty,
  type Party,
  read,
  sandboxParty,
  valuesOf,
} from './factories.ts'

const world = useWorld()
let party: Party

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
})

const ask = (input: Partial<RequestConsentInput> = {}, { partner, client }: Party = party): Promise<ConsentRequest> =>
  requestConsent(world.context, {
    partner: partner.id,
    client: client.id,
    purpose: 'CREDIT',
    tags: [
      { key: 'age', granularity: 'band' },
      { key: 'risk_level', granularity: 'exact' },
    ],
    expiresAt: inDays(30),
    usage: 'RECURRING',
    retentionDays: 90,
    idempotencyKey: randomUUID(),
    ...input,
  })
const agree = (accountKey: string, { id }: ConsentRequest, input: Partial<AuthoriseConsentInput> = {}) =>
  authoriseConsent(world.context, {
    request: id,
    accountKey,
    evidence: {
      textHash: 'a'.repeat(64),
      locale: 'zh-CN',
      channel: 'consent-page',
      authentication: { acr: 'urn:two-factors', amr: ['pwd', 'otp'], authTime: '2026-03-15T07:59:00Z' },
    },
    idempotencyKey: randomUUID(),
    ...input,
  })
const refuse = (accountKey: string, { id }: ConsentRequest) =>
  rejectConsent(world.context, { request: id, accountKey, idempotencyKey: randomUUID() })
const lapse = (request: ConsentRequest) =>
  world.owner.begin(async (sql) => {
    await sql`alter table consent_requests disable trigger user`
    await sql`update consent_requests set lapses_at = now() where id = ${uuidOf(request.id)}`
    await sql`alter table consent_requests enable trigger user`
  })
const stepsOf = async ({ id }: { readonly id: ConsentRequest['id'] }) => {
  const rows = await world.owner<{ status: string; by: string }[]>`
    select status, by from consent_events where consent_id = ${uuidOf(id)} order by change`
  return rows.map(({ status, by }) => `${status} by ${by}`)
}

describe('a request of a partner', () => {
  it('awaits an answer, reads nothing, and becomes a consent of the same id', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const request = await ask({ maxPerDay: 5 })
    expect(request).toMatchObject({ status: 'AWAITING', usage: 'RECURRING', maxPerDay: 5, retentionDays: 90 })
    const consent = await agree(account, request)
    expect(consent).toMatchObject({ id: request.id, status: 'AUTHORISED', maxPerDay: 5, retentionDays: 90, version: 1 })
    expect(valuesOf(await read(context, party, consent))).toEqual({ age: '30 to 59', risk_level: 'C3' })
    expect(await stepsOf(consent)).toEqual(['AWAITING by PARTNER', 'AUTHORISED by CUSTOMER'])
  })

  it('is given for less than was asked: fewer tags, coarser ones, a shorter time', async () => {
    const account = await customer(world.owner)
    const expiresAt = inDays(3)
    const consent = await agree(account, await ask(), { tags: [{ key: 'risk_level', granularity: 'flag' }], expiresAt })
    expect(consent).toMatchObject({ tags: [{ key: 'risk_level', granularity: 'flag' }], expiresAt })
    expect(valuesOf(await read(world.context, party, consent))).toEqual({ risk_level: 'false' })
  })

  it.each([
    ['another tag', { tags: [{ key: 'assets', granularity: 'flag' }] }],
    ['a finer granularity', { tags: [{ key: 'age', granularity: 'exact' }] }],
    ['a longer time', { expiresAt: inDays(31) }],
  ] as const)('is never given for more: %s', async (_, more) => {
    const account = await customer(world.owner)
    const request = await ask()
    const tags = 'tags' in more ? { tags: more.tags.map((tag) => ({ ...tag })) } : more
    await expect(agree(account, request, tags)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await stepsOf(request)).toEqual(['AWAITING by PARTNER'])
    expect(await agree(account, request)).toMatchObject({ status: 'AUTHORISED' })
  })

  it('keeps the evidence, readable for us alone', async () => {
    const { context, owner } = world
    const consent = await agree(await customer(owner), await ask())
    const [row] = await owner<{ body: string }[]>`select body from records where id = ${uuidOf(consent.record)}`
    const body = readBody(row?.body ?? '')
    expect(JSON.stringify(body.data)).not.toMatch(/otp|aaaa|consent-page/)
    const [personal] = await openPersonal(context, [body])
    expect(personal?.data['evidence']).toEqual({
      textHash: 'a'.repeat(64),
      locale: 'zh-CN',
      channel: 'consent-page',
      authentication: { acr: 'urn:two-factors', amr: ['pwd', 'otp'], authTime: '2026-03-15T07:59:00Z' },
    })
  })

  it('is refused for good', async () => {
    const account = await customer(world.owner)
    const request = await ask()
    expect(await refuse(account, request)).toEqual({ id: request.id, status: 'REJECTED' })
    expect(await refuse(account, request)).toEqual({ id: request.id, status: 'REJECTED' })
    await expect(agree(account, request)).rejects.toMatchObject({ code: 'CONSENT_CHANGED', kind: 'conflict' })
    expect(await stepsOf(request)).toEqual(['AWAITING by PARTNER', 'REJECTED by CUSTOMER'])
  })

  it('lapses: by the clock at once, and in the records at the next turn', async () => {
    const account = await customer(world.owner)
    const request = await ask()
    await lapse(request)
    await expect(agree(account, request)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(refuse(account, request)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await Promise.all([1, 2, 3].map(() => endDueConsents(world.context)))
    expect(await stepsOf(request)).toEqual(['AWAITING by PARTNER', 'LAPSED by CLOCK'])
  })

  it('belongs to the customer who opened it', async () => {
    const { context, owner } = world
    const [account, other] = [await customer(owner), await customer(owner)]
    const request = await ask()
    const opened = await openRequest(context, { request: request.id, accountKey: account })
    expect(opened).toEqual({ request, notice: undefined, current: undefined, difference: undefined })
    await expect(openRequest(context, { request: request.id, accountKey: other })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(agree(other, request)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await agree(account, request)).toMatchObject({ status: 'AUTHORISED' })
  })

  it('shows what would change in the consent that it would amend', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const current = await grant(context, party, account, {
      tags: [
        { key: 'age', granularity: 'exact' },
        { key: 'has_loan', granularity: 'exact' },
      ],
    })
    const request = await ask({ maxPerDay: 3 })
    const opened = await openRequest(context, { request: request.id, accountKey: account })
    expect(opened.current).toEqual(current)
    expect(opened.difference).toEqual({
      added: [{ key: 'risk_level', granularity: 'exact' }],
      removed: [{ key: 'has_loan', granularity: 'exact' }],
      changed: [{ key: 'age', granularity: { from: 'exact', to: 'band' } }],
      expiresAt: { from: current.expiresAt, to: request.expiresAt },
      maxPerDay: { from: undefined, to: 3 },
      retentionDays: { from: undefined, to: 90 },
    })
    expect(await agree(account, request)).toMatchObject({ amends: current.id, version: 2 })
    expect(await stepsOf(current)).toEqual(['AUTHORISED by CUSTOMER', 'SUPERSEDED by CUSTOMER'])
  })

  it('asked twice with one key is one request', async () => {
    const input = { idempotencyKey: randomUUID(), expiresAt: inDays(9) }
    const [first, again] = await Promise.all([ask(input), ask(input)])
    expect(again).toEqual(first)
    await expect(ask({ ...input, retentionDays: 91 })).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  })

  it.each([
    ['for a tag outside the catalogue', { purpose: 'EDUCATION' }, 'INVALID_INPUT'],
    [
      'at a granularity that the tag does not allow',
      { tags: [{ key: 'assets', granularity: 'exact' }] },
      'INVALID_INPUT',
    ],
    ['for an unknown purpose', { purpose: 'ANYTHING' }, 'NOT_FOUND'],
    ['for ever', { expiresAt: inDays(400) }, 'INVALID_INPUT'],
    ['for once, with a limit for a day', { usage: 'ONCE', maxPerDay: 2 }, 'INVALID_INPUT'],
    ['for no reads', { maxPerDay: 0 }, 'INVALID_INPUT'],
    ['to be kept for ever', { retentionDays: 10_000 }, 'INVALID_INPUT'],
    ['under a notice that there is not', { noticeVersion: 3 }, 'NOTICE_CHANGED'],
    ['by a partner whom nobody knows', { partner: `ptr_${'0'.repeat(32)}` }, 'NOT_FOUND'],
    ['with a member that we do not know', { scope: 'all' }, 'INVALID_INPUT'],
  ] as const)('is turned down %s, and nothing is written', async (_, input, code) => {
    const count = async () => (await world.owner`select from records`).length
    const before = await count()
    await expect(ask(input as Partial<RequestConsentInput>)).rejects.toMatchObject({ code })
    expect(await count()).toBe(before)
  })

  it('of a partner that may not be given consents is turned down, before and after it was asked', async () => {
    const { context, owner } = world
    const other = await liveParty(context)
    const request = await ask({}, other)
    await changePartnerStatus(context, { partner: other.partner.id, status: 'SUSPENDED', reason: 'tests' })
    await expect(ask({}, other)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(agree(await customer(owner), request)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  it('of a partner in the sandbox is for synthetic customers', async () => {
    const { context, owner } = world
    const request = await ask({}, await sandboxParty(context))
    await expect(agree(await customer(owner), request)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect(await agree(await customer(owner, { synthetic: true }), request)).toMatchObject({ status: 'AUTHORISED' })
  })
})
