import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql'
import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import { useWorld } from '../support/database.ts'
import { accessToken, askPartnerGraph, credentials, registerClient, type TestClient } from './clients.ts'
import { startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let client: TestClient
let token: string
let staff: string

beforeAll(async () => {
  gateway = await startGateway(world)
  client = await registerClient(gateway.context)
  token = await accessToken(gateway, client)
  staff = await makeDevelopmentToken(gateway.context, gateway.settings, { staff: 'alice', roles: ['finance'] })
})
afterAll(async () => {
  await gateway.close()
})

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({
    url: 'http://gateway/graphql',
    fetchFn: async (address: string, init: RequestInit = {}) => {
      const method = init.method ?? 'GET'
      const { pathname, search } = new URL(address)
      const headers = {
        ...(await credentials(client, token, { method })),
        ...Object.fromEntries(new Headers(init.headers)),
      }
      return gateway.fetch(`${pathname}${search}`, { ...init, headers })
    },
  })

  it('has as many audits as were known', () => {
    expect(audits).toHaveLength(61)
  })

  it.each(audits.map(({ id, name, fn }) => [id, name, fn] as const))('passes audit %s: %s', async (_id, _name, fn) => {
    expect(await fn()).toMatchObject({ status: 'ok' })
  })

  it('executes no mutation by GET', async () => {
    const headers = await credentials(client, token, { method: 'GET' })
    const answer = await gateway.fetch('/graphql?query=mutation%7Btouch%7D', { headers })
    expect(answer.status).toBe(405)
  })

  it.each(['PUT', 'DELETE', 'HEAD', 'OPTIONS'])('takes no %s', async (method) => {
    const answer = await gateway.fetch('/graphql', { method, headers: await credentials(client, token, { method }) })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, POST')
  })
})

describe('an error of a graph', () => {
  it('is said with its code, field and request when the caller is at fault', async () => {
    const answer = await ask({ query: '{ fault caller }' })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      data: { fault: null, caller: `partner:${client.id}` },
      errors: [
        {
          message: 'it is closed',
          path: ['fault'],
          locations: [{ line: 1, column: 3 }],
          extensions: { code: 'WRONG_STATE', field: 'state', requestId: answer.headers.get('x-request-id') },
        },
      ],
    })
  })

  it.each(['{ broken }', '{ brokenForSure }'])('is masked when it is ours, and logged: %s', async (query) => {
    const answer = await ask({ query })
    const text = await answer.text()
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL' } }] })
    expect(text).not.toContain('swordfish')
    const requestId = String(answer.headers.get('x-request-id'))
    const lines = gateway.logged().split('\n')
    expect(lines.some((line) => line.includes('swordfish') && line.includes(requestId))).toBe(true)
  })

  it('keeps the code that a resolver gives it', async () => {
    expect(await (await ask({ query: '{ said }' })).json()).toMatchObject({
      errors: [{ message: 'too much at once', extensions: { code: 'THROTTLED' } }],
    })
  })

  it.each([
    ['what does not parse', { query: '{ caller' }, 'GRAPHQL_PARSE_FAILED'],
    ['what is not in the graph', { query: '{ password }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown operation', { query: 'query a { caller }', operationName: 'b' }, 'OPERATION_RESOLUTION_FAILURE'],
    [
      'a variable of another type',
      { query: 'query q($t: String!) { echo(text: $t) }', variables: { t: 1 } },
      'INVALID_INPUT',
    ],
  ])('has a stable code for %s, twice', async (_, body, code) => {
    for (const _time of [1, 2]) {
      const answer = await ask(body)
      expect(await answer.json()).toMatchObject({
        errors: [{ extensions: { code, requestId: answer.headers.get('x-request-id') } }],
      })
    }
  })
})

describe('the size of a request', () => {
  it('lets the whole schema be asked for', async () => {
    const answer = (await (await ask({ query: getIntrospectionQuery() })).json()) as { data: IntrospectionQuery }
    expect(buildClientSchema(answer.data).getQueryType()?.name).toBe('Query')
  })

  it.each([
    ['500 levels', `{ ${'node { '.repeat(500)} name ${'}'.repeat(500)} }`],
    ['30 levels through fragments', `{ ...f0 } ${fragments(30)}`],
    ['1,000 aliases', `{ ${Array.from({ length: 1000 }, (_, index) => `a${index}: caller`).join(' ')} }`],
    ['1,000 fields of one name', `{ ${'caller '.repeat(1000)} }`],
    ['fragments that double 40 times', `{ node { ...d0 } } ${doubling(40)}`],
    ['6,000 tokens', `{ caller(${'a: 1 '.repeat(3000)}) }`],
    ['unused fragments of 2,000 fields', `{ caller } fragment f on Query { ${'caller '.repeat(2000)} }`],
    ['100,000 characters', `{ caller } #${'x'.repeat(100_000)}`],
  ])('refuses %s, quickly', async (_, query) => {
    const startedAt = performance.now()
    const answer = await ask({ query }, { accept: 'application/graphql-response+json' })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      errors: [
        { extensions: { code: expect.stringMatching(/^(DOCUMENT_TOO_LARGE|GRAPHQL_PARSE_FAILED|INVALID_INPUT)$/) } },
      ],
    })
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })

  it('refuses cyclic fragments', async () => {
    const query = '{ node { ...a } } fragment a on Node { ...b } fragment b on Node { ...a }'
    expect(await (await ask({ query })).json()).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    })
  })

  it('takes a batch of 10,000 items, and refuses 10 MB', async () => {
    const query = 'mutation m($items: [Item!]!) { take(items: $items) }'
    const items = Array.from({ length: 10_000 }, (_, index) => ({ name: `item ${index} ${'x'.repeat(300)}` }))
    expect(await (await ask({ query, variables: { items } })).json()).toMatchObject({ data: { take: 10_000 } })
    const large = await ask({ query, variables: { items: [{ name: 'x'.repeat(10_000_000) }] } })
    expect(large.status).toBe(413)
    expect(await large.json()).toMatchObject({ errors: [{ extensions: { code: 'BODY_TOO_LARGE' } }] })
  })

  it('refuses 10 MB that come in pieces without a length', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let piece = 0; piece < 100; piece++) controller.enqueue(Buffer.alloc(100_000, 'x'))
        controller.close()
      },
    })
    const headers = { 'content-type': 'application/json', ...(await credentials(client, token)) }
    const answer = await gateway.fetch('/graphql', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
    expect(answer.status).toBe(413)
  })

  it('takes less from people than from partners', async () => {
    const body = JSON.stringify({ query: '{ caller }', variables: { x: 'x'.repeat(2_000_000) } })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${staff}` }
    const answer = await gateway.fetch('/operations/graphql', { method: 'POST', headers, body })
    expect(answer.status).toBe(413)
  })
})

describe('the form of a request', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['an empty object', '{}'],
    ['null', 'null'],
    ['a text', '"{ caller }"'],
    ['a batch', '[{"query":"{ caller }"},{"query":"{ caller }"}]'],
    ['no batch at all', '[]'],
    ['half of an object', '{"query":"{ caller }"'],
    ['a key twice', '{"query":"{ caller }","query":"{ actor }"}'],
    ['a key twice in its variables', '{"query":"{ caller }","variables":{"a":{"b":1,"b":2}}}'],
    ['a key twice in two spellings', '{"query":"{ caller }","variables":{"a":1,"\\u0061":2}}'],
    ['NUL in a variable', '{"query":"query q($t: String!) { echo(text: $t) }","variables":{"t":"a\\u0000"}}'],
    ['half a pair of surrogates', '{"query":"query q($t: String!) { echo(text: $t) }","variables":{"t":"\\ud800"}}'],
    ['500 levels', `{"query":"{ caller }","variables":{"a":${'['.repeat(500)}${']'.repeat(500)}}}`],
    ['100,000 levels', `{"query":"{ caller }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`],
    ['an unknown member', '{"query":"{ caller }","__proto__":{"admin":true}}'],
    ['a query that is a number', '{"query":1}'],
  ])('refuses %s as body', async (_, body) => {
    const answer = await ask(body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'INVALID_INPUT', requestId: answer.headers.get('x-request-id') } }],
    })
  })

  it('refuses what is not UTF-8', async () => {
    const headers = { 'content-type': 'application/json', ...(await credentials(client, token)) }
    const body = Buffer.concat([Buffer.from('{"query":"{ caller } #'), Buffer.of(0xff), Buffer.from('"}')])
    expect((await gateway.fetch('/graphql', { method: 'POST', headers, body })).status).toBe(400)
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/json; charset=gbk',
  ])('takes no %s', async (type) => {
    const answer = await ask('{"query":"{ caller }"}', { 'content-type': type })
    expect(answer.status).toBe(415)
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] })
  })

  it('takes nothing compressed', async () => {
    expect((await ask('{"query":"{ caller }"}', { 'content-encoding': 'gzip' })).status).toBe(415)
  })

  it.each([
    ['NUL in the document', { query: '{ echo(text: "\\u0000") }' }, 'INVALID_INPUT'],
    ['NUL in the document, in braces', { query: '{ echo(text: "a\\u{0}") }' }, 'INVALID_INPUT'],
    [
      'a variable called __proto__',
      { query: 'query q($t: Item!) { echo(text: "x") }', variables: JSON.parse('{"__proto__":{"name":"x"}}') },
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('refuses %s', async (_, body, code) => {
    expect(await (await ask(body)).json()).toMatchObject({ errors: [{ extensions: { code } }] })
  })

  it('refuses __proto__ in an input, and nothing takes it over', async () => {
    const variables = JSON.parse('{"items":[{"name":"a","__proto__":{"admin":true}}]}')
    const answer = await ask({ query: 'mutation m($items: [Item!]!) { take(items: $items) }', variables })
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] })
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it.each(['%5B%5D%5B', '%7B%22a%22%3A%22%5Cu0000%22%7D', '%7B%22a%22%3A1%2C%22a%22%3A2%7D'])(
    'refuses bad variables in the address: %s',
    async (variables) => {
      const headers = await credentials(client, token, { method: 'GET' })
      const answer = await gateway.fetch(`/graphql?query=%7Bcaller%7D&variables=${variables}`, { headers })
      expect(answer.status).toBe(400)
    },
  )
})

describe('GraphiQL', () => {
  it('is served to browsers at the graphs of people in development, with a policy of its own', async () => {
    const answer = await gateway.fetch('/operations/graphql', { headers: { accept: 'text/html' } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await answer.text()).toContain('YogaGraphiQL')
  })

  it('is not there otherwise', async () => {
    const strict = await startGateway(world, { settings: { development: { issuer: true, graphiql: false } } })
    try {
      expect((await strict.fetch('/operations/graphql', { headers: { accept: 'text/html' } })).status).toBe(401)
    } finally {
      await strict.close()
    }
  })
})

async function ask(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return askPartnerGraph(gateway, { ...(await credentials(client, token)), ...headers }, body)
}

/** A chain of fragments, one level each. */
function fragments(count: number): string {
  const each = (index: number): string =>
    `fragment f${index} on ${index ? 'Node' : 'Query'} { node { ${index + 1 < count ? `...f${index + 1}` : 'name'} } }`
  return Array.from({ length: count }, (_, index) => each(index)).join(' ')
}

/** Fragments of which each spreads the next one twice. */
function doubling(count: number): string {
  const each = (index: number): string =>
    `fragment d${index} on Node { ${index + 1 < count ? `...d${index + 1} ...d${index + 1}` : 'name'} }`
  return Array.from({ length: count }, (_, index) => each(index)).join(' ')
}
