import { randomUUID } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Resolve, webhookSender } from '../../../gateway/webhooks/send-webhook.ts'
import type { StaffRole } from '../../../kernel/caller.ts'
import { systemClock } from '../../../kernel/clock.ts'
import { goLive } from '../../../partners/go-live.ts'
import { queueEvents } from '../../../partners/webhooks/queue-events.ts'
import { sendDue } from '../../../partners/webhooks/send-due.ts'
import { customer, defineCatalogue, grant } from '../../customers/factories.ts'
import { type Receiver, startReceiver } from '../../partners/webhooks/receiver.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { useWorld } from '../../support/database.ts'
import { askAsPerson } from '../as-person.ts'
import { accessToken, registerClient } from '../clients.ts'
import type { TestGateway } from '../gateway.ts'
import { asPartner, type Insider, startRealGateway } from './real-gateway.ts'

const ADD = `mutation ($input: AddWebhookInput!) {
  addWebhook(input: $input) { webhook { endpoint { id url } secret } userErrors { code field } } }`

const world = useWorld()
let gateway: TestGateway
let bank: Insider
let other: Insider
let receiver: Receiver

beforeAll(async () => {
  gateway = await startRealGateway(world)
  receiver = await startReceiver()
  await defineCatalogue(gateway.context)
  ;[bank, other] = [await insider(), await insider()]
  await sealAll(world.context, world.owner)
  await queueEvents(gateway.context)
})
afterAll(() => Promise.all([gateway.close(), receiver.close()]))

async function insider(
  scopes: ('customers:read' | 'webhooks:manage')[] = ['customers:read', 'webhooks:manage'],
): Promise<Insider> {
  const client = await registerClient(gateway.context, { scopes })
  await goLive(gateway.context, { partner: client.partner })
  return { client, token: await accessToken(gateway, client) }
}

const add = async (who: Insider, url: string) =>
  (await asPartner(gateway, who, ADD, { input: { url, idempotencyKey: randomUUID() } })).body['data'] as {
    addWebhook: { webhook: { endpoint: { id: string }; secret: string } | null; userErrors: object[] }
  }

describe('the address of a webhook', () => {
  it.each([
    ...[
      'https://127.0.0.1/',
      'https://10.0.0.8/',
      'https://[::1]/',
      'https://[::ffff:192.168.1.1]/',
      'https://169.254.169.254/',
    ],
    ...[
      'https://2130706433/',
      'https://localhost/',
      'http://partner.example/',
      'https://user:pw@partner.example/',
      'gopher://x',
    ],
  ])('%s is refused at the door', async (url) => {
    expect((await add(bank, url)).addWebhook).toMatchObject({
      webhook: null,
      userErrors: [{ code: 'INVALID_INPUT', field: 'url' }],
    })
  })

  it('needs its scope, and is nobody else’s', async () => {
    const { webhook } = (await add(bank, 'https://bank.example/hooks')).addWebhook
    expect(webhook?.secret).toMatch(/^whsec_/)
    expect((await asPartner(gateway, bank, '{ webhooks { url } }')).body['data']).toEqual({
      webhooks: [{ url: 'https://bank.example/hooks' }],
    })
    expect((await asPartner(gateway, other, '{ webhooks { url } }')).body['data']).toEqual({ webhooks: [] })
    const remove = (id: string) =>
      asPartner(
        gateway,
        other,
        `mutation { removeWebhook(input: { endpoint: "${id}", idempotencyKey: "${randomUUID()}" }) { userErrors { code } } }`,
      )
    const [theirs, none] = [await remove(webhook?.endpoint.id ?? ''), await remove(`whe_${'0'.repeat(32)}`)]
    expect(theirs.body['data']).toEqual({ removeWebhook: { userErrors: [{ code: 'NOT_FOUND' }] } })
    expect(none).toEqual(theirs)
    const reader = await insider(['customers:read'])
    expect((await asPartner(gateway, reader, '{ webhooks { url } }')).body['errors']).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
  })
})

describe('a webhook whose name leads inside', () => {
  const to = (resolve: Resolve, url?: string) => {
    const inside = `https://rebinding.example:${new URL(receiver.url).port}/hooks`
    return webhookSender({ privateToo: false, resolve })({ url: url ?? inside, headers: {}, body: '{}' })
  }

  it.each([
    ['to loopback', ['127.0.0.1']],
    ['to a private network', ['10.0.0.5']],
    ['to IPv4 mapped in IPv6', ['::ffff:127.0.0.1']],
    ['to link-local', ['fe80::1', '169.254.169.254']],
    ['to both a public and a private address', ['8.8.8.8', '127.0.0.1']],
    ['to none', []],
  ])('%s is never connected to', async (_, addresses) => {
    expect(await to(async () => addresses)).toEqual({ failed: 'ADDRESS_REFUSED' })
  })

  it('is resolved once: a name that changes its mind is connected to where it was looked at', async () => {
    const asked: string[] = []
    const rebinding: Resolve = async (name) => {
      asked.push(name)
      return asked.length === 1 ? ['127.0.0.1'] : ['8.8.8.8']
    }
    expect(await to(rebinding)).toEqual({ failed: 'ADDRESS_REFUSED' })
    expect(asked).toEqual(['rebinding.example'])
  })

  it.each(['https://127.0.0.1:1/', 'https://[::1]:1/', 'https://[::ffff:7f00:1]:1/', 'http://8.8.8.8:1/'])(
    '%s, were it ever kept, is refused when it is sent',
    async (url) => {
      expect(await to(async () => ['8.8.8.8'], url)).toEqual({ failed: 'ADDRESS_REFUSED' })
    },
  )

  it('by a redirect is not followed', async () => {
    const inside = await startReceiver()
    const outside = await startReceiver(inside.url)
    outside.answer(() => 307)
    const send = webhookSender({ privateToo: true })
    expect(await send({ url: outside.url, headers: {}, body: '{}' })).toEqual({ status: 307 })
    expect(inside.arrived).toEqual([])
    await Promise.all([inside.close(), outside.close()])
  })

  it.each([
    ['changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
    ['is no HTTP', 'SSH-2.0-server\r\n'],
    ['ends before it says anything', ''],
  ])('whose answer %s is done with, and nobody waits for it', async (_, answer) => {
    const server = createServer((socket) => socket.once('data', () => socket.end(answer)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const send = webhookSender({ privateToo: true })
    expect(await send({ url: `http://127.0.0.1:${port}/`, headers: {}, body: '{}' })).toHaveProperty('failed')
    await new Promise((resolve) => server.close(resolve))
  })

  it('keeps its message, and says why it was not sent', async () => {
    await world.owner`update webhook_endpoints set url = ${receiver.url} where url = 'https://bank.example/hooks'`
    const { client } = bank
    const partner = { partner: { id: client.partner, code: await codeOf(client.partner) } } as never
    await grant({ ...world.context, clock: systemClock }, partner, await customer(world.owner))
    await sealAll(world.context, world.owner)
    await queueEvents(gateway.context)
    await sendDue(gateway.context, webhookSender({ privateToo: false }))
    expect(receiver.arrived.filter(({ message }) => message.type !== undefined)).toEqual([])
    const list = '{ webhookDeliveries(first: 5, status: PENDING) { edges { node { type lastError } } } }'
    expect((await asPartner(gateway, bank, list)).body['data']).toMatchObject({
      webhookDeliveries: { edges: [{ node: { type: 'consent.authorised', lastError: 'ADDRESS_REFUSED' } }] },
    })
  })
})

describe('the word of a partner that it has deleted', () => {
  it('is taken for its own consents that ended, once, and the customer sees it', async () => {
    const accountKey = await customer(world.owner)
    const code = await codeOf(bank.client.partner)
    const given = await grant({ ...world.context, clock: systemClock }, { partner: { code } } as never, accountKey)
    const attest = async (who: Insider) => {
      const mutation = `mutation { attestDeletion(input: { consent: "${given.id}", idempotencyKey: "${randomUUID()}" }) {
        deletion { attestedAt overdue } userErrors { code field } } }`
      return (await asPartner(gateway, who, mutation)).body['data'] as Record<string, unknown>
    }
    expect(await attest(bank)).toMatchObject({
      attestDeletion: { deletion: null, userErrors: [{ code: 'NOT_FOUND' }] },
    })
    await asCustomer(
      accountKey,
      `mutation { revokeConsent(input: { consentId: "${given.id}", idempotencyKey: "k" }) { userErrors { code } } }`,
    )
    const seen = '{ consents(first: 5) { edges { node { deletion { dueAt attestedAt overdue partner { code } } } } } }'
    expect(await asCustomer(accountKey, seen)).toMatchObject({
      consents: { edges: [{ node: { deletion: { attestedAt: null, overdue: false, partner: { code } } } }] },
    })
    await world.owner`alter table consents disable trigger user`
    await world.owner`
      update consents set granted_at = granted_at - interval '40 days', ended_at = ended_at - interval '40 days'
      where id = ${given.id.slice(4)}::uuid`
    await world.owner`alter table consents enable trigger user`
    expect(await asCustomer(accountKey, seen)).toMatchObject({
      consents: { edges: [{ node: { deletion: { attestedAt: null, overdue: true } } }] },
    })
    const overdue = '{ overdueDeletions(first: 5) { edges { node { consent overdue } } } }'
    expect(await asStaff(['compliance'], overdue)).toMatchObject({
      overdueDeletions: { edges: [{ node: { consent: given.id, overdue: true } }] },
    })
    expect(await (await gateway.fetch('/metrics')).text()).toMatch(/tributary_deletions_overdue 1/)
    expect(await attest(other)).toMatchObject({
      attestDeletion: { deletion: null, userErrors: [{ code: 'NOT_FOUND' }] },
    })
    const answers = await Promise.all([1, 2, 3].map(() => attest(bank)))
    for (const answer of answers)
      expect(answer).toMatchObject({ attestDeletion: { deletion: { overdue: false }, userErrors: [] } })
    expect(await asStaff(['compliance'], overdue)).toEqual({ overdueDeletions: { edges: [] } })
    const records = await world.owner`select from records where kind = 'deletion'`
    expect(records).toHaveLength(1)
  })
})

async function codeOf(partner: string): Promise<string> {
  const [row] = await world.owner<{ code: string }[]>`select code from partners where id = ${partner.slice(4)}::uuid`
  return row?.code ?? ''
}

async function asCustomer(account: string, query: string): Promise<unknown> {
  return (await askAsPerson(gateway, { customer: account }, { query })).body.data
}

async function asStaff(roles: readonly StaffRole[], query: string): Promise<unknown> {
  return (await askAsPerson(gateway, { staff: 'ann', roles }, { query })).body.data
}
