import { beforeAll, describe, expect, test } from 'vitest'
import type { Caller, StaffRole } from '../../kernel/caller.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { reverseEntry } from '../../ledger/journal/reverse-entry.ts'
import { customerSchema, operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { post, someEntry } from '../ledger/journal/scene.ts'
import { sealAll } from '../records/sealed-log.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let entry: Id<'jre'> = newId('jre')
let reversal: Id<'jre'> = newId('jre')
const AT = new Date('2026-03-01T00:00:00Z')

beforeAll(async () => {
  const [first] = await post(world.context, someEntry({ at: AT }), someEntry({ at: new Date('2026-03-02T00:00:00Z') }))
  entry = first?.id ?? entry
  await sealAll(world.context, world.owner)
  reversal = (await reverseEntry(world.context, { entry, reason: 'wrong', at: new Date('2026-03-03T00:00:00Z') })).id
})

function asStaff(source: string, variables = {}, roles: readonly StaffRole[] = ['finance']): Promise<Answer> {
  const caller: Caller = { kind: 'staff', name: 'alice', roles: new Set(roles), requestId: 'r' }
  return ask({ schema: operationsSchema, context: world.context, caller }, source, variables)
}

const HARBOUR = 'Partner:Accrued:harbour'

describe('the journal in the operations graph', () => {
  test('gives balances now, at a time and at a place in the log', async () => {
    const answer = await asStaff(`{
      now: balances(prefix: "Partner", first: 5) { edges { node { account balance { amount asset } } } }
      early: balances(prefix: "Partner", asset: "CNY/2", at: "2026-03-01T12:00:00Z", first: 5) { edges { node { balance { minor } } } }
      sealed: balances(prefix: "Partner", seq: 2, last: 5) { edges { node { balance { minor } } } }
    }`)
    expect(answer).toEqual({
      codes: [],
      data: {
        now: { edges: [{ node: { account: HARBOUR, balance: { amount: '-12.30', asset: 'CNY/2' } } }] },
        early: { edges: [{ node: { balance: { minor: '-1230' } } }] },
        sealed: { edges: [{ node: { balance: { minor: '-2460' } } }] },
      },
    })
  })

  test('gives the trial balance', async () => {
    const { data } = await asStaff('{ trialBalance { balanced totals { debit { minor } credit { minor } } } }')
    expect(data).toEqual({
      trialBalance: { balanced: true, totals: [{ debit: { minor: '1230' }, credit: { minor: '1230' } }] },
    })
  })

  test('gives an account’s statement by pages', async () => {
    const query = `query ($after: String) { accountStatement(account: "${HARBOUR}", from: "2026-03-02T00:00:00Z", first: 1, after: $after) {
      account opening { minor } closing { minor }
      lines { edges { node { entry line at amount { minor } balance { minor } } } pageInfo { hasNextPage endCursor } } } }`
    const first = await asStaff(query)
    expect(first).toMatchObject({
      codes: [],
      data: {
        accountStatement: {
          account: HARBOUR,
          opening: { minor: '-1230' },
          closing: { minor: '-1230' },
          lines: { edges: [{ node: { line: 1, amount: { minor: '-1230' }, balance: { minor: '-2460' } } }] },
        },
      },
    })
    const { endCursor } = (first.data as { accountStatement: { lines: { pageInfo: { endCursor: string } } } })
      .accountStatement.lines.pageInfo
    expect(await asStaff(query, { after: endCursor })).toMatchObject({
      data: {
        accountStatement: {
          lines: {
            edges: [{ node: { entry: reversal, balance: { minor: '-1230' } } }],
            pageInfo: { hasNextPage: false },
          },
        },
      },
    })
  })

  test('gives accounts with their place in the chart', async () => {
    const { data } = await asStaff('{ accounts(prefix: "Partner", first: 5) { edges { node { path chart type } } } }')
    expect(data).toEqual({
      accounts: { edges: [{ node: { path: HARBOUR, chart: 'Partner:Accrued', type: 'LIABILITY' } }] },
    })
  })

  test('gives an entry with its record and what reversed it', async () => {
    const query = `query ($id: ID!) { journalEntry(id: $id) {
      id reference record reverses reversedBy postings { account amount { minor } } } }`
    expect(await asStaff(query, { id: entry })).toMatchObject({
      data: {
        journalEntry: { id: entry, record: expect.stringMatching(/^rec_/), reverses: null, reversedBy: reversal },
      },
    })
    expect(await asStaff(query, { id: reversal })).toMatchObject({
      data: {
        journalEntry: {
          reverses: entry,
          postings: [{ amount: { minor: '-1230' } }, { account: HARBOUR, amount: { minor: '1230' } }],
        },
      },
    })
  })

  test('gives nothing for what is not there, and refuses what cannot be meant', async () => {
    const missing = await asStaff(`{
      journalEntry(id: "${newId('jre')}") { id } accountStatement(account: "No:Such", first: 1) { account } }`)
    expect(missing).toEqual({ codes: [], data: { journalEntry: null, accountStatement: null } })
    const both = '{ trialBalance(at: "2026-03-01T00:00:00Z", seq: 1) { balanced } }'
    expect((await asStaff(both)).codes).toEqual(['INVALID_INPUT'])
    expect((await asStaff('{ balances(seq: 999, first: 1) { edges { cursor } } }')).codes).toEqual(['NOT_READY'])
    expect((await asStaff('{ balances { edges { cursor } } }')).codes).toEqual(['INVALID_INPUT'])
  })

  test('is for those who work here, and in no other graph', async () => {
    for (const field of ['balances(first: 1) { edges { cursor } }', 'trialBalance { balanced }']) {
      expect((await asStaff(`{ ${field} }`, {}, ['ingest'])).codes).toEqual(['FORBIDDEN'])
      expect((await asStaff(`{ ${field} }`, {}, ['compliance'])).codes).toEqual([])
    }
    for (const schema of [partnerSchema, customerSchema]) {
      for (const name of ['accounts', 'balances', 'trialBalance', 'accountStatement', 'journalEntry']) {
        expect(schema.getQueryType()?.getFields()[name]).toBeUndefined()
      }
    }
  })
})
