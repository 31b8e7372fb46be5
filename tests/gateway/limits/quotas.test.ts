import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_ALARMS } from '../../../customers/alarms/alarm-settings.ts'
import { closeAlert } from '../../../customers/alarms/close-alert.ts'
import { listAlerts } from '../../../customers/alarms/list-alerts.ts'
import { watchReads } from '../../../customers/alarms/watch-reads.ts'
import { sweepGateway } from '../../../gateway/sweep-gateway.ts'
import { changeCapability } from '../../../partners/capabilities/change-capability.ts'
import { goLive } from '../../../partners/go-live.ts'
import { customerSchema, operationsSchema, partnerSchema } from '../../../schema/graphs.ts'
import { quotas } from '../../../schema/quotas.ts'
import { startGatewayProcess } from '../../app/gateway-process.ts'
import { defineCatalogue } from '../../customers/factories.ts'
import { useWorld } from '../../support/database.ts'
import { askAsPerson } from '../as-person.ts'
import type { Insider } from '../attacks/real-gateway.ts'
import { accessToken, askPartnerGraph, credentials, registerClient } from '../clients.ts'
import { type Door, ORIGIN, startGateway, type TestGateway } from '../gateway.ts'

const POINTS = 300
const world = useWorld()
const parts = { partner: partnerSchema, customer: customerSchema, operations: operationsSchema }
let gateway: TestGateway
let second: TestGateway

beforeAll(async () => {
  const settings = { quotas: { pointsPerMinute: POINTS, pointsPerRequest: 250 } }
  ;[gateway, second] = (await Promise.all([1, 2].map(() => startGateway(world, { settings, parts })))) as [
    TestGateway,
    TestGateway,
  ]
  await defineCatalogue(gateway.context)
})
afterAll(() => Promise.all([gateway.close(), second.close()]))

type Said = {
  readonly status: number
  readonly retryAfter: string | null
  readonly data: Readonly<Record<string, unknown>> | null | undefined
  readonly codes: readonly unknown[]
  readonly cost: {
    readonly requested: number
    readonly actual: number
    readonly throttle: { readonly limit: number; readonly remaining: number; readonly resetAt: string }
  }
}

async function ask(door: Door, { client, token }: Insider, query: string, variables: object = {}): Promise<Said> {
  const answer = await askPartnerGraph(door, await credentials(client, token), { query, variables })
  const {
    data,
    errors = [],
    extensions,
  } = (await answer.json()) as {
    data?: Record<string, unknown> | null
    errors?: { extensions: { code: string; cost: Said['cost'] } }[]
    extensions?: { cost: Said['cost'] }
  }
  const cost = extensions?.cost ?? errors[0]?.extensions.cost
  const codes = errors.map(({ extensions: { code } }) => code)
  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    data,
    codes,
    cost: cost as Said['cost'],
  }
}

async function insider(): Promise<Insider> {
  const client = await registerClient(gateway.context, { scopes: ['customers:read', 'contributions:write'] })
  await goLive(gateway.context, { partner: client.partner })
  return { client, token: await accessToken(gateway, client) }
}

/** A read of so many customers whom nobody knows, in one request. */
function strangers(count: number): string {
  const fields = Array.from(
    { length: count },
    (_, n) => `c${n}: customer(subject: "sub_${n}", purpose: "CREDIT") { subject }`,
  )
  return `{ ${fields.join(' ')} }`
}

describe('a request', () => {
  it('says what it cost and what is left, at whichever process', async () => {
    const partner = await insider()
    const first = await ask(gateway, partner, strangers(20))
    expect(first).toMatchObject({ status: 200, cost: { requested: 20, actual: 20, throttle: { limit: POINTS } } })
    const next = await ask(second, partner, '{ me { code } }')
    expect(next.cost.throttle.remaining).toBeLessThan(POINTS - 10)
    expect(Date.parse(next.cost.throttle.resetAt)).toBeGreaterThan(Date.now())
  })

  it('that may give too much is refused before it runs, by the values of its variables', async () => {
    const partner = await insider()
    const query = 'query ($n: Int!) { products(first: $n) { edges { node { name } } } }'
    const small = await ask(gateway, partner, query, { n: 1 })
    expect(small.codes).not.toContain('COST_TOO_HIGH')
    const wide = await ask(gateway, partner, query.replace('first: $n', 'first: 100').replace('($n: Int!)', ''))
    expect(wide.codes).not.toContain('COST_TOO_HIGH')
    const aliases = Array.from({ length: 3 }, (_, n) => `a${n}: products(first: $n) { edges { node { name } } }`)
    const refused = await ask(gateway, partner, `query ($n: Int!) { ${aliases.join(' ')} }`, { n: 60 })
    expect(refused).toMatchObject({ status: 400, data: undefined, codes: ['COST_TOO_HIGH'], cost: { requested: 363 } })
    expect(await disclosures(partner)).toBe(0)
  })

  it('is refused in the graphs of people as well', async () => {
    const page = '{ edges { node { code } } }'
    const query = `{ a: partners(first: 100) ${page} b: partners(first: 100) ${page} }`
    expect(await askAsPerson(gateway, { staff: 'ann', roles: ['compliance'] }, { query })).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'COST_TOO_HIGH' } }] },
    })
  })

  it('gives back what it did not need, and a customer who is not there counts as one', async () => {
    const partner = await insider()
    const query = '{ products(first: 100) { edges { node { name } } } }'
    expect((await ask(gateway, partner, query)).cost).toMatchObject({ requested: 201, actual: 1 })
    // without what came back, a second one would not fit
    expect(await ask(gateway, partner, query)).toMatchObject({ cost: { requested: 201, throttle: { limit: POINTS } } })
  })
})

describe('a quota that is spent', () => {
  it('refuses with when to come back, and nothing was read', async () => {
    const partner = await insider()
    for (let spent = 0; spent < POINTS; spent += 50)
      expect((await ask(gateway, partner, strangers(50))).codes).toEqual([])
    const before = await disclosures(partner)
    const refused = await ask(second, partner, strangers(50))
    expect(refused).toMatchObject({
      status: 429,
      data: undefined,
      codes: ['THROTTLED'],
      cost: { requested: 50, actual: 0, throttle: { limit: POINTS } },
    })
    expect(refused.cost.throttle.remaining).toBeLessThan(50)
    expect(Number(refused.retryAfter)).toBeGreaterThan(0)
    expect(Number(refused.retryAfter)).toBeLessThanOrEqual(10)
    expect(await disclosures(partner)).toBe(before)
    const metrics = await (await second.fetch('/metrics')).text()
    expect(metrics).toMatch(/tributary_throttled_total\{kind="quota"\} [1-9]/)
  })

  it('is another one for each partner, and for lines of contributions the same', async () => {
    const [spender, other] = [await insider(), await insider()]
    for (let spent = 0; spent < POINTS; spent += 50) await ask(gateway, spender, strangers(50))
    expect((await ask(gateway, other, strangers(50))).status).toBe(200)
    const address = `${ORIGIN}/partner/contributions`
    const send = async ({ client, token }: Insider, lines: number) =>
      gateway.fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', ...(await credentials(client, token, { address })) },
        body: '{}\n'.repeat(lines),
      })
    expect((await send(other, 100)).status).toBe(200)
    const refused = await send(spender, 100)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1)
    expect(await refused.json()).toMatchObject({ code: 'THROTTLED' })
  })

  it('serves exactly as much as it is to those who come at once at two processes', async () => {
    const partner = await insider()
    await changeCapability(staff(), {
      ...{ partner: partner.client.partner, kind: 'QUOTA', key: 'granted', status: 'ACTIVE' },
      ...{ permille: 100, reason: 'a small one', idempotencyKey: randomUUID() },
    })
    const process = await startGatewayProcess(world, { TRIBUTARY_QUOTA_POINTS: `${POINTS}` })
    try {
      const begunAt = performance.now()
      const answers = await Promise.all(
        Array.from({ length: 80 }, (_, n) => ask(n % 2 === 0 ? gateway : process, partner, '{ me { code } }')),
      )
      const served = answers.filter(({ status }) => status === 200).length
      // of thirty a minute one comes back every two seconds
      const cameBack = Math.ceil((performance.now() - begunAt) / 2000)
      expect(served).toBeGreaterThanOrEqual(30)
      expect(served).toBeLessThanOrEqual(30 + cameBack)
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
    } finally {
      await process.close()
    }
  }, 60_000)

  it('is forgotten when it is whole again, and kept until then', async () => {
    const partner = await insider()
    await ask(gateway, partner, strangers(50))
    await sweepGateway(world.context)
    const key = `partner:${partner.client.partner}`
    expect(await world.owner`select from spent_points where key = ${key}`).toHaveLength(1)
    await world.owner`update spent_points set full_at = now() where key = ${key}`
    await sweepGateway(world.context)
    expect(await world.owner`select from spent_points where key = ${key}`).toHaveLength(0)
  })
})

describe('an alarm', () => {
  it('lowers the quota at once on every process, and its closing gives it back', async () => {
    const partner = await insider()
    for (let n = 0; n < 3; n++) expect((await ask(gateway, partner, strangers(20))).status).toBe(200)
    const settings = { ...DEFAULT_ALARMS, dayMisses: 30 }
    const opened = async () => {
      while ((await watchReads(gateway.context, { settings, quotas })) > 0);
      const { edges } = await listAlerts(staff(), { partner: partner.client.partner, page: { first: 10 } })
      return edges.map(({ node }) => node)
    }
    // reads are counted behind all transactions that are open on the server, another test's too
    await expect.poll(opened).toMatchObject([{ kind: 'MANY_MISSES' }])
    const [alert] = await opened()
    for (const door of [gateway, second]) {
      expect(await ask(door, partner, strangers(40))).toMatchObject({
        status: 429,
        codes: ['THROTTLED'],
        cost: { throttle: { limit: POINTS / 10 } },
      })
    }
    const told = { resolution: 'EXPLAINED', reason: 'a test of theirs', idempotencyKey: randomUUID() } as const
    await closeAlert(staff(), { alert: alert?.id ?? '', ...told }, quotas)
    expect(await ask(second, partner, strangers(40))).toMatchObject({
      status: 200,
      cost: { throttle: { limit: POINTS } },
    })
  })
})

describe('an address', () => {
  it('is held to its requests at the authorization server and the pages, by the word of no stranger', async () => {
    const settings = { quotas: { requestsPerAddress: 20 }, trustedProxies: [] as string[] }
    const plain = await startGateway(world, { settings })
    const behind = await startGateway(world, { settings: { ...settings, trustedProxies: ['127.0.0.1'] } })
    const knock = (door: Door, path: string, forwarded: string) =>
      door.fetch(path, { headers: { 'x-forwarded-for': forwarded } })
    try {
      const statuses = []
      for (let n = 0; n < 25; n++) statuses.push((await knock(plain, '/oauth/jwks', `198.51.100.${n}`)).status)
      expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(21)
      const refused = await knock(plain, '/oauth/jwks', '203.0.113.9')
      expect(refused.status).toBe(429)
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await refused.json()).toMatchObject({ code: 'THROTTLED', error: 'temporarily_unavailable' })
      const page = await knock(plain, '/consent/nothing', '203.0.113.9')
      expect([page.status, page.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8'])
      // behind a proxy of ours each customer is one, and what they say of themselves is nothing
      expect((await knock(behind, '/oauth/jwks', '203.0.113.9')).status).toBe(200)
      for (let n = 0; n < 21; n++) await knock(behind, '/oauth/jwks', `10.0.0.${n}, 2001:db8:0:1::${n}`)
      expect((await knock(behind, '/oauth/jwks', '10.9.9.9, 2001:db8:0:1:ffff::9')).status).toBe(429)
      expect((await knock(behind, '/oauth/jwks', '10.9.9.9, 2001:db8:0:2::9')).status).toBe(200)
    } finally {
      await Promise.all([plain.close(), behind.close()])
    }
  })
})

function staff() {
  return { ...gateway.context, actor: 'staff:ann' as const }
}

async function disclosures({ client }: Insider): Promise<number> {
  const [row] = await world.owner<{ count: number }[]>`
    select count(*)::int from disclosures where client_id = ${client.id.slice(4)}::uuid`
  return row?.count ?? 0
}
