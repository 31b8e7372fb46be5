import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { amendConsent } from '../../../customers/amend-consent.ts'
import type { Consent } from '../../../customers/consent.ts'
import { resumeConsent } from '../../../customers/resume-consent.ts'
import { revokeConsent } from '../../../customers/revoke-consent.ts'
import { suspendConsent } from '../../../customers/suspend-consent.ts'
import { openDatabase } from '../../../database/client.ts'
import type { Context } from '../../../database/context.ts'
import { webhookSender } from '../../../gateway/webhooks/send-webhook.ts'
import { clockAt, systemClock } from '../../../kernel/clock.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { addDays } from '../../../kernel/month.ts'
import { changeClient } from '../../../partners/change-client.ts'
import { KEY_DAYS, WARNING_DAYS } from '../../../partners/client-keys.ts'
import { assignComplaint } from '../../../partners/complaints/assign-complaint.ts'
import { complain } from '../../../partners/complaints/complain.ts'
import { decideComplaint } from '../../../partners/complaints/decide-complaint.ts'
import { warnKeys } from '../../../partners/warn-keys.ts'
import { addWebhook } from '../../../partners/webhooks/add-webhook.ts'
import { removeWebhook, rotateWebhookSecret } from '../../../partners/webhooks/change-webhook.ts'
import { listDeliveries, webhookStatus } from '../../../partners/webhooks/list-webhooks.ts'
import { queueEvents } from '../../../partners/webhooks/queue-events.ts'
import { replayWebhooks } from '../../../partners/webhooks/replay-webhooks.ts'
import { type SendWebhook, sendDue } from '../../../partners/webhooks/send-due.ts'
import { leaseMessages } from '../../../partners/webhooks/store/queue.ts'
import { DELIVERY_DAYS, sweepDeliveries } from '../../../partners/webhooks/sweep-deliveries.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { customer, defineCatalogue, grant, liveParty, type Party } from '../../customers/factories.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { contextOver, useWorld } from '../../support/database.ts'
import { ecKey } from '../factories.ts'
import { isSignedBy, type Receiver, startReceiver } from './receiver.ts'

const world = useWorld()
const send = webhookSender({ privateToo: true })
let receiver: Receiver
let party: Party
let secret = ''
let endpoint = ''

beforeAll(async () => {
  await defineCatalogue(world.context)
  await sealAll(world.context, world.owner)
  // the first turn of all begins at the end of the log
  await queueEvents(world.context)
})

beforeEach(async () => {
  receiver = await startReceiver()
  party = await liveParty(world.context)
  const added = await addWebhook(context(), {
    partner: party.partner.id,
    url: receiver.url,
    idempotencyKey: randomUUID(),
  })
  secret = added.secret ?? ''
  endpoint = added.endpoint.id
  await queued()
  await world.owner`delete from webhook_deliveries`
})
afterEach(() => receiver.close())

function context(): Context {
  return { ...world.context, clock: systemClock, privateWebhooks: true, actor: 'staff:ann' }
}

async function queued(): Promise<void> {
  await sealAll(world.context, world.owner)
  while ((await queueEvents(world.context)) > 0);
}

/** Sends whatever is due, until nothing is. */
async function sent(by: SendWebhook = send): Promise<void> {
  while ((await sendDue(context(), by)) > 0);
}

/** As if so much time had gone by: what waits is due. */
async function later(): Promise<void> {
  await world.owner`update webhook_deliveries set next_at = now() where status = 'PENDING'`
}

async function consent(): Promise<Consent & { readonly accountKey: string }> {
  const accountKey = await customer(world.owner)
  return { ...(await grant(context(), party, accountKey)), accountKey }
}

async function revoke({ id, accountKey }: { id: string; accountKey: string }): Promise<void> {
  await revokeConsent(context(), { accountKey, consentId: id, idempotencyKey: randomUUID() })
}

const types = () => receiver.taken().map(({ message }) => message.type)

describe('what happens to a consent', () => {
  test('is told in its order, signed, with the partner’s own name for the customer and no tag', async () => {
    const given = await consent()
    const change = { accountKey: given.accountKey, consentId: given.id }
    await suspendConsent(context(), { ...change, idempotencyKey: randomUUID() })
    await resumeConsent(context(), { ...change, idempotencyKey: randomUUID() })
    await revoke(given)
    await queued()
    await sent()
    expect(types()).toEqual(['consent.authorised', 'consent.suspended', 'consent.authorised', 'consent.revoked'])
    for (const one of receiver.arrived) {
      expect(isSignedBy(secret, one)).toBe(true)
      expect(isSignedBy(`whsec_${Buffer.alloc(32).toString('base64')}`, one)).toBe(false)
      expect(Math.abs(Date.now() / 1000 - Number(one.timestamp))).toBeLessThan(60)
      expect(one.message.data).toMatchObject({ consent: given.id, subject: given.subject, purpose: 'CREDIT' })
      expect(one.body).not.toMatch(/age|account/)
    }
    expect(new Set(receiver.arrived.map(({ id }) => id)).size).toBe(4)
    expect(receiver.arrived.every(({ id }) => /^evt_[0-9a-f]{32}$/.test(id))).toBe(true)
    // what was told of is told once, whoever reads the log again
    await queued()
    await sent()
    expect(receiver.arrived).toHaveLength(4)
  })

  test('is told to its partner alone, of the types that it wants', async () => {
    const other = await liveParty(world.context)
    const theirs = await startReceiver()
    const input = { partner: other.partner.code, url: theirs.url, types: ['consent.revoked' as const] }
    await addWebhook(context(), { ...input, idempotencyKey: randomUUID() })
    const given = await consent()
    const accountKey = await customer(world.owner)
    const elsewhere = await grant(context(), other, accountKey)
    await revoke({ id: elsewhere.id, accountKey })
    await revoke(given)
    await queued()
    await sent()
    expect(theirs.taken().map(({ message }) => message.type)).toEqual(['consent.revoked'])
    expect(types()).toEqual(['consent.authorised', 'consent.revoked'])
    await theirs.close()
  })

  test('that is amended is told as a new one and the end of the old one', async () => {
    const given = await consent()
    const expiresAt = new Date(Date.now() + 86_400_000)
    const change = {
      accountKey: given.accountKey,
      consentId: given.id,
      expiresAt,
      evidence: { locale: 'en', channel: 'app' },
    }
    await amendConsent(context(), { ...change, idempotencyKey: randomUUID() })
    await queued()
    await sent()
    expect(types().toSorted()).toEqual(['consent.authorised', 'consent.authorised', 'consent.superseded'])
  })
})

describe('a receiver', () => {
  test('that is down, slow and wrong is given everything once it is well, each subject’s in order', async () => {
    const given = [await consent(), await consent(), await consent()]
    receiver.answer(() => 503)
    await queued()
    await sent()
    for (const each of given) await revoke(each)
    await queued()
    // the second message of each subject waits for the first
    await sent()
    expect(receiver.arrived).toHaveLength(3)
    const hurried: SendWebhook = (request) =>
      Promise.race([send(request), new Promise<never>((_, reject) => setTimeout(reject, 100))]).catch(() => ({
        failed: 'TIMEOUT',
      }))
    for (const manner of ['silence', 302, 500, 404] as const) {
      receiver.answer(() => manner)
      await later()
      await sent(hurried)
    }
    expect(receiver.taken()).toEqual([])
    const waiting = await listDeliveries(context(), { partner: party.partner.id, page: { first: 10 } })
    expect(waiting.edges.map(({ node }) => node.status)).toEqual(Array.from({ length: 6 }, () => 'PENDING'))
    expect(waiting.edges.map(({ node }) => node.lastError)).toContain('404')
    expect(await webhookStatus(context())).toMatchObject({ pending: 6, dead: 0 })
    receiver.answer(() => 200)
    for (let turn = 0; turn < 2; turn++) {
      await later()
      await sent()
    }
    for (const { subject } of given) {
      const told = receiver.taken().filter(({ message }) => message.data['subject'] === subject)
      expect(told.map(({ message }) => message.type)).toEqual(['consent.authorised', 'consent.revoked'])
    }
    expect(await webhookStatus(context())).toMatchObject({ pending: 0, dead: 0 })
  })

  test('of one subject that is refused holds up nobody else', async () => {
    const [bad, good] = [await consent(), await consent()]
    receiver.answer(({ message }) => (message.data['subject'] === bad.subject ? 500 : 200))
    await revoke(good)
    await revoke(bad)
    await queued()
    await sent()
    expect(receiver.taken().map(({ message }) => message.data['subject'])).toEqual([good.subject, good.subject])
  })

  test('gets a message again, with its id, when whoever sent it died before it could say so', async () => {
    const given = await consent()
    await queued()
    // one process takes it and is never heard of again
    const taken = await world.context.database.transaction((tx) =>
      leaseMessages(tx, { most: 5, ofEach: 5, seconds: 60 }),
    )
    expect(taken).toHaveLength(1)
    await sent()
    expect(receiver.arrived).toEqual([])
    await later()
    await sent()
    expect(receiver.taken().map(({ id, message }) => [id, message.data['consent']])).toEqual([[taken[0]?.id, given.id]])
  })

  test('gets each message once from two processes that send at the same time', async () => {
    const given = await Promise.all(Array.from({ length: 20 }, consent))
    for (const each of given) await revoke(each)
    await queued()
    const databases = [1, 2].map((n) => openDatabase(world.address, `tributary:tests:sender${n}`, 3))
    const senders = databases.map(async (database) => {
      const own = { ...contextOver(database, systemClock), privateWebhooks: true }
      for (let idle = 0; idle < 20; ) idle = (await sendDue(own, send)) === 0 ? idle + 1 : 0
    })
    await Promise.all(senders)
    await Promise.all(databases.map((database) => database.close()))
    expect(receiver.taken()).toHaveLength(40)
    expect(new Set(receiver.taken().map(({ id }) => id)).size).toBe(40)
    for (const { subject } of given) {
      const told = receiver.taken().filter(({ message }) => message.data['subject'] === subject)
      expect(told.map(({ message }) => message.type)).toEqual(['consent.authorised', 'consent.revoked'])
    }
  })

  test('that is sent to while more is queued for the same subjects is given all of it, in order', async () => {
    const given = [await consent(), await consent(), await consent()]
    const changes = [suspendConsent, resumeConsent, suspendConsent, resumeConsent, suspendConsent, resumeConsent]
    let queueing = true
    const sending = [1, 2].map(async () => {
      while (queueing) await sendDue(context(), send)
    })
    for (const change of changes) {
      for (const { id: consentId, accountKey } of given)
        await change(context(), { accountKey, consentId, idempotencyKey: randomUUID() })
      await queued()
    }
    queueing = false
    await Promise.all(sending)
    await sent()
    const statuses = [
      'AUTHORISED',
      ...['SUSPENDED', 'AUTHORISED', 'SUSPENDED', 'AUTHORISED', 'SUSPENDED', 'AUTHORISED'],
    ]
    for (const { subject } of given) {
      const told = receiver.taken().filter(({ message }) => message.data['subject'] === subject)
      expect(told.map(({ message }) => message.data['status'])).toEqual(statuses)
    }
  })

  test('that is never well is given up after days, and what was given up can be sent again', async () => {
    await consent()
    await queued()
    receiver.answer(() => 500)
    for (let turn = 0; turn < 13; turn++) {
      await later()
      await sent()
    }
    expect(receiver.arrived).toHaveLength(13)
    const { edges } = await listDeliveries(context(), {
      status: 'DEAD',
      partner: party.partner.code,
      page: { first: 5 },
    })
    expect(edges).toMatchObject([{ node: { attempts: 13, lastError: '500', nextAt: undefined } }])
    await later()
    await sent()
    expect(receiver.arrived).toHaveLength(13)
    receiver.answer(() => 200)
    const delivery = edges[0]?.node.id ?? ''
    expect(await replayWebhooks(context(), { partner: party.partner.code, delivery })).toBe(1)
    await sent()
    expect(receiver.taken().map(({ id }) => id)).toEqual([delivery])
    const since = new Date(Date.now() - 3_600_000).toISOString()
    expect(await replayWebhooks(context(), { partner: party.partner.code, since })).toBe(1)
    await expect(
      replayWebhooks(context(), { partner: party.partner.code, delivery: `evt_${'0'.repeat(32)}` }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(replayWebhooks(context(), { partner: party.partner.code })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })

  test('that is gone for good (410) is asked once', async () => {
    await consent()
    await queued()
    receiver.answer(() => 410)
    await sent()
    await later()
    await sent()
    expect(receiver.arrived).toHaveLength(1)
    const { edges } = await listDeliveries(context(), { partner: party.partner.code, page: { last: 5 } })
    expect(edges.map(({ node }) => node.status)).toEqual(['DEAD'])
  })
})

describe('a secret', () => {
  test('that is renewed signs beside the new one until its time is over', async () => {
    const rotate = { endpoint, owner: party.partner.id, overlapHours: 1, idempotencyKey: randomUUID() }
    const { secret: fresh } = await rotateWebhookSecret(context(), rotate)
    // the same request again makes no other one, and shows nothing
    expect((await rotateWebhookSecret(context(), rotate)).secret).toBeUndefined()
    await consent()
    await queued()
    await sent()
    const [first] = receiver.taken()
    expect(first?.signatures).toHaveLength(2)
    expect(first && isSignedBy(secret, first)).toBe(true)
    expect(first && isSignedBy(fresh ?? '', first)).toBe(true)
    await world.owner`update webhook_secrets set ends_at = now() where ends_at is not null`
    await consent()
    await queued()
    await sent()
    const last = receiver.taken().at(-1)
    expect(last?.signatures).toHaveLength(1)
    expect(last && isSignedBy(fresh ?? '', last)).toBe(true)
    const [kept] = await world.owner<{ text: string }[]>`
      select string_agg(encode(sealed, 'base64'), ' ') as text from webhook_secrets`
    expect(kept?.text).not.toContain(secret.slice(6, 30))
  })
})

describe('an endpoint', () => {
  test('that is removed is told nothing more, and is a record like its beginning', async () => {
    await consent()
    await queued()
    await removeWebhook(context(), { endpoint, owner: party.partner.id, idempotencyKey: randomUUID() })
    await consent()
    await queued()
    await sent()
    expect(receiver.arrived).toEqual([])
    expect(await world.owner`select from webhook_secrets where endpoint_id = ${uuidOf(endpoint as 'whe_')}`).toEqual([])
    expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
    await expect(
      removeWebhook(context(), { endpoint, owner: undefined, idempotencyKey: randomUUID() }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('of a suspended partner still hears of what ends, and of its suspension', async () => {
    const given = await consent()
    await changePartnerStatus(context(), { partner: party.partner.id, status: 'SUSPENDED', reason: 'a breach' })
    await revoke(given)
    await queued()
    await sent()
    expect(types().toSorted()).toEqual(['consent.authorised', 'consent.revoked', 'partner.status_changed'])
  })

  test('hears of complaints, by nobody', async () => {
    const { accountKey } = await consent()
    await queued()
    await world.owner`delete from webhook_deliveries`
    const made = { partner: party.partner.code, category: 'CONDUCT', text: 'They call me.' } as const
    const self = { ...context(), actor: 'customer:self' as const }
    const { id } = await complain(self, { ...made, accountKey, idempotencyKey: randomUUID() })
    await assignComplaint(context(), { complaint: id, to: 'ben', idempotencyKey: randomUUID() })
    const verdict = { complaint: id, outcome: 'UPHELD', answer: 'It was.', idempotencyKey: randomUUID() } as const
    await decideComplaint(context(), verdict)
    await queued()
    await sent()
    expect(types()).toEqual(['partner.complaint', 'partner.complaint'])
    const told = receiver.arrived.map(({ body }) => JSON.parse(body).data)
    const record = expect.stringMatching(/^rec_/)
    expect(told).toEqual(
      ['RECEIVED', 'UPHELD'].map((status) => ({ complaint: id, category: 'CONDUCT', status, record })),
    )
    const bodies = await world.owner<{ body: string }[]>`select body from records where kind = 'complaint_notice'`
    for (const { body } of bodies) expect(body).not.toMatch(/customer|staff/)
  })

  test('is one for an address, five for a partner, and one for a request', async () => {
    const add = (url: string, idempotencyKey = randomUUID()) =>
      addWebhook(context(), { partner: party.partner.id, url, idempotencyKey })
    await expect(add(receiver.url)).rejects.toMatchObject({ code: 'DUPLICATE' })
    const key = randomUUID()
    const [first, ...again] = await Promise.all([1, 2, 3].map(() => add('http://127.0.0.1:9/a', key)))
    expect(new Set([first, ...again].map((each) => each?.endpoint.id)).size).toBe(1)
    expect([first, ...again].filter((each) => each?.secret !== undefined)).toHaveLength(1)
    for (const name of ['b', 'c', 'd']) await add(`http://127.0.0.1:9/${name}`)
    await expect(add('http://127.0.0.1:9/e')).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(
      addWebhook(
        { ...context(), privateWebhooks: false },
        { partner: party.partner.id, url: receiver.url, idempotencyKey: randomUUID() },
      ),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'url' })
  })
})

describe('keys of a client that grow old', () => {
  const warn = (days: number) =>
    warnKeys({ ...world.context, clock: clockAt(addDays(party.client.keysSince, days)), actor: 'system:jobs' })

  test('are told of a month before, once for each set of keys', async () => {
    expect(await warn(KEY_DAYS - WARNING_DAYS - 1)).toBe(0)
    // of two processes, one tells; the clients of the other tests are as old
    const [first, second] = await Promise.all([0, 1].map(() => warn(KEY_DAYS - WARNING_DAYS + 1)))
    expect((first ?? 0) + (second ?? 0)).toBeGreaterThan(0)
    expect(await warn(KEY_DAYS + 1)).toBe(0)
    await queued()
    await sent()
    const dueAt = addDays(party.client.keysSince, KEY_DAYS).toISOString()
    expect(receiver.taken().map(({ message: { type, data } }) => ({ type, ...data }))).toEqual([
      { type: 'client.keys_due', client: party.client.id, dueAt, record: expect.stringMatching(/^rec_/) },
    ])
    const afterwards = { ...world.context, clock: clockAt(addDays(party.client.keysSince, KEY_DAYS + 2)) }
    await changeClient(afterwards, { client: party.client.id, jwks: { keys: [ecKey('next')] } })
    expect(await warn(2 * KEY_DAYS)).toBe(1)
    await queued()
    await sent()
    expect(types().toSorted()).toEqual(['client.changed', 'client.keys_due', 'client.keys_due'])
  })
})

describe('old messages', () => {
  test('go when nobody can send them again any more, and those that wait stay', async () => {
    await consent()
    await queued()
    await sent()
    await consent()
    await queued()
    await world.owner`update webhook_deliveries set created_at = now() - make_interval(days => ${DELIVERY_DAYS + 1})`
    expect(await sweepDeliveries(world.context)).toBe(1)
    const { edges } = await listDeliveries(context(), { partner: party.partner.code, page: { first: 5 } })
    expect(edges.map(({ node }) => node.status)).toEqual(['PENDING'])
  })
})

afterAll(async () => {
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
})
