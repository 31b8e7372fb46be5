import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../database/context.ts'
import { makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import { systemClock } from '../../kernel/clock.ts'
import { mapBounded } from '../../kernel/map-bounded.ts'
import { goLive } from '../../partners/go-live.ts'
import type { Partner } from '../../partners/partner.ts'
import { customer, defineCatalogue, grant } from '../customers/factories.ts'
import { accessToken, askPartnerGraph, credentials, registerClient, type TestClient } from '../gateway/clients.ts'
import { ORIGIN } from '../gateway/gateway.ts'
import { useWorld } from '../support/database.ts'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'

const REVOCATIONS = 2000
/** So many customers are read and revoked at a time. */
const AT_ONCE = 40
const REVOKE = `mutation ($input: RevokeConsentInput!) { revokeConsent(input: $input) { userErrors { code } } }`

const world = useWorld()
const gateways: GatewayProcess[] = []
let context: Context
let client: TestClient
let partner: Partner

type Given = { readonly accountKey: string; readonly consent: string; readonly subject: string }

beforeAll(async () => {
  context = { ...world.context, clock: systemClock }
  await defineCatalogue(context)
  client = await registerClient(context)
  partner = await goLive(context, { partner: client.partner })
  // more than any partner's quota is read here, and so much of it in vain that an alarm would lower it
  const settings = { TRIBUTARY_QUOTA_POINTS: '100000000', TRIBUTARY_ALARM_QUOTA_PERMILLE: '1000' }
  gateways.push(...(await Promise.all([1, 2].map(() => startGatewayProcess(world, settings)))))
}, 120_000)
afterAll(() => Promise.all(gateways.map((gateway) => gateway.close())))

test('of 2,000 revocations raced by reads on two processes, no read begun after one gives a value, and each answer has its disclosure', {
  timeout: 300_000,
}, async () => {
  const given = await mapBounded([...Array(REVOCATIONS).keys()], 8, consent)
  const readers = await Promise.all(gateways.map(startReader))
  const late: string[] = []
  for (let from = 0; from < given.length; from += AT_ONCE) {
    const window = given.slice(from, from + AT_ONCE)
    late.push(...(await raceWindow(window, readers)))
  }
  expect(late).toEqual([])
  const answers = readers.flatMap(({ answers }) => answers)
  const values = answers.filter(({ value }) => value)
  // the race was one: each customer was read before the end by both
  expect(values.length).toBeGreaterThan(2 * REVOCATIONS)
  expect(await withoutDisclosure(values)).toEqual([])
})

type Answer = {
  readonly request: string
  readonly subject: string
  readonly value: boolean
  readonly startedAt: number
}
type Reader = { readonly answers: Answer[]; readonly read: (subjects: readonly string[]) => Promise<readonly Answer[]> }

/** Reads the customers of one window on both processes, again and again, while each is revoked; returns what came late. */
async function raceWindow(window: readonly Given[], readers: readonly Reader[]): Promise<readonly string[]> {
  const revokedAt = new Map<string, number>()
  const subjects = window.map(({ subject }) => subject)
  const late: string[] = []
  const reading = readers.map(async ({ read }) => {
    for (let after = 0; after < 2; ) {
      if (revokedAt.size === window.length) after++
      for (const { subject, value, startedAt } of await read(subjects)) {
        if (value && startedAt >= (revokedAt.get(subject) ?? Number.POSITIVE_INFINITY)) late.push(subject)
      }
    }
  })
  await Promise.all(readers.map(({ read }) => read(subjects)))
  const revoking = mapBounded([...window.entries()], 4, async ([index, one]) => {
    await revoke(gateways[index % gateways.length], one)
    revokedAt.set(one.subject, performance.now())
  })
  await Promise.all([...reading, revoking])
  return late
}

async function startReader(gateway: GatewayProcess): Promise<Reader> {
  const token = await accessToken(gateway, client)
  const answers: Answer[] = []
  const read = async (subjects: readonly string[]): Promise<readonly Answer[]> => {
    const query = `{ ${subjects.map((subject, index) => `c${index}: customer(subject: "${subject}", purpose: "CREDIT") { tags { value } }`)} }`
    const headers = await credentials(client, token)
    const startedAt = performance.now()
    const response = await askPartnerGraph(gateway, headers, { query })
    const { data } = (await response.json()) as {
      data: Record<string, { tags: readonly { value: string | null }[] } | null>
    }
    const request = response.headers.get('x-request-id') ?? ''
    const got = subjects.map((subject, index) => {
      const value = (data[`c${index}`]?.tags ?? []).some((tag) => tag.value !== null)
      return { request, subject, value, startedAt }
    })
    answers.push(...got)
    return got
  }
  return { answers, read }
}

async function revoke(gateway: GatewayProcess | undefined, { accountKey, consent }: Given): Promise<void> {
  const settings = { origin: ORIGIN, development: { issuer: true, graphiql: false } }
  const token = await makeDevelopmentToken(context, settings, { customer: accountKey })
  const input = { consentId: consent, idempotencyKey: `revoke-${consent}` }
  const response = await gateway?.fetch('/customer/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: REVOKE, variables: { input } }),
  })
  expect(await response?.json()).toEqual({ data: { revokeConsent: { userErrors: [] } } })
}

async function withoutDisclosure(values: readonly Answer[]): Promise<readonly string[]> {
  const kept = await world.owner<{ trace: string }[]>`
    select request_id || ' ' || subject as trace from disclosures where outcome = 'disclosed'`
  const traces = new Set(kept.map(({ trace }) => trace))
  return values.map(({ request, subject }) => `${request} ${subject}`).filter((trace) => !traces.has(trace))
}

async function consent(): Promise<Given> {
  const accountKey = await customer(world.owner)
  const { id, subject } = await grant(context, { partner }, accountKey)
  return { accountKey, consent: id, subject }
}
