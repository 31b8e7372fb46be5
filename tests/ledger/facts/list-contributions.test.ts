import { expect, test } from 'vitest'
import { listContributions } from '../../../ledger/facts/list-contributions.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { TEST_TIME, useWorld } from '../../support/database.ts'
import { customer, liveCaller, referral, reportOne, subject } from './factories.ts'

const world = useWorld()

test('a partner lists its own contributions, the last reported first, a page at a time', async () => {
  const { caller } = await liveCaller(world.context)
  const other = await liveCaller(world.context)
  await reportOne(world.context, other.caller, referral('theirs', { lead: 'l' }))
  const items = [1, 2, 3].map((n) => referral(`c-${n}`, { lead: 'l' }))
  await reportContributions(world.context, { caller, items })
  const first = await listContributions(world.context, { caller, page: { first: 2 } })
  const rest = await listContributions(world.context, { caller, page: { first: 2, after: first.edges[1]?.cursor } })
  expect([...first.edges, ...rest.edges].map(({ node }) => node.externalId)).toEqual(['c-3', 'c-2', 'c-1'])
  expect([first.hasNextPage, rest.hasNextPage, rest.hasPreviousPage]).toEqual([true, false, true])
  const back = await listContributions(world.context, { caller, page: { last: 1, before: rest.edges[0]?.cursor } })
  expect(back.edges.map(({ node }) => node.externalId)).toEqual(['c-2'])
})

test('a contribution shows what was reported and never whose customer it is', async () => {
  const { caller } = await liveCaller(world.context)
  const someone = await customer(world)
  const name = await subject(world, caller.partner, someone)
  const product = { source: 'core', externalId: 'FUND-1' }
  await reportOne(world.context, caller, referral('c-1', { subject: name, campaign: 'spring', market: 'HK', product }))
  const { edges } = await listContributions(world.context, { caller, page: { first: 1 } })
  expect(edges[0]?.node).toEqual({
    id: edges[0]?.node.id,
    partner: caller.partner,
    externalId: 'c-1',
    kind: 'REFERRAL',
    subject: name,
    lead: undefined,
    agreement: undefined,
    occurredAt: new Date('2026-01-15T00:00:00Z'),
    quantity: 1n,
    value: undefined,
    campaign: 'spring',
    market: 'HK',
    product,
    course: undefined,
    units: undefined,
    unit: undefined,
    score: undefined,
    confirmation: 'NONE',
    status: 'CONFIRMED',
    decision: undefined,
    recordedAt: new Date(TEST_TIME),
    record: expect.stringMatching(/^rec_[0-9a-f]{32}$/),
  })
  const { quantity: _, ...rest } = edges[0]?.node ?? { quantity: 0n }
  expect(JSON.stringify(rest)).not.toContain(someone.id.slice(4))
})

test('a client without a scope for it is refused, and so is a cursor that holds no id', async () => {
  const { caller } = await liveCaller(world.context)
  const reader = { ...caller, scopes: new Set(['catalog:read'] as const) }
  await expect(listContributions(world.context, { caller: reader, page: { first: 1 } })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  const after = Buffer.from(JSON.stringify(['c1', '1; drop'])).toString('base64url')
  await expect(listContributions(world.context, { caller, page: { first: 1, after } })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  })
})
