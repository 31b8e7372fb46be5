import { execFile, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { queryAsPartner } from '../../app/demo/query-as-partner.ts'
import { stopEmbedded } from '../../database/embedded/start-embedded.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { addMonths, monthOf, monthSpan } from '../../kernel/month.ts'
import { verifyBundle } from '../../records/bundles/verify-bundle.ts'
import { freePort } from '../support/free-port.ts'
import { untilReady } from '../support/ready.ts'

const ZONE = 'Asia/Shanghai'
const MONTH = addMonths(monthOf(new Date(), ZONE), -1)
const { from } = monthSpan(MONTH, ZONE)
const at = (day: number): string => new Date(from.getTime() + day * 86_400_000).toISOString()
const TAGS = ['age', 'assets']

let folder = ''
let origin = ''
let environment: NodeJS.ProcessEnv = {}
let server: ReturnType<typeof spawn> | undefined
/** All that the server said while these tests ran, at its most talkative. */
let said = ''
const keys: Record<string, { clientId: string; jwk: object }> = {}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-way-'))
  const port = await freePort()
  origin = `http://localhost:${port}`
  environment = { ...process.env, PORT: String(port), TRIBUTARY_DATA_DIR: path.join(folder, 'data'), DATABASE_URL: '' }
  server = spawn(process.execPath, ['bin/start.js'], {
    env: { ...environment, TRIBUTARY_LOG_LEVEL: 'debug' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await untilReady(() => fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5000) }))
}, 120_000)
afterAll(async () => {
  server?.kill('SIGKILL')
  await stopEmbedded({ dataDir: path.join(folder, 'data') })
  await rm(folder, { recursive: true, force: true })
})

describe('the first whole journey, each step through its own door', { timeout: 120_000 }, () => {
  test('the broker brings its customers and products; bringing them again changes nothing', async () => {
    const mapping = 'examples/bank-customers.mapping.json'
    const file = await writeCustomers()
    expect(await cli('import', 'customers', file, '--mapping', mapping)).toMatchObject({ created: 3, refused: 1 })
    expect(await cli('import', 'customers', file, '--mapping', mapping)).toMatchObject({
      created: 0,
      changed: 0,
      unchanged: 3,
    })
    const funds = path.join(folder, 'funds.csv')
    await writeFile(funds, FUNDS)
    expect(await cli('import', 'products', funds, '--mapping', 'examples/funds.mapping.json')).toMatchObject({
      created: 1,
    })
  })

  test('two partners come, with a client each, and go live', async () => {
    for (const code of ['acme-travel', 'other-school']) {
      await cli('partner', 'create', '--code', code, '--name', code, '--kind', 'SCENARIO')
      keys[code] = await makeClient(code)
      expect(await cli('partner', 'go-live', code)).toMatchObject({ status: 'LIVE' })
    }
  })

  test('a customer consents, and the partner reads those tags and no other', async () => {
    const granted = await asCustomer(GRANT, grantInput())
    expect(granted.grantConsent.userErrors).toEqual([])
    const { customers } = await asPartner(
      'acme-travel',
      `{ customers(purpose: "MARKETING_INSURANCE", first: 5) { edges { node {
      subject tags { key granularity value } } } } products(first: 5) { edges { node { name } } } }`,
    )
    const [{ node }] = customers.edges
    expect(node.subject).toBe(granted.grantConsent.consent.subject)
    expect(node.tags.map((tag: { key: string }) => tag.key)).toEqual(TAGS)
    const asked = `{ customer(subject: "${node.subject}", purpose: "MARKETING_INSURANCE", tags: ["age", "education"]) {
      tags { key value } } }`
    const { customer } = await asPartner('acme-travel', asked)
    expect(customer.tags).toEqual([
      { key: 'age', value: '55 to 64' },
      { key: 'education', value: null },
    ])
    expect(await asPartner('other-school', asked)).toEqual({ customer: null })
    const { disclosures } = await asCustomer('{ disclosures(first: 10) { edges { node { outcome } } } }', {})
    expect(disclosures.edges.length).toBeGreaterThanOrEqual(2)
  })

  test('a referral by subject and one by lead earn, and the month closes once', async () => {
    await makeProgramme()
    const { customers } = await asPartner('acme-travel', CUSTOMERS)
    const subject = customers.edges[0].node.subject
    const reported = await asPartner(
      'acme-travel',
      `mutation { reportContributions(input: { items: [
      { kind: REFERRAL, externalId: "r-1", subject: "${subject}", occurredAt: "${at(1)}" },
      { kind: REFERRAL, externalId: "r-2", lead: "lead-2", occurredAt: "${at(1)}" },
      { kind: REFERRAL, externalId: "r-3", subject: "nobody", occurredAt: "${at(1)}" } ] }) { results { outcome code } } }`,
    )
    expect(reported.reportContributions.results.map((result: { outcome: string }) => result.outcome)).toEqual([
      'RECORDED',
      'RECORDED',
      'REFUSED',
    ])
    const answer = await supertest(origin)
      .post('/ingest/revenue?source=broker')
      .set('authorization', `Bearer ${await token('--staff', 'loader', '--roles', 'ingest')}`)
      .set('content-type', 'application/x-ndjson')
      .send(REVENUE.map((line) => JSON.stringify(line)).join('\n'))
    expect(answer.status).toBe(200)
    // 20 % of 12.33 and 20 % of 10.00
    expect(await cli('period', 'close', '--programme', 'growth', '--month', MONTH)).toMatchObject({
      earned: '447',
      statements: 1,
    })
    await expect(cli('period', 'close', '--programme', 'growth', '--month', MONTH)).rejects.toThrow(/WRONG_STATE/)
  })

  test('the partner reads its statement with the explanation of its rule', async () => {
    const { statements } = await asPartner(
      'acme-travel',
      `{ statements(first: 5) { edges { node { id earned { amount }
      rules { lineCount commitment sentence } } } } }`,
    )
    const [{ node }] = statements.edges
    expect(node).toMatchObject({ earned: { amount: '4.47' }, rules: [{ lineCount: 2 }] })
    expect(node.rules[0].sentence).toContain('20 %')
    expect(await asPartner('other-school', `{ statement(id: "${node.id}") { number } }`)).toEqual({ statement: null })
  })

  test('a partner proves its statement to anybody, and another’s record is as one that is not there', async () => {
    const query = '{ statements(first: 1) { edges { node { record logRecord { bundle } } } } }'
    const node = await vi.waitFor(async () => {
      const { statements } = await asPartner('acme-travel', query)
      const [edge] = statements.edges
      expect(edge.node.logRecord.bundle, 'signed within a second or so').not.toBeNull()
      return edge.node
    }, 10_000)
    const key = await (await fetch(`${origin}/transparency/key`)).text()
    expect(verifyBundle(node.logRecord.bundle, { key: key.trim() })).toMatchObject({
      sound: true,
      record: { id: node.record, kind: 'statement' },
    })
    const unknown = `rec_${'0'.repeat(32)}`
    const answers = [node.record, unknown].map((id) =>
      asPartner('other-school', `{ record(id: "${id}") { body salt proof { size } bundle } }`),
    )
    expect(await Promise.all(answers)).toEqual([{ record: null }, { record: null }])
  })

  test('the next version of terms is in force once the partner has signed exactly it', async () => {
    const terms = JSON.parse(await readFile(path.join(folder, 'terms.json'), 'utf8'))
    const next = path.join(folder, 'next-terms.json')
    const effectiveFrom = monthSpan(addMonths(MONTH, 1), ZONE).from
    await writeFile(next, JSON.stringify({ ...terms, version: 2, effectiveFrom, minimumPayout: 100 }))
    const { id, hash } = await cli('terms', 'draft', next, '--programme', 'growth')
    await cli('terms', 'propose', id)
    await expect(cli('terms', 'activate', id)).rejects.toThrow(/NOT_READY.*acme-travel/)
    const offered = '{ termsProposals(first: 5) { edges { node { id hash body status } } } }'
    const { termsProposals } = await asPartner('acme-travel', offered)
    const [{ node }] = termsProposals.edges
    expect([node.id, node.hash, sha256Hex(node.body)]).toEqual([id, hash, hash])
    const sign = `mutation { countersignTerms(input: { proposal: "${id}", hash: "${hash}", idempotencyKey: "s" }) {
      proposal { signature { hash } } userErrors { code } } }`
    expect(await asPartner('other-school', sign)).toMatchObject({
      countersignTerms: { userErrors: [{ code: 'NOT_FOUND' }] },
    })
    expect(await asPartner('acme-travel', sign)).toEqual({
      countersignTerms: { proposal: { signature: { hash } }, userErrors: [] },
    })
    expect(await cli('terms', 'activate', id)).toMatchObject({ status: 'ACTIVATED' })
    expect(await cli('terms', 'list', '--programme', 'growth')).toMatchObject([
      { version: 1, state: 'SUPERSEDED' },
      { version: 2, state: 'IN_FORCE', hash },
    ])
  })

  test('after revocation nothing is read', async () => {
    const { consents } = await asCustomer('{ consents(first: 1) { edges { node { id } } } }', {})
    const input = { consentId: consents.edges[0].node.id, idempotencyKey: 'revoke-1' }
    const revoked = await asCustomer(
      'mutation ($input: RevokeConsentInput!) { revokeConsent(input: $input) { consent { status } } }',
      { input },
    )
    expect(revoked.revokeConsent.consent.status).toBe('REVOKED')
    expect((await asPartner('acme-travel', CUSTOMERS)).customers.edges).toEqual([])
  })

  test('the ledger verifies, and hledger has the same balances', async () => {
    expect(await cli('ledger', 'verify')).toMatchObject({ sound: true, findings: [] })
    const file = path.join(folder, 'journal.hledger')
    await writeFile(file, await run('ledger', 'export', '--format', 'hledger'))
    await promisify(execFile)('hledger', ['check', '--strict', '-f', file])
    const { stdout } = await promisify(execFile)('hledger', [
      '-f',
      file,
      'balance',
      '--format',
      '%(account)=%(total)',
      '-N',
      '--flat',
    ])
    expect(stdout).toContain('Expenses:PartnerShare:growth=CNY 4.47')
    const balances: { account: string; minor: string }[] = await cli('ledger', 'balances')
    expect(balances.find(({ account }) => account.startsWith('Expenses'))?.minor).toBe('447')
    expect(await readFile(file, 'utf8')).not.toContain('bank-')
  })

  test('nothing that was said of it, by the server, its metrics or PostgreSQL, holds a secret or a customer', async () => {
    const metrics = await (await fetch(`${origin}/metrics`)).text()
    const database = await readFile(path.join(folder, 'data', 'postgres.log'), 'utf8')
    expect(said).toContain('"path":"/graphql"')
    expect(database).toContain('ready to accept connections')
    for (const text of [said, metrics, database]) {
      // account keys, what is known of the customers, tokens and proofs, private keys
      expect(text).not.toMatch(/bank-[0-9]|55 to 64|entrepreneur|eyJ[\w-]{10}|DPoP |"d":/i)
      for (const { jwk } of Object.values(keys)) expect(text).not.toContain((jwk as { readonly d: string }).d)
    }
  })
})

const CUSTOMERS = '{ customers(purpose: "MARKETING_INSURANCE", first: 5) { edges { node { subject } } } }'
const GRANT = `mutation ($input: GrantConsentInput!) { grantConsent(input: $input) {
  consent { id subject } userErrors { code field message } } }`
const HEADER =
  'age,job,marital,education,default,balance,housing,loan,contact,day,month,duration,campaign,pdays,previous,poutcome,y'
const FUNDS = `symbol,name,currency,category_group,category,family,exchange
0P00001AX4.HK,Choice Hong Kong Fund,HKD,Equities,Equities,RCM,HKG
`
const REVENUE = [
  {
    type: 'lead_bound',
    externalId: 'b-1',
    partner: 'acme-travel',
    lead: 'lead-2',
    customer: 'bank-3',
    occurredAt: at(2),
  },
  fact('e-1', 'bank-2', '12.33', 3),
  fact('e-2', 'bank-3', '10.00', 4),
  fact('e-3', 'bank-3', '99.00', -1),
]

function fact(externalId: string, customer: string, amount: string, day: number): object {
  return { type: 'revenue', externalId, customer, base: 'COMMISSION', asset: 'CNY/2', amount, occurredAt: at(day) }
}

function grantInput(): object {
  const tags = [
    { key: 'age', granularity: 'BAND' },
    { key: 'assets', granularity: 'BAND' },
  ]
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
  const evidence = { locale: 'en', channel: 'app' }
  return {
    input: {
      partner: 'acme-travel',
      purpose: 'MARKETING_INSURANCE',
      tags,
      expiresAt,
      evidence,
      idempotencyKey: 'grant-1',
    },
  }
}

async function writeCustomers(): Promise<string> {
  const file = path.join(folder, 'customers.csv')
  const rows = [
    '58,management,married,tertiary,no,2143,yes,no,unknown,5,may,261,1,-1,0,unknown,no',
    '44,technician,single,secondary,no,29,yes,no,unknown,5,may,151,1,-1,0,unknown,no',
    'broken,line',
    '33,entrepreneur,married,secondary,no,2,yes,yes,unknown,5,may,76,1,-1,0,unknown,no',
  ]
  await writeFile(file, `${[HEADER, ...rows].join('\n')}\n`)
  return file
}

async function makeClient(code: string): Promise<{ clientId: string; jwk: object }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const names = { kid: `${code}-1`, alg: 'ES256', use: 'sig' }
  const file = path.join(folder, `${code}.jwks.json`)
  await writeFile(file, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), ...names }] }))
  const client: { id: string } = await cli('client', 'create', '--partner', code, '--name', 'platform', '--jwks', file)
  return { clientId: client.id, jwk: { ...privateKey.export({ format: 'jwk' }), ...names } }
}

async function makeProgramme(): Promise<void> {
  await cli('programme', 'create', '--code', 'growth', '--name', 'Growth', '--asset', 'CNY/2', '--time-zone', ZONE)
  const rule = { kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 200_000, window: { days: 90 }, base: 'COMMISSION' }
  const terms = {
    ...{ programme: 'growth', version: 1, effectiveFrom: from.toISOString(), asset: 'CNY/2', timeZone: ZONE },
    ...{ rules: [rule], limits: {}, holdback: { ppm: 0, periods: 0 }, minimumPayout: 0, clawbackDays: 30 },
    ...{ disputeDays: 10, lookbackDays: 30, tax: {} },
  }
  const file = path.join(folder, 'terms.json')
  await writeFile(file, JSON.stringify(terms))
  await cli('terms', 'publish', file, '--programme', 'growth')
  await cli('agreement', 'create', '--programme', 'growth', '--partner', 'acme-travel', '--from', from.toISOString())
}

// biome-ignore lint/suspicious/noExplicitAny: answers of three graphs, each looked at by the test that asked
type Answer = any

async function asPartner(code: string, query: string): Promise<Answer> {
  const answer: Answer = await queryAsPartner(origin, keys[code], query)
  expect(answer.errors).toBeUndefined()
  return answer.data
}

async function asCustomer(query: string, variables: object): Promise<Answer> {
  const answer = await supertest(origin)
    .post('/customer/graphql')
    .set('authorization', `Bearer ${await token('--customer', 'bank-2')}`)
    .send({ query, variables })
  expect(answer.body.errors).toBeUndefined()
  return answer.body.data
}

async function token(...words: readonly string[]): Promise<string> {
  return (await run('dev', 'token', ...words)).trim()
}

async function cli(...words: readonly string[]): Promise<Answer> {
  return JSON.parse(await run('--json', ...words))
}

async function run(...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['bin/tributary.js', ...words], { env: environment })
  return stdout
}
