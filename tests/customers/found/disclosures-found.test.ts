import { beforeAll, describe, expect, test, vi } from 'vitest'
import { batchDisclosures } from '../../../customers/batch-disclosures.ts'
import type { Consent } from '../../../customers/consent.ts'
import { exportDisclosures } from '../../../customers/found/export-disclosures.ts'
import { searchDisclosures } from '../../../customers/found/search-disclosures.ts'
import type { StaffRole } from '../../../kernel/caller.ts'
import { operationsSchema } from '../../../schema/graphs.ts'
import { ask } from '../../schema/asking.ts'
import { useWorld } from '../../support/database.ts'
import { customer, defineCatalogue, grant, inDays, liveParty, type Party, read } from '../factories.ts'

const world = useWorld()
const [from, to] = [inDays(-1), inDays(1)]
let one: Party
let two: Party
let accounts: string[] = []
let consents: Consent[] = []

beforeAll(async () => {
  await defineCatalogue(world.context)
  ;[one, two] = [await liveParty(world.context), await liveParty(world.context)]
  accounts = [await customer(world.owner), await customer(world.owner)]
  const [first = '', second = ''] = accounts
  const risk = [{ key: 'risk_level', granularity: 'band' as const }]
  consents = [
    await grant(world.context, one, first),
    await grant(world.context, one, second, { tags: risk }),
    await grant(world.context, two, first),
  ]
  for (const [party, n] of [
    [one, 0],
    [one, 0],
    [one, 1],
    [two, 2],
  ] as const) {
    await read(world.context, party, consents[n] ?? { subject: '' })
  }
  await read(world.context, one, { subject: 'sub-of-nobody' })
  let batched = 0
  await vi.waitUntil(async () => {
    batched += await batchDisclosures(world.context)
    return batched === 5
  }, 20_000)
})

const count = async (input: object): Promise<number> =>
  (await searchDisclosures(world.context, { from, to, ...input }, { first: 100 })).edges.length

describe('compliance finds disclosures', () => {
  test('by customer, partner, consent, tag, outcome and time, and all that is given must hold', async () => {
    const [account] = accounts
    const code = one.partner.code
    expect(await count({})).toBe(5)
    expect(await count({ customer: account })).toBe(3)
    expect(await count({ partner: code })).toBe(4)
    expect(await count({ customer: account, partner: code })).toBe(2)
    expect(await count({ consent: consents[2]?.id })).toBe(1)
    expect(await count({ tag: 'risk_level' })).toBe(1)
    expect(await count({ outcome: 'nothing' })).toBe(1)
    expect(await count({ partner: two.partner.id, outcome: 'nothing' })).toBe(0)
    expect(await count({ to: inDays(-0.5) })).toBe(0)
    expect(await count({ customer: 'nobody' })).toBe(0)
    expect(await count({ consent: `cns_${'0'.repeat(32)}` })).toBe(0)
  })

  test('page by page, forwards and backwards, each once', async () => {
    const all = (await searchDisclosures(world.context, { from, to }, { first: 100 })).edges.map(({ node }) => node.id)
    const first = await searchDisclosures(world.context, { from, to }, { first: 2 })
    const after = first.edges.at(-1)?.cursor
    const rest = await searchDisclosures(world.context, { from, to }, { first: 3, after })
    expect([...first.edges, ...rest.edges].map(({ node }) => node.id)).toEqual(all)
    const back = await searchDisclosures(world.context, { from, to }, { last: 2, before: rest.edges[0]?.cursor })
    expect(back.edges.map(({ node }) => node.id)).toEqual(all.slice(0, 2))
  })

  test.each([
    [{ to: inDays(32) }, 'INVALID_INPUT'],
    [{ to: from }, 'INVALID_INPUT'],
    [{ from: 'yesterday' }, 'INVALID_INPUT'],
    [{ consent: 'cns_1' }, 'INVALID_INPUT'],
    [{ customer: 'x'.repeat(201) }, 'INVALID_INPUT'],
    [{ partner: 'no-such-partner' }, 'NOT_FOUND'],
  ])('but not by what it cannot be, %#', async (input, code) => {
    await expect(count(input)).rejects.toMatchObject({ code })
  })

  test('in the operations graph, where no other role does', async () => {
    const asRole = (role: StaffRole) =>
      ask(
        {
          schema: operationsSchema,
          context: world.context,
          caller: { kind: 'staff', name: 'ann', roles: new Set([role]), requestId: 'r' },
        },
        `query ($from: DateTime!, $to: DateTime!, $customer: String) { searchDisclosures(from: $from, to: $to, first: 9,
          customer: $customer, outcome: DISCLOSED) { edges { node { accountKey tags outcome batchRecord partner { code } } } } }`,
        { from: from.toISOString(), to: to.toISOString(), customer: accounts[1] },
      )
    expect((await asRole('compliance')).data).toMatchObject({
      searchDisclosures: {
        edges: [{ node: { accountKey: accounts[1], tags: ['risk_level:band'], partner: { code: one.partner.code } } }],
      },
    })
    expect(await asRole('finance')).toMatchObject({ data: null, codes: ['FORBIDDEN'] })
  })
})

describe('an export of disclosures', () => {
  const exported = async (options: Parameters<typeof exportDisclosures>[2]): Promise<string> => {
    let text = ''
    await exportDisclosures(world.context, { from, to }, options, async (part) => {
      text += part
    })
    return text
  }

  test('has a line for each, the oldest first, with the batch that proves it', async () => {
    const lines = (await exported({ format: 'ndjson' }))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const [batch] = await world.owner`select encode(root, 'hex') as root from disclosure_batches order by batch`
    expect(lines).toHaveLength(5)
    expect(lines[0]).toMatchObject({ customer: accounts[0], tags: 'age:exact', batchRoot: batch?.['root'] })
    expect(lines.every(({ batchRecord }) => /^rec_/.test(batchRecord))).toBe(true)
    const rest = await exported({ format: 'ndjson', after: lines[2].id })
    expect(
      rest
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(lines.slice(3).map(({ id }) => id))
  })

  test('as CSV has no cell that a spreadsheet takes for a formula', async () => {
    await read(world.context, two, { subject: '=1+1' })
    const text = await exported({ format: 'csv' })
    expect(text).toMatch(/^id,at,partner,client,customer,/)
    expect(text).toContain(",'=1+1,")
    expect(text).not.toContain(',=1+1')
  })
})
