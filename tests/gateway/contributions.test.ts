import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseId, uuidOf } from '../../kernel/ids.ts'
import { goLive } from '../../partners/go-live.ts'
import { partnerSchema } from '../../schema/graphs.ts'
import { customer, subject } from '../ledger/facts/factories.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import {
  accessToken,
  askPartnerGraph,
  credentials,
  type ProofOverrides,
  registerClient,
  type TestClient,
} from './clients.ts'
import { ORIGIN, startGateway, type TestGateway } from './gateway.ts'

const ADDRESS = `${ORIGIN}/partner/contributions`
const world = useWorld()
let gateway: TestGateway
let second: TestGateway
let client: TestClient
let token: string
let own: string

beforeAll(async () => {
  gateway = await startGateway(world, { parts: { partner: partnerSchema } })
  second = await startGateway(world, { parts: { partner: partnerSchema } })
  client = await registerClient(gateway.context, { scopes: ['contributions:write'] })
  await goLive(gateway.context, { partner: client.partner })
  token = await accessToken(gateway, client)
  own = await subject(world, parseId('ptr', client.partner), await customer(world))
})
afterAll(async () => {
  await Promise.all([gateway.close(), second.close()])
})

type Given = {
  readonly at?: TestGateway
  readonly as?: TestClient
  readonly with?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly proof?: ProofOverrides
}

const send = async (body: string, { at = gateway, as = client, with: text = token, headers, proof }: Given = {}) =>
  at.fetch('/partner/contributions', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-ndjson',
      ...(await credentials(as, text, { address: ADDRESS, ...proof })),
      ...headers,
    },
    body,
  })
const resultsOf = async (answer: Response): Promise<readonly Record<string, unknown>[]> =>
  (await answer.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
const referral = (externalId: string, more: object = {}) =>
  JSON.stringify({ externalId, kind: 'REFERRAL', lead: 'l', occurredAt: '2026-01-15T00:00:00Z', ...more })
const countOf = async () =>
  (await world.owner`select from contributions where partner_id = ${uuidOf(parseId('ptr', client.partner))}`).count

describe('contributions by lines', () => {
  it('are stored where they can be, each line with its result, and once', async () => {
    const lines = [
      referral('n-1', { lead: undefined, subject: own }),
      '{"externalId":',
      '',
      '{"externalId":"n-2","kind":"TRAFFIC","unit":"CLICK","quantity":"48217","occurredAt":"2026-01-15T00:00:00Z"}',
      '{"a":1,"a":2}',
      '{"externalId":"n-3","kind":"TRAFFIC","occurredAt":"2026-01-15T00:00:00Z"}',
      referral('n-1', { quantity: 2 }),
      '[]',
    ]
    const answer = await send(lines.join('\n'))
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      200,
      'application/x-ndjson; charset=utf-8',
      'no-store',
    ])
    const first = await resultsOf(answer)
    expect(first).toEqual([
      { line: 1, outcome: 'RECORDED', externalId: 'n-1', id: expect.stringMatching(/^ctr_/) },
      { line: 2, outcome: 'REFUSED', code: 'INVALID_INPUT', message: 'the line is not JSON' },
      { line: 4, outcome: 'RECORDED', externalId: 'n-2', id: expect.stringMatching(/^ctr_/) },
      { line: 5, outcome: 'REFUSED', code: 'INVALID_INPUT', message: expect.stringContaining('twice') },
      {
        line: 6,
        outcome: 'REFUSED',
        externalId: 'n-3',
        code: 'INVALID_INPUT',
        field: 'unit',
        message: expect.stringContaining('TRAFFIC'),
      },
      expect.objectContaining({ line: 7, outcome: 'REFUSED', code: 'IDEMPOTENCY_CONFLICT', field: 'externalId' }),
      expect.objectContaining({ line: 8, outcome: 'REFUSED', code: 'INVALID_INPUT' }),
    ])
    const again = await resultsOf(await send(`${lines.join('\r\n')}\r\n`))
    expect(again.map(({ outcome }) => outcome)).toEqual([
      ...['REPLAYED', 'REFUSED', 'REPLAYED', 'REFUSED', 'REFUSED', 'REFUSED', 'REFUSED'],
    ])
    expect(again[0]?.['id']).toBe(first[0]?.['id'])
  })

  it('and by GraphQL are the same', async () => {
    await send(
      referral('both', { kind: 'COURSE_COMPLETION', course: 'c', units: 12, quantity: 3, asset: 'CNY/2', minor: 1 }),
    )
    const item = { externalId: 'both-2', kind: 'SERVICE_OUTCOME', lead: 'l', occurredAt: '2026-01-15T00:00:00Z' }
    const own = { externalId: 'both-3', kind: 'TRAFFIC', unit: 'CLICK', occurredAt: '2026-01-15T00:00:00Z' }
    const input = { items: [{ ...item, score: '87' }, own, { ...item, externalId: 'n-1', kind: 'REFERRAL' }] }
    const query = `mutation ($input: ReportContributionsInput!) {
      reportContributions(input: $input) { results { externalId outcome code field } userErrors { code } } }`
    const answer = await askPartnerGraph(gateway, await credentials(client, token), { query, variables: { input } })
    expect(await answer.json()).toMatchObject({
      data: {
        reportContributions: {
          results: [
            { externalId: 'both-2', outcome: 'REFUSED', code: 'INVALID_INPUT', field: 'asset' },
            { externalId: 'both-3', outcome: 'RECORDED', code: null, field: null },
            { externalId: 'n-1', outcome: 'REFUSED', code: 'IDEMPOTENCY_CONFLICT', field: 'externalId' },
          ],
          userErrors: [],
        },
      },
    })
    const listed = await askPartnerGraph(gateway, await credentials(client, token), {
      query: '{ contributions(first: 1) { edges { node { externalId kind unit status course units score } } } }',
    })
    expect(await listed.json()).toMatchObject({
      data: { contributions: { edges: [{ node: { externalId: 'both-3', unit: 'CLICK', status: 'CONFIRMED' } }] } },
    })
    const [replayed] = await resultsOf(await send(JSON.stringify(own)))
    expect(replayed).toMatchObject({ outcome: 'REPLAYED' })
  })

  it('come by ten thousand, through two gateways at once, and have one effect', { timeout: 60_000 }, async () => {
    const before = await countOf()
    const lines = Array.from({ length: 10_000 }, (_, index) => referral(`many-${index}`, { lead: `lead-${index}` }))
    const answers = await Promise.all([send(lines.join('\n')), send(lines.toReversed().join('\n'), { at: second })])
    const outcomes = (await Promise.all(answers.map(resultsOf))).flat().map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => outcome === 'RECORDED')).toHaveLength(10_000)
    expect(outcomes.filter((outcome) => outcome === 'REPLAYED')).toHaveLength(10_000)
    expect((await countOf()) - before).toBe(10_000)
  })
})

it('a body that is too large does not hold up what is asked next on its connection', async () => {
  const started = performance.now()
  for (let round = 0; round < 3; round++) {
    expect((await send(`"${'x'.repeat(60_000)}"\n`.repeat(90))).status).toBe(413)
    expect((await send('')).status).toBe(200)
  }
  expect(performance.now() - started).toBeLessThan(4000)
})

describe('a batch is refused as a whole, and nothing of it is stored', () => {
  const refused = async (answer: Response, status: number, code: string): Promise<void> => {
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ])
    expect(await answer.json()).toMatchObject({ status, code, requestId: answer.headers.get('x-request-id') })
    const stored = await world.owner`select from contributions where external_id = 'whole'`
    expect(stored.count).toBe(0)
  }
  const whole = referral('whole')

  it('of more than 10,000 lines, whatever they are', async () => {
    await refused(await send(`${whole}\n${'x\n'.repeat(10_000)}`), 400, 'INVALID_INPUT')
  })

  it('with a line that is too long, or too many bytes', async () => {
    await refused(await send(`${whole}\n"${'x'.repeat(70_000)}"`), 413, 'BODY_TOO_LARGE')
    await refused(await send(`${whole}\n${`"${'x'.repeat(60_000)}"\n`.repeat(90)}`), 413, 'BODY_TOO_LARGE')
  })

  it.each([
    ['another type', { 'content-type': 'application/json' }],
    ['another charset', { 'content-type': 'application/x-ndjson; charset=gbk' }],
    ['a compressed body', { 'content-encoding': 'gzip' }],
  ])('of %s', async (_, headers) => {
    await refused(await send(whole, { headers }), 415, 'UNSUPPORTED_MEDIA_TYPE')
  })

  it('without a token, with a proof for the graph, or with one that was used', async () => {
    await refused(await send(whole, { headers: { authorization: '' } }), 401, 'UNAUTHENTICATED')
    await refused(await send(whole, { headers: { dpop: '' } }), 401, 'UNAUTHENTICATED')
    await refused(await send(whole, { proof: { address: `${ORIGIN}/graphql` } }), 401, 'UNAUTHENTICATED')
    const used = await credentials(client, token, { address: ADDRESS })
    expect((await send('', { headers: used })).status).toBe(200)
    await refused(await send(whole, { headers: used, at: second }), 401, 'UNAUTHENTICATED')
  })

  it('of a client without the scope, or a partner who is suspended', async () => {
    const reader = await registerClient(gateway.context, { scopes: ['customers:read'] })
    const readers = await accessToken(gateway, reader)
    await refused(await send(whole, { as: reader, with: readers }), 403, 'FORBIDDEN')
    const other = await registerClient(gateway.context, { scopes: ['contributions:write'] })
    await goLive(gateway.context, { partner: other.partner })
    const theirs = await accessToken(gateway, other)
    await changePartnerStatus(gateway.context, { partner: other.partner, status: 'SUSPENDED', reason: 'audit' })
    await refused(await send(whole, { as: other, with: theirs }), 403, 'FORBIDDEN')
  })

  it('by another method', async () => {
    const answer = await gateway.fetch('/partner/contributions')
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

it.each(['contribution', 'revenue', 'terms'])('the schema of %s is there for everybody', async (name) => {
  const answer = await gateway.fetch(`/schemas/${name}.json`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/schema+json; charset=utf-8'])
  expect(await answer.json()).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' })
})
