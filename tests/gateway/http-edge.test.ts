import { connect } from 'node:net'
import { buildSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../database/client.ts'
import { statusOf } from '../../gateway/faults/http-status.ts'
import { outward } from '../../gateway/faults/outward.ts'
import { readinessOf } from '../../gateway/health/mount-health.ts'
import { createHttpApp } from '../../gateway/http-app.ts'
import { addressesOf } from '../../gateway/settings.ts'
import { sweepGateway } from '../../gateway/sweep-gateway.ts'
import { Fault } from '../../kernel/fault.ts'
import { FAULT_CODES, type FaultCode } from '../../kernel/fault-codes.ts'
import { signCheckpoint } from '../../records/sign-checkpoint.ts'
import { appendSome, sealAll } from '../records/sealed-log.ts'
import { useWorld } from '../support/database.ts'
import { startGateway, type TestGateway, testSchemas } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let ending = false

beforeAll(async () => {
  gateway = await startGateway(world, { parts: { isShuttingDown: () => ending } })
})
afterAll(async () => {
  await gateway.close()
})

describe('health', () => {
  it('is live, and ready over a migrated database', async () => {
    expect((await gateway.fetch('/livez')).status).toBe(200)
    const ready = await gateway.fetch('/readyz')
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true }])
  })

  it('is live but not ready when its end is near', async () => {
    ending = true
    expect((await gateway.fetch('/livez')).status).toBe(200)
    const ready = await gateway.fetch('/readyz')
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reason: 'shutting down' }])
    ending = false
  })

  it('is not ready over a database that lacks a migration, or does not answer', async () => {
    const [last] = await world.owner<{ number: number; name: string; digest: string }[]>`
      delete from schema_migrations where number = (select max(number) from schema_migrations) returning number, name, digest`
    expect(await readinessOf(gateway.context, () => false)).toMatchObject({ reason: 'the database is not migrated' })
    await world.owner`insert into schema_migrations ${world.owner(last ?? {})}`
    const gone = openDatabase({ host: '127.0.0.1', port: 9 }, 'gone', 1)
    const readiness = await readinessOf({ ...gateway.context, database: gone }, () => false)
    expect(readiness).toMatchObject({ ready: false, reason: 'the database does not answer' })
    await gone.close()
  })
})

describe('metrics', () => {
  it('tell how far the log is sealed and signed', async () => {
    await appendSome(world.context, 4)
    await sealAll(world.context, world.owner)
    const { size } = await signCheckpoint(world.context, { origin: 'log.example' })
    await appendSome(world.context, 2)
    const text = await (await gateway.fetch('/metrics')).text()
    expect(text).toContain(`\ntributary_log_sealed_records ${size}\n`)
    expect(text).toContain('\ntributary_log_unsealed_records 2\n')
    expect(text).toContain(`\ntributary_log_checkpoint_records ${size}\n`)
    expect(text).toMatch(/\ntributary_log_sealing_lag_seconds [\d.]+\n/)
    expect(text).toMatch(/\ntributary_log_checkpoint_age_seconds [\d.]+\n/)
  })

  it('count by route, and not by what a caller makes up', async () => {
    await gateway.fetch('/livez')
    await gateway.fetch('/no-such-address-1')
    await gateway.fetch('/schema/partner.graphql?x=2')
    const text = await (await gateway.fetch('/metrics')).text()
    expect(text).toMatch(/tributary_http_requests_total\{route="\/livez",method="GET",status="200"\} \d+/)
    expect(text).toMatch(/tributary_http_requests_total\{route="none",method="GET",status="404"\} \d+/)
    expect(text).toContain('tributary_http_request_duration_seconds_bucket')
    expect(text).toContain('process_cpu_seconds_total')
    expect(text).not.toContain('no-such')
  })
})

describe('the landing page', () => {
  it('says where things are, loads nothing, and allows no more than its own style', async () => {
    const answer = await gateway.fetch('/')
    const page = await answer.text()
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri/,
    )
    expect(page).toContain('https://api.tributary.test/graphql')
    expect(page).toContain('serving')
    expect(page).not.toMatch(/<script|<img|<link|@import|url\(/)
  })
})

describe('the printed schemas', () => {
  it.each(['partner', 'customer', 'operations'])('has the %s graph', async (name) => {
    const answer = await gateway.fetch(`/schema/${name}.graphql`)
    expect(answer.headers.get('content-type')).toContain('text/plain')
    expect(buildSchema(await answer.text()).getQueryType()?.name).toBe('Query')
  })
})

describe('every answer', () => {
  it('has the headers of a closed house', async () => {
    const { headers } = await gateway.fetch('/livez')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('strict-transport-security')).toContain('max-age')
    expect(headers.get('x-powered-by')).toBeNull()
  })

  it('has an id that the sender did not choose', async () => {
    const answer = await gateway.fetch('/livez', { headers: { 'x-request-id': 'mine' } })
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it.each(['/nothing', '/graphql/x', '/oauth', '/%00', '/a%2f..%2fb', '/__proto__', '/constructor'])(
    'is a problem with a code when there is nothing: %s',
    async (path) => {
      const answer = await gateway.fetch(path)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(await answer.json()).toEqual({
        type: 'urn:tributary:problem:NOT_FOUND',
        title: 'Not Found',
        status: 404,
        detail: 'there is nothing at this address',
        code: 'NOT_FOUND',
        requestId: answer.headers.get('x-request-id'),
      })
    },
  )

  it.each([
    'GET /%E0%A4%A HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET //evil.example/..;/graphql HTTP/1.1\r\nHost: a b c\r\n\r\n',
    'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET /\u0000 HTTP/1.1\r\nHost: a\r\n\r\n',
    `GET /?${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  ])('is of 4xx for a request that cannot be: %j', async (text) => {
    expect(await rawStatus(gateway.port, text)).toMatch(/^HTTP\/1\.1 4\d\d /)
  })
})

describe('a fault', () => {
  it.each(Object.keys(FAULT_CODES) as FaultCode[])('%s has a status for clients to act on', (code) => {
    const status = statusOf(new Fault(code, 'x'))
    expect(status === 503 || (status >= 400 && status < 500)).toBe(true)
  })

  it('is told outside as it is, an error of ours is not', () => {
    expect(outward(new Fault('CONFIG_INVALID', 'no', { field: 'a' }))).toMatchObject({
      status: 400,
      message: 'no',
      field: 'a',
    })
    expect(outward(new Error('secret'))).toMatchObject({ status: 500, code: 'INTERNAL' })
    expect(outward('secret')).toMatchObject({ status: 500, code: 'INTERNAL' })
    expect(JSON.stringify(outward(new Error('secret')))).not.toContain('secret')
  })

  it('of the database is 503 with a word on when to come back', async () => {
    const gone = openDatabase({ host: '127.0.0.1', port: 9 }, 'gone', 1)
    const error = await gone.reads`select 1`.catch((raised: unknown) => raised)
    expect(outward(error)).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE', headers: { 'retry-after': '1' } })
    await gone.close()
  })
})

describe('the settings', () => {
  it.each([
    'api.tributary.test',
    'https://api.tributary.test/',
    'https://a.test/path',
    'ftp://a.test',
    'https://u:p@a.test',
    '',
  ])('refuse an origin that is none: %s', async (origin) => {
    expect(() => addressesOf({ origin })).toThrow(Fault)
    await expect(createHttpApp(gateway.context, { origin }, testSchemas())).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
  })
})

describe('sweeping', () => {
  it('removes what has expired and nothing else', async () => {
    await world.owner`delete from oauth_state`
    await world.owner`delete from dpop_replays`
    await world.owner`delete from spent_points`
    await world.owner`
      insert into oauth_state (model, id, payload, expires_at)
      values ('ReplayDetection', 'old', '{}', now() - interval '1 s'), ('ReplayDetection', 'new', '{}', now() + interval '1 h')`
    await world.owner`
      insert into dpop_replays (proof, expires_at)
      values (${Buffer.alloc(32, 1)}, now() - interval '1 s'), (${Buffer.alloc(32, 2)}, now() + interval '1 h')`
    expect(await sweepGateway(gateway.context)).toBe(2)
    expect(await world.owner`select id from oauth_state`).toEqual([{ id: 'new' }])
    expect(await world.owner`select 1 as one from dpop_replays`).toHaveLength(1)
  })
})

/** First line of the answer to a request that no library would send. */
async function rawStatus(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.once('data', (data) => {
      resolve(data.toString().split('\r\n')[0] ?? '')
      socket.destroy()
    })
    socket.once('error', reject)
  })
}
