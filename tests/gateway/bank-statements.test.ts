import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import type { StaffRole } from '../../kernel/caller.ts'
import { operationsSchema } from '../../schema/graphs.ts'
import { camtOf } from '../ledger/reconciliation/camt.ts'
import { ourAccount } from '../ledger/reconciliation/scene.ts'
import { useWorld } from '../support/database.ts'
import { startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
const entry = { amount: '-1.00', date: '2026-02-01', bankReference: 'B1' }
const XML = camtOf([{ iban: 'DE89370400440532013000', currency: 'CNY', entries: [entry] }])

beforeAll(async () => {
  gateway = await startGateway(world, { parts: { operations: operationsSchema } })
  await ourAccount(world)
})
afterAll(async () => {
  await gateway.close()
})

type Given = { readonly roles?: readonly StaffRole[]; readonly type?: string; readonly query?: string }

async function send(body: string, { roles = ['ingest'], type = 'application/xml', query = '' }: Given = {}) {
  const token = await makeDevelopmentToken(gateway.context, gateway.settings, { staff: 'bank-feed', roles })
  const headers = { 'content-type': type, authorization: `Bearer ${token}` }
  const answer = await gateway.fetch(`/ingest/bank-statements${query}`, { method: 'POST', headers, body })
  return { status: answer.status, told: (await answer.json()) as Record<string, unknown> }
}

describe('sending a bank’s file', () => {
  it('takes it in, each entry once', async () => {
    expect(await send(XML)).toMatchObject({ status: 200, told: { entries: 1, added: 1 } })
    expect(await send(XML)).toMatchObject({ status: 200, told: { entries: 1, added: 0 } })
  })

  it('takes CSV with a mapping', async () => {
    const mapping = {
      ...{ format: 'tributary-bank-csv/1', dateFormat: 'YYYY-MM-DD' },
      ...{ bookedOn: { column: 'day' }, amount: { column: 'amount' } },
    }
    const query = `?account=icbc&mapping=${encodeURIComponent(JSON.stringify(mapping))}`
    const csv = 'day,amount\n2026-02-02,-3.00\n'
    expect(await send(csv, { type: 'text/csv', query })).toMatchObject({ status: 200, told: { added: 1 } })
    expect(await send(csv, { type: 'text/csv' })).toMatchObject({ status: 400, told: { code: 'INVALID_INPUT' } })
    const other = query.replace('icbc', 'nobody')
    expect(await send(csv, { type: 'text/csv', query: other })).toMatchObject({
      status: 404,
      told: { code: 'NOT_FOUND' },
    })
  })

  it('refuses whoever may not, and whatever is no statement, with a code and never a 5xx', async () => {
    expect(await send(XML, { roles: ['compliance'] })).toMatchObject({ status: 403 })
    expect(await send(XML, { type: 'application/json' })).toMatchObject({ status: 415 })
    expect(await send(XML, { query: '?account=a&account=b' })).toMatchObject({ status: 400 })
    const bomb = XML.replace('<Document', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document')
    expect(await send(bomb)).toMatchObject({ status: 400, told: { code: 'INVALID_INPUT' } })
    expect(await send(' '.repeat(17 * 1024 * 1024))).toMatchObject({ status: 413 })
    for (const body of ['', '<', '\u0000', '<a>'.repeat(10_000), '[1]']) {
      expect(await send(body)).toMatchObject({ status: 400, told: { code: 'INVALID_INPUT' } })
    }
  })
})

type Answer = { readonly data?: Record<string, unknown>; readonly errors?: { extensions: { code: string } }[] }

async function ask(staff: string, query: string, variables: object = {}, roles: StaffRole[] = ['finance']) {
  const token = await makeDevelopmentToken(gateway.context, gateway.settings, { staff, roles })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = JSON.stringify({ query, variables })
  const answer = await gateway.fetch('/operations/graphql', { method: 'POST', headers, body })
  return (await answer.json()) as Answer
}

const MATCH = `mutation { matchBankEntries(input: {}) { report { matched unmatched } userErrors { code } } }`
const BREAKS = `{ bankBreaks(first: 10, status: OPEN) { edges { node { id kind ageDays amount { amount } } } } }`
const PROPOSE = `mutation ($input: ProposeBankResolutionInput!) { proposeBankResolution(input: $input) {
  break { proposal { kind by } } userErrors { code field } } }`
const APPROVE = `mutation ($input: ApproveBankResolutionInput!) { approveBankResolution(input: $input) {
  break { status resolution resolvedBy } userErrors { code } } }`

describe('the queue of breaks in the operations graph', () => {
  it('is worked off by two persons of the role finance', async () => {
    expect(await ask('ann', MATCH)).toMatchObject({ data: { matchBankEntries: { report: { unmatched: 2 } } } })
    const { data } = (await ask('ann', BREAKS)) as { data: { bankBreaks: { edges: { node: { id: string } }[] } } }
    const { edges } = data.bankBreaks
    expect(edges.map(({ node }) => node)).toMatchObject([{ kind: 'NOT_IN_LEDGER', ageDays: 0 }, {}])
    const which = { break: edges[0]?.node.id, idempotencyKey: 'k' }
    const input = { ...which, kind: 'BOOKED', reason: 'a fee' }
    const approval = { ...which, kind: 'BOOKED', account: 'Expenses:BankFees' }
    expect(await ask('ann', PROPOSE, { input: { ...input, account: 'Receivable:Partner' } })).toMatchObject({
      data: { proposeBankResolution: { userErrors: [{ code: 'INVALID_INPUT', field: 'account' }] } },
    })
    expect(await ask('ann', PROPOSE, { input: { ...input, account: 'Expenses:BankFees' } })).toMatchObject({
      data: { proposeBankResolution: { break: { proposal: { kind: 'BOOKED', by: 'staff:ann' } }, userErrors: [] } },
    })
    expect((await ask('ann', APPROVE, { input: approval })).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect(await ask('bo', APPROVE, { input: approval })).toMatchObject({
      data: { approveBankResolution: { break: { status: 'RESOLVED', resolution: 'BOOKED', resolvedBy: 'staff:bo' } } },
    })
  })

  it('is for nobody else to change, and entries are for finance alone', async () => {
    const refused = await ask('eve', MATCH, {}, ['partner-manager'])
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    const entries = '{ bankEntries(ownAccount: "icbc", first: 1) { edges { node { id remittance } } } }'
    expect((await ask('eve', entries, {}, ['compliance'])).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect(await ask('ann', entries)).toMatchObject({ data: { bankEntries: { edges: [{}] } } })
  })
})
