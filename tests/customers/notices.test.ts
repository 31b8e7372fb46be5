import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROJECTORS } from '../../app/projectors.ts'
import { authoriseConsent } from '../../customers/authorise-consent.ts'
import { definePurposes } from '../../customers/define-purposes.ts'
import { endDueConsents } from '../../customers/end-due-consents.ts'
import { findNotice } from '../../customers/find-notice.ts'
import { listConsents } from '../../customers/list-consents.ts'
import { openRequest } from '../../customers/open-request.ts'
import { requestConsent } from '../../customers/request-consent.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { verifyProjections } from '../../records/verify-projections.ts'
import { useWorld } from '../support/database.ts'
import { customer, defineCatalogue, grant, inDays, liveParty, type Party, PURPOSES, read } from './factories.ts'

const world = useWorld()
let party: Party
let made = 0

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
})

type NoticeInput = { readonly version: number; readonly texts: Record<string, string>; readonly earlierUntil?: string }

const texts = { en: 'We use your age to offer credit.', 'zh-CN': '我们使用您的年龄来提供信贷。' }
const newPurpose = () => ({ ...PURPOSES[0], key: `OFFER_${++made}` })
const publish = (purpose: { key: string }, notice: NoticeInput) =>
  definePurposes(world.context, [{ ...purpose, notice }])
const recordCount = async () => (await world.owner`select from records`).length
const statusOf = async (accountKey: string) =>
  (await listConsents(world.context, { accountKey }, { first: 10 })).edges.map(({ node }) => node.status)

describe('a notice', () => {
  it('is a text in each language, with a version and a hash', async () => {
    const purpose = newPurpose()
    await publish(purpose, { version: 1, texts })
    expect(await findNotice(world.context, { purpose: purpose.key })).toEqual({ version: 1, texts })
    const rows = await world.owner`select locale, hash from notice_texts where purpose = ${purpose.key} order by locale`
    expect([...rows]).toEqual([
      { locale: 'en', hash: sha256Hex(texts.en) },
      { locale: 'zh-CN', hash: sha256Hex(texts['zh-CN']) },
    ])
  })

  it('that was published changes nothing when it is given again, and is never given another text', async () => {
    const purpose = newPurpose()
    await publish(purpose, { version: 1, texts })
    const before = await recordCount()
    await Promise.all([1, 2, 3].map(() => publish(purpose, { version: 1, texts })))
    expect(await recordCount()).toBe(before)
    const other = publish(purpose, { version: 1, texts: { en: 'Something else.' } })
    await expect(other).rejects.toMatchObject({ code: 'MEANING_CHANGED' })
  })

  it('follows the one before, once, also when two publish it at once', async () => {
    const purpose = newPurpose()
    await expect(publish(purpose, { version: 2, texts })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await publish(purpose, { version: 1, texts })
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((en) => publish(purpose, { version: 2, texts: { en } })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(publish(purpose, { version: 4, texts })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it.each([
    ['without a text', { version: 1, texts: {} }],
    ['in no language', { version: 1, texts: { '': 'x' } }],
    ['with an empty text', { version: 1, texts: { en: ' ' } }],
    ['with version 0', { version: 0, texts }],
    ['that ended consents long ago', { version: 1, texts, earlierUntil: '2026-01-01T00:00:00Z' }],
  ])('%s is refused', async (_, notice) => {
    await expect(publish(newPurpose(), notice)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('a consent under a notice', () => {
  it('names the version that was shown, which is the one in force', async () => {
    const purpose = newPurpose()
    await publish(purpose, { version: 1, texts })
    const account = await customer(world.owner)
    const agree = (noticeVersion?: number) =>
      grant(world.context, party, account, { purpose: purpose.key, noticeVersion })
    await expect(agree()).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'noticeVersion' })
    await expect(agree(2)).rejects.toMatchObject({ code: 'NOTICE_CHANGED', kind: 'conflict' })
    expect(await agree(1)).toMatchObject({ noticeVersion: 1 })
  })

  it('goes on when the change is no material one', async () => {
    const purpose = newPurpose()
    const account = await customer(world.owner)
    await definePurposes(world.context, [purpose])
    const consent = await grant(world.context, party, account, { purpose: purpose.key })
    await publish(purpose, { version: 1, texts })
    expect(await read(world.context, party, consent)).not.toBeNull()
    expect(await statusOf(account)).toEqual(['AUTHORISED'])
  })

  it('counts until the time that a material change sets, and from then on it must be given anew', async () => {
    const purpose = newPurpose()
    await publish(purpose, { version: 1, texts })
    const account = await customer(world.owner)
    const consent = await grant(world.context, party, account, { purpose: purpose.key, noticeVersion: 1 })
    const until = new Date(Date.now() + 1500)
    await publish(purpose, { version: 2, texts: { en: 'We also use your assets.' }, earlierUntil: until.toISOString() })
    expect(await read(world.context, party, consent)).not.toBeNull()
    await sleep(until.getTime() - Date.now() + 50)
    expect(await read(world.context, party, consent)).toBeNull()
    expect(await statusOf(account)).toEqual(['EXPIRED'])
    await endDueConsents(world.context)
    const [step] = await world.owner`
      select c.status, c.ended_at, e.by from consents c join consent_events e on e.consent_id = c.id and e.change = 2
      where c.purpose = ${purpose.key}`
    expect(step).toEqual({ status: 'EXPIRED', ended_at: until, by: 'CLOCK' })
    const anew = await grant(world.context, party, account, { purpose: purpose.key, noticeVersion: 2 })
    expect(anew.amends).toBeUndefined()
    expect(await read(world.context, party, anew)).not.toBeNull()
  })

  it('that a partner asked for is given under the notice that was shown, or shown again', async () => {
    const purpose = newPurpose()
    await publish(purpose, { version: 1, texts })
    const { partner, client } = party
    const ask = () =>
      requestConsent(world.context, {
        partner: partner.id,
        client: client.id,
        purpose: purpose.key,
        tags: [{ key: 'age', granularity: 'band' }],
        expiresAt: inDays(3),
        usage: 'RECURRING',
        retentionDays: 30,
        idempotencyKey: randomUUID(),
      })
    const accountKey = await customer(world.owner)
    const { id: request, noticeVersion } = await ask()
    expect(noticeVersion).toBe(1)
    await publish(purpose, { version: 2, texts: { en: 'Another text.' } })
    const agree = (shown?: number) =>
      authoriseConsent(world.context, {
        request,
        accountKey,
        noticeVersion: shown,
        evidence: { locale: 'en', channel: 'page' },
        idempotencyKey: randomUUID(),
      })
    await expect(agree()).rejects.toMatchObject({ code: 'NOTICE_CHANGED' })
    expect((await openRequest(world.context, { request, accountKey })).notice?.version).toBe(2)
    expect(await agree(2)).toMatchObject({ status: 'AUTHORISED', noticeVersion: 2 })
  })
})

it('the tables say what the records say, after all of this', async () => {
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
})
