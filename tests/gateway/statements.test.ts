import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listDisclosures } from '../../customers/list-disclosures.ts'
import { makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import type { StaffRole } from '../../kernel/caller.ts'
import { newId, parseId } from '../../kernel/ids.ts'
import { createAgreement } from '../../ledger/agreements/create-agreement.ts'
import { closePeriod } from '../../ledger/settlement/close-period.ts'
import { listStatements } from '../../ledger/settlement/list-statements.ts'
import type { Statement } from '../../ledger/settlement/statement.ts'
import { changeCapability } from '../../partners/capabilities/change-capability.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { goLive } from '../../partners/go-live.ts'
import { consentTo, defineSettlement } from '../ledger/disputes/scene.ts'
import { customersIn, earn, programmeWith, refer } from '../ledger/settlement/scene.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import { accessToken, credentials, type ProofOverrides, registerClient, type TestClient } from './clients.ts'
import { ORIGIN, startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let client: TestClient
let token: string
let stranger: TestClient
let strangersToken: string
let statement: Statement
let customers: readonly string[]

beforeAll(async () => {
  gateway = await startGateway(world, { settings: { issuerName: 'Example Brokerage' } })
  const { context } = gateway
  client = await registerClient(context, { scopes: ['statements:read', 'contributions:write'] })
  stranger = await registerClient(context, { scopes: ['statements:read'] })
  for (const { partner } of [client, stranger]) await goLive(context, { partner })
  ;[token, strangersToken] = [await accessToken(gateway, client), await accessToken(gateway, stranger)]
  await defineSettlement(world)
  const partner = parseId('ptr', client.partner)
  const { code = '' } = (await findPartner(context, partner)) ?? {}
  const programme = await programmeWith(context)
  await createAgreement(context, { programme, partner, from: '2026-01-01T00:00:00+08:00' })
  customers = await customersIn(world, 2)
  const scopes = new Set(['contributions:write', 'statements:read'] as const)
  const caller = { kind: 'partner', code, partner, client: parseId('cli', client.id), scopes, requestId: 'r' } as const
  await refer(context, caller, { customers, at: '2026-01-05T00:00:00Z' })
  for (const customer of customers) await earn(context, customer, [['t', 1000, '2026-01-10T00:00:00Z']])
  await closePeriod(context, { programme, month: '2026-01' })
  const { edges } = await listStatements(context, { partner, page: { first: 1 } })
  const [edge] = edges
  if (edge === undefined) throw new Error('a statement was issued')
  statement = edge.node
  await consentTo(world, caller, customers[0] ?? '')
})
afterAll(() => gateway.close())

type Asking = {
  readonly as?: TestClient
  readonly with?: string
  readonly query?: string
  readonly proof?: ProofOverrides
  readonly init?: RequestInit
}

async function fetchFile(file: string, { as = client, with: text = token, query = '', proof, init }: Asking = {}) {
  const address = `${ORIGIN}/statements/${file}`
  const headers = await credentials(as, text, { method: init?.method ?? 'GET', address, ...proof })
  return gateway.fetch(`${address}${query}`, { headers, ...init })
}

async function staffs(file: string, roles: readonly StaffRole[]): Promise<Response> {
  const bearer = await makeDevelopmentToken(gateway.context, gateway.settings, { staff: 'alice', roles })
  return gateway.fetch(`/statements/${file}`, { headers: { authorization: `Bearer ${bearer}` } })
}

const problem = async (answer: Response): Promise<Record<string, unknown>> => {
  const { requestId: _, ...body } = (await answer.json()) as Record<string, unknown>
  return { ...body, status: answer.status }
}

describe('a partner', () => {
  it('fetches its own statement as a file, by id or number', async () => {
    const pdf = await fetchFile(`${statement.id}.pdf`)
    expect([pdf.status, pdf.headers.get('content-type'), pdf.headers.get('cache-control')]).toEqual([
      ...[200, 'application/pdf', 'no-store'],
    ])
    expect(pdf.headers.get('content-disposition')).toBe(`attachment; filename="${statement.number}.pdf"`)
    expect(Buffer.from(await pdf.arrayBuffer()).toString('latin1', 0, 5)).toBe('%PDF-')
    const csv = await fetchFile(`${statement.number}.csv`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect((await csv.text()).split('\r\n')[0]).toContain('statement,month,asset')
  })

  it('gets the lines of who lets it, in its language, each disclosed before it leaves', async () => {
    const disclosed = async (accountKey = ''): Promise<number> =>
      (await listDisclosures(world.context, { accountKey }, { first: 50 })).edges.length
    const before = await Promise.all(customers.map(disclosed))
    const json = await fetchFile(`${statement.id}.json`, { query: '?language=zh-CN' })
    const read = (await json.json()) as { issuer: string; lines: { sentence: string }[]; lineCount: string }
    expect(read).toMatchObject({ issuer: 'Example Brokerage', language: 'zh-CN', lineCount: '2' })
    expect(read.lines.map(({ sentence }) => sentence)).toEqual([expect.stringContaining('计酬窗口')])
    expect(await Promise.all(customers.map(disclosed))).toEqual([(before[0] ?? 0) + 1, before[1]])
  })

  it('gets none of the lines of a category that it may not have any more, from the next request on', async () => {
    const change = { partner: client.partner, kind: 'TAGS', key: 'money', reason: 'an audit' } as const
    const sentences = async (): Promise<number> =>
      ((await (await fetchFile(`${statement.id}.json`)).json()) as { lines: unknown[] }).lines.length
    expect(await sentences()).toBe(1)
    await changeCapability(gateway.context, { ...change, status: 'RESTRICTED', idempotencyKey: 'restrict' })
    expect(await sentences()).toBe(0)
    await changeCapability(gateway.context, { ...change, status: 'ACTIVE', idempotencyKey: 'give' })
    expect(await sentences()).toBe(1)
  })

  it('meets another partner’s statement as one that does not exist', async () => {
    const asked = { as: stranger, with: strangersToken }
    for (const named of [statement.id, statement.number]) {
      const foreign = await problem(await fetchFile(`${named}.json`, asked))
      const unknownName = named === statement.id ? newId('sta') : `${statement.number.slice(0, -1)}9`
      const unknown = await problem(await fetchFile(`${unknownName}.json`, asked))
      expect(foreign).toMatchObject({ status: 404, code: 'NOT_FOUND' })
      const { detail, ...rest } = foreign
      expect(unknown).toEqual({ ...rest, detail: String(detail).replace(named, unknownName) })
    }
  })

  it.each([
    ['xml', '', 404, 'NOT_FOUND'],
    ['pdf', '?language=fr', 400, 'INVALID_INPUT'],
    ['pdf', '?language=en&language=zh-CN', 400, 'INVALID_INPUT'],
  ])('is refused a .%s%s', async (ending, query, status, code) => {
    expect(await problem(await fetchFile(`${statement.id}.${ending}`, { query }))).toMatchObject({ status, code })
  })

  it('is refused names that are none, and never with a fault of ours', async () => {
    for (const name of ['%00', '%E0%A4%A', `${'a'.repeat(300)}`, "'%3B--", '..%2F..%2Fetc', '__proto__']) {
      const answer = await fetchFile(`${name}.json`)
      expect([name, answer.status >= 400 && answer.status < 500]).toEqual([name, true])
    }
  })

  it.each([
    ['for another address', { address: `${ORIGIN}/statements/other.pdf` }],
    ['for another method', { method: 'POST' }],
  ])('is refused with a proof %s', async (_what, proof) => {
    expect((await fetchFile(`${statement.id}.pdf`, { proof })).status).toBe(401)
  })

  it('is refused without a proof, and with its bound token as a bearer', async () => {
    for (const authorization of [undefined, `DPoP ${token}`, `Bearer ${token}`]) {
      const headers = authorization === undefined ? {} : { authorization }
      expect((await gateway.fetch(`/statements/${statement.id}.pdf`, { headers })).status).toBe(401)
    }
  })

  it('is refused without the scope', async () => {
    const other = await registerClient(gateway.context, { scopes: ['catalog:read'] })
    const answer = await fetchFile(`${statement.id}.pdf`, { as: other, with: await accessToken(gateway, other) })
    expect(await problem(answer)).toMatchObject({ status: 403, code: 'FORBIDDEN' })
  })

  it.each(['HEAD', 'POST', 'DELETE'])('may not %s', async (method) => {
    const answer = await fetchFile(`${statement.id}.pdf`, { init: { method } })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET'])
  })

  it('that is suspended is refused at once', async () => {
    const gone = await registerClient(gateway.context, { scopes: ['statements:read'] })
    await goLive(gateway.context, { partner: gone.partner })
    const text = await accessToken(gateway, gone)
    await changePartnerStatus(gateway.context, { partner: gone.partner, status: 'SUSPENDED', reason: 'an audit' })
    expect((await fetchFile(`${statement.id}.pdf`, { as: gone, with: text })).status).toBe(403)
  })
})

describe('the staff', () => {
  it.each(['finance', 'compliance', 'partner-manager'] as const)('fetch all of it: %s', async (role) => {
    const answer = await staffs(`${statement.number}.json`, [role])
    expect([answer.status, ((await answer.json()) as { lines: unknown[] }).lines.length]).toEqual([200, 2])
  })

  it('that only bring data in are refused', async () => {
    expect((await staffs(`${statement.number}.json`, ['ingest'])).status).toBe(403)
  })

  it('leave in the log who asked for what, and nothing of what it said', async () => {
    await staffs(`${statement.number}.json`, ['finance'])
    expect(gateway.logged()).toContain('staff:alice')
    expect(gateway.logged()).not.toContain(customers[0] ?? randomUUID())
  })
})
