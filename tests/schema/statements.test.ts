import { beforeAll, expect, test } from 'vitest'
import type { Caller, PartnerCaller } from '../../kernel/caller.ts'
import { operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { customersIn, earn, liveMember, programmeWith, refer } from '../ledger/settlement/scene.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
const staff: Caller = { kind: 'staff', name: 'alice', roles: new Set(['finance']), requestId: 'r-1' }
let member: PartnerCaller & { readonly code: string }
let other: PartnerCaller
let closed: Answer

const STATEMENT = `id number month payout { amount minor asset }
  rules { kind total { minor } lineCount english: sentence chinese: sentence(language: ZH_CN) explanation }
  lines(first: 10) { edges { node { earned { minor } sentence } } }`

const asPartner = (caller: Caller, source: string, variables = {}): Promise<Answer> =>
  ask({ schema: partnerSchema, context: world.context, caller }, source, variables)
const asStaff = (source: string): Promise<Answer> =>
  ask({ schema: operationsSchema, context: world.context, caller: staff }, source)

beforeAll(async () => {
  const { context } = world
  const programme = await programmeWith(context)
  member = await liveMember(context, [programme])
  other = await liveMember(context, [programme])
  const [customer = ''] = await customersIn(world, 1)
  await refer(context, member, { customers: [customer], at: '2026-01-05T00:00:00Z' })
  await earn(context, customer, [['t1', 10_000, '2026-01-10T00:00:00Z']])
  closed = await asStaff(
    `mutation { closePeriod(input: { programme: "${programme}", month: "2026-01" }) {
      closed { period { status } earned { amount } } userErrors { code } } }`,
  )
})

test('a month is closed through the graph', () => {
  expect(closed).toEqual({
    codes: [],
    data: {
      closePeriod: { closed: { period: { status: 'LOCKED' }, earned: { amount: '20.00' } }, userErrors: [] },
    },
  })
})

test('a partner reads its own statement with sentences, without exact sums or lines that nobody consented to', async () => {
  const { data, codes } = await asPartner(member, `{ statements(first: 1) { edges { node { ${STATEMENT} } } } }`)
  expect(codes).toEqual([])
  const statement = onlyStatement(data)
  expect(statement).toMatchObject({
    month: '2026-01',
    payout: { amount: '20.00', minor: '2000', asset: 'CNY/2' },
    rules: [{ kind: 'REFERRAL_COMMISSION_SHARE', total: { minor: '2000' }, lineCount: 1 }],
    lines: { edges: [] },
  })
  const [rule] = statement.rules
  expect(rule?.english).toContain('Rounded once, half to even: 20.00 CNY.')
  expect(rule?.chinese).toContain('20.00 CNY')
  expect(rule?.explanation).not.toHaveProperty('exact')
})

test('the staff reads all lines', async () => {
  const { data } = await asStaff(`{ statements(month: "2026-01", first: 1) { edges { node { ${STATEMENT} } } } }`)
  expect(onlyStatement(data).lines).toEqual({
    edges: [{ node: { earned: { minor: '2000' }, sentence: expect.stringContaining('20.00 CNY') } }],
  })
})

test('another partner’s statement is nothing', async () => {
  const { data } = await asPartner(member, `{ statements(first: 1) { edges { node { ${STATEMENT} } } } }`)
  const variables = { id: onlyStatement(data).id }
  const query = 'query ($id: ID!) { statement(id: $id) { id } }'
  expect(await asPartner(member, query, variables)).toEqual({ codes: [], data: { statement: variables } })
  expect(await asPartner(other, query, variables)).toEqual({ codes: [], data: { statement: null } })
})

test('each contribution has its own result, and a refused one leaves the others standing', async () => {
  const report = `mutation ($items: [ContributionInput!]!) { reportContributions(input: { items: $items }) {
    results { externalId outcome code field } userErrors { code } } }`
  const item = { kind: 'REFERRAL', occurredAt: '2026-03-01T00:00:00Z' }
  const items = [
    { ...item, externalId: 'a', lead: 'l-1' },
    { ...item, externalId: 'b' },
  ]
  const { data } = await asPartner(member, report, { items })
  expect(data).toEqual({
    reportContributions: {
      results: [
        { externalId: 'a', outcome: 'RECORDED', code: null, field: null },
        { externalId: 'b', outcome: 'REFUSED', code: 'INVALID_INPUT', field: 'subject' },
      ],
      userErrors: [],
    },
  })
  const listed = await asPartner(member, '{ contributions(first: 1) { edges { node { externalId quantity } } } }')
  expect(listed.data).toEqual({ contributions: { edges: [{ node: { externalId: 'a', quantity: '1' } }] } })
})

type Told = {
  readonly id: string
  readonly rules: readonly { readonly english: string; readonly chinese: string; readonly explanation: object }[]
  readonly lines: unknown
}

function onlyStatement(data: unknown): Told {
  const { statements } = data as { statements: { edges: readonly { node: Told }[] } }
  const [edge] = statements.edges
  if (edge === undefined) throw new Error('there is no statement')
  return edge.node
}
