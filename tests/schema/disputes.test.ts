import { beforeAll, describe, expect, test } from 'vitest'
import type { Caller, Scope, StaffRole } from '../../kernel/caller.ts'
import { operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { as, type Issued, issued } from '../ledger/disputes/scene.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let scene: Issued
let keys = 0

beforeAll(async () => {
  scene = await issued(world)
})

const key = (): string => `key-${++keys}`
const staff = (role: StaffRole): Caller => ({ kind: 'staff', name: 'ann', roles: new Set([role]), requestId: 'r' })

function asPartner(
  source: string,
  scopes: readonly Scope[] = ['statements:read', 'statements:answer'],
): Promise<Answer> {
  const caller = { ...scene.member, scopes: new Set(scopes) }
  return ask({ schema: partnerSchema, context: as(world, `partner:${caller.partner}`), caller }, source)
}

function asStaff(source: string, role: StaffRole = 'finance'): Promise<Answer> {
  return ask({ schema: operationsSchema, context: as(world, 'staff:ann'), caller: staff(role) }, source)
}

const DISPUTE = 'dispute { id status held { amount } reason number answer } userErrors { code field }'
const open = (statement: string, what = 'rules: [1]') =>
  `mutation { disputeStatement(input: { statement: "${statement}", ${what}, reason: "two are missing",
    idempotencyKey: "${key()}" }) { ${DISPUTE} } }`
const accept = (statement: string) =>
  `mutation { acceptStatement(input: { statement: "${statement}", idempotencyKey: "${key()}" }) {
    statement { status payout { amount } } userErrors { code field } } }`

describe('in the graphs', () => {
  test('a partner disputes, reads what became of it, and withdraws; finance answers', async () => {
    const { statement } = await fresh()
    const opened = await asPartner(open(statement.id))
    expect(opened).toMatchObject({
      codes: [],
      data: { disputeStatement: { dispute: { status: 'OPEN', held: { amount: '6.00' } }, userErrors: [] } },
    })
    const shown = await asPartner(`{ statement(id: "${statement.id}") { status disputed { minor } disputeEndsAt
      disputes { status reason } documents(language: ZH_CN) { pdf csv json } } }`)
    expect(shown.data).toEqual({
      statement: {
        status: 'DISPUTED',
        disputed: { minor: '600' },
        disputeEndsAt: '2026-03-12T00:00:00.000Z',
        disputes: [{ status: 'OPEN', reason: 'two are missing' }],
        documents: {
          pdf: `/statements/${statement.id}.pdf?language=zh-CN`,
          csv: `/statements/${statement.id}.csv?language=zh-CN`,
          json: `/statements/${statement.id}.json?language=zh-CN`,
        },
      },
    })
    const listed = await asStaff('{ disputes(first: 1, status: OPEN) { edges { node { id openedBy } } } }')
    const { edges } = (listed.data as { disputes: { edges: { node: { id: string; openedBy: string } }[] } }).disputes
    const [
      {
        node: { id, openedBy },
      } = { node: { id: '', openedBy: '' } },
    ] = edges
    expect(openedBy).toBe(`partner:${scene.member.partner}`)
    const answered = await asStaff(`mutation { answerDispute(input: { dispute: "${id}", upheld: true, amount: "1",
      answer: "so it is", idempotencyKey: "${key()}" }) { dispute { status adjustment } userErrors { code } } }`)
    expect(answered.data).toMatchObject({
      answerDispute: { dispute: { status: 'UPHELD', adjustment: expect.stringMatching(/^adj_/) }, userErrors: [] },
    })
    const late = await asPartner(`mutation { withdrawDispute(input: { dispute: "${id}", idempotencyKey: "${key()}" }) {
      ${DISPUTE} } }`)
    expect(late.data).toMatchObject({ withdrawDispute: { dispute: null, userErrors: [{ code: 'WRONG_STATE' }] } })
  })

  test('a partner accepts, and finance does so on its behalf', async () => {
    const own = await fresh()
    const given = { acceptStatement: { statement: { status: 'ACCEPTED', payout: { amount: '6.00' } }, userErrors: [] } }
    expect((await asPartner(accept(own.statement.number))).data).toEqual(given)
    expect((await asStaff(accept((await fresh()).statement.id))).data).toEqual(given)
  })

  test('others meet a statement as one that is not there', async () => {
    const { statement } = await issued(world)
    for (const id of [statement.id, statement.id.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))]) {
      for (const source of [open(id), accept(id)]) {
        const { data } = await asPartner(source)
        expect(Object.values(data as object)).toMatchObject([
          { userErrors: [{ code: 'NOT_FOUND', field: 'statement' }] },
        ])
      }
    }
  })

  test.each<[who: string, ask: () => Promise<Answer>]>([
    ['a client that may only read', () => asPartner(open(scene.statement.id), ['statements:read'])],
    ['a client that may only read, to accept', () => asPartner(accept(scene.statement.id), ['statements:read'])],
    ['a partner manager', () => asStaff(accept(scene.statement.id), 'partner-manager')],
    ['compliance', () => asStaff(open(scene.statement.id), 'compliance')],
    [
      'systems that bring data in, to read',
      () => asStaff('{ disputes(first: 1) { edges { node { id } } } }', 'ingest'),
    ],
  ])('%s is refused', async (_who, asked) => {
    const { codes } = await asked()
    expect(codes).toEqual(['FORBIDDEN'])
  })

  test('a client that may only answer is shown what it answered to', async () => {
    await fresh()
    const { data, codes } = await asPartner(accept(scene.statement.id), ['statements:answer'])
    expect([codes, data]).toEqual([
      [],
      expect.objectContaining({ acceptStatement: expect.objectContaining({ userErrors: [] }) }),
    ])
  })
})

/** A statement of its own for each test; the member that asks is its partner. */
async function fresh(): Promise<Issued> {
  scene = await issued(world)
  return scene
}
