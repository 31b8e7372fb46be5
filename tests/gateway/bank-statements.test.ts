import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import type { StaffRole } from '../../kernel/caller.ts'
import { camtOf } from '../ledger/reconciliation/camt.ts'
import { ourAccount } from '../ledger/reconciliation/scene.ts'
import { useWorld } from '../support/database.ts'
import { startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
const entry = { amount: '-1.00', date: '2026-02-01', bankReference: 'B1' }
const XML = camtOf([{ iban: 'DE89370400440532013000', currency: 'CNY', entries: [entry] }])

beforeAll(async () => {
  gateway = await startGateway(world)
  await ourAccount(world)
})
afterAll(async () => {
  await gateway.close()
})

type Given = { readonly roles?: readonly StaffRole[]; readonly type?: string; readonly query?: string }

async function send(body: string | Buffer, { roles = ['ingest'], type = 'application/xml', query = '' }: Given = {}) {
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
    expect(await send(Buffer.alloc(17 * 1024 * 1024, ' '))).toMatchObject({ status: 413 })
    for (const body of ['', '<', '\u0000', '<a>'.repeat(10_000), '[1]']) {
      expect(await send(body)).toMatchObject({ status: 400, told: { code: 'INVALID_INPUT' } })
    }
  })
})
