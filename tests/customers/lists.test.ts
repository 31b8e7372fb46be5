import { beforeAll, describe, expect, it } from 'vitest'
import { listConsents } from '../../customers/list-consents.ts'
import { listDisclosures } from '../../customers/list-disclosures.ts'
import { listPurposes } from '../../customers/list-purposes.ts'
import { listTags } from '../../customers/list-tags.ts'
import { pageCustomers } from '../../customers/page-customers.ts'
import { readCustomers } from '../../customers/read-customers.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { encodeCursor, type PageInput, type PageResult } from '../../kernel/pages.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import {
  customer,
  defineCatalogue,
  disclosuresOf,
  grant,
  liveParty,
  type Party,
  PURPOSES,
  read,
  TAGS,
  valuesOf,
} from './factories.ts'

const world = useWorld()
let party: Party

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
})

/** All of a list, page by page, in either direction. */
async function walk<T>(
  list: (page: PageInput) => Promise<PageResult<T>>,
  size: number,
  backwards = false,
): Promise<T[]> {
  const nodes: T[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await list(backwards ? { last: size, before: cursor } : { first: size, after: cursor })
    const some = page.edges.map(({ node }) => node)
    if (backwards) nodes.unshift(...some)
    else nodes.push(...some)
    cursor = (backwards ? page.edges[0] : page.edges.at(-1))?.cursor
    if (!(backwards ? page.hasPreviousPage : page.hasNextPage)) return nodes
  }
}

const strange: readonly (readonly [string, PageInput])[] = [
  ['no size', {}],
  ['too many', { first: 101 }],
  ['a foreign cursor', { first: 1, after: 'abc' }],
  ['a cursor that holds no place of ours', { first: 1, after: encodeCursor(["x'; --", 'y']) }],
  ['a cursor that holds one thing', { first: 1, after: encodeCursor(['x']) }],
]

describe('a customer’s consents', () => {
  it('stand with the newest first, and pages hold each once in both directions', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    const granted = []
    for (let index = 0; index < 7; index++) granted.push(await grant(context, party, accountKey))
    const list = (page: PageInput) => listConsents(context, { accountKey }, page)
    const newestFirst = granted.map(({ id }) => id).toReversed()
    for (const size of [1, 3, 7, 100]) {
      expect((await walk(list, size)).map(({ id }) => id)).toEqual(newestFirst)
      expect((await walk(list, size, true)).map(({ id }) => id)).toEqual(newestFirst)
    }
  })

  it('are not those of anybody else', async () => {
    const { context, owner } = world
    await grant(context, party, await customer(owner))
    const other = await customer(owner)
    expect((await listConsents(context, { accountKey: other }, { first: 10 })).edges).toEqual([])
    await expect(listConsents(context, { accountKey: 'nobody' }, { first: 10 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('are EXPIRED as soon as their time is over', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    const { id } = await grant(context, party, accountKey)
    await owner`update consents set granted_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' where id = ${uuidOf(id)}`
    const [edge] = (await listConsents(context, { accountKey }, { first: 1 })).edges
    expect(edge?.node).toMatchObject({ status: 'EXPIRED', revokedAt: undefined, endedAt: edge?.node.expiresAt })
  })

  it.each(strange)('are refused for %s', async (_, page) => {
    const accountKey = await customer(world.owner)
    await expect(listConsents(world.context, { accountKey }, page)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('a customer’s disclosures', () => {
  it('stand with the newest first, also those of one statement, and pages hold each once in both directions', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    const { subject, id } = await grant(context, party, accountKey)
    const reads = Array.from({ length: 5 }, () => ({ subject, purpose: 'CREDIT' }))
    await readCustomers(context, { caller: party.caller, reads })
    await read(context, party, { subject, purpose: 'EDUCATION' })
    const list = (page: PageInput) => listDisclosures(context, { accountKey }, page)
    const all = (await list({ first: 100 })).edges.map(({ node }) => node)
    expect(all).toHaveLength(6)
    expect(all[0]).toEqual({
      id: expect.stringMatching(/^dis_/),
      at: expect.any(Date),
      partnerId: party.partner.id,
      purpose: 'EDUCATION',
      consentId: undefined,
      tags: [],
      outcome: 'nothing',
    })
    expect(all[1]).toMatchObject({ consentId: id, tags: [{ key: 'age', granularity: 'exact' }], outcome: 'disclosed' })
    for (const size of [1, 2, 4, 6]) {
      expect(await walk(list, size)).toEqual(all)
      expect(await walk(list, size, true)).toEqual(all)
    }
  })

  it('are not those of anybody else', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    expect((await listDisclosures(context, { accountKey }, { first: 10 })).edges).toEqual([])
    const unknown = listDisclosures(context, { accountKey: 'nobody' }, { first: 10 })
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it.each(strange)('are refused for %s', async (_, page) => {
    const accountKey = await customer(world.owner)
    await expect(listDisclosures(world.context, { accountKey }, page)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('a partner’s customers for a purpose', () => {
  it('are those who consent now, by subject, and each row of a page leaves a disclosure', async () => {
    const { context, owner } = world
    const own = await liveParty(context)
    const consents = []
    for (let index = 0; index < 9; index++) {
      const account = await customer(owner, { age: String(20 + index) })
      consents.push(await grant(context, own, account, { tags: [{ key: 'age', granularity: 'band' }] }))
    }
    await grant(context, own, await customer(owner), { purpose: 'EDUCATION' })
    await grant(context, party, await customer(owner))
    const list = (page: PageInput) => pageCustomers(context, { caller: own.caller, purpose: 'CREDIT', page })
    const subjects = consents.map(({ subject }) => subject).toSorted()
    for (const size of [1, 4, 9, 100]) {
      expect((await walk(list, size)).map(({ subject }) => subject)).toEqual(subjects)
      expect((await walk(list, size, true)).map(({ subject }) => subject)).toEqual(subjects)
    }
    for (const { subject } of consents) expect(await disclosuresOf(owner, subject)).toHaveLength(8)
    const { edges } = await list({ first: 1 })
    expect(edges[0]?.node).toMatchObject({
      purpose: 'CREDIT',
      tags: [{ key: 'age', granularity: 'band', value: 'under 30' }],
    })
  })

  it('leave no disclosure for the row that only says that there are more', async () => {
    const { context, owner } = world
    const own = await liveParty(context)
    const consents = [
      await grant(context, own, await customer(owner)),
      await grant(context, own, await customer(owner)),
    ]
    const page = await pageCustomers(context, { caller: own.caller, purpose: 'CREDIT', page: { first: 1 } })
    expect([page.edges.length, page.hasNextPage]).toEqual([1, true])
    const shown = page.edges[0]?.node.subject
    for (const { subject } of consents) {
      const kept = await disclosuresOf(owner, subject)
      expect(kept.map(({ outcome }) => outcome)).toEqual(subject === shown ? ['disclosed'] : [])
    }
  })

  it('are none for an unknown purpose and for a partner that is suspended', async () => {
    const { context, owner } = world
    const own = await liveParty(context)
    const consent = await grant(context, own, await customer(owner))
    const list = (purpose: string) => pageCustomers(context, { caller: own.caller, purpose, page: { first: 10 } })
    const nobody = { edges: [], hasNextPage: false, hasPreviousPage: false }
    expect(await list('NO_SUCH_PURPOSE')).toEqual(nobody)
    await changePartnerStatus(context, { partner: own.partner.id, status: 'SUSPENDED', reason: 'tests' })
    expect(await list('CREDIT')).toEqual(nobody)
    expect(await disclosuresOf(owner, consent.subject)).toEqual([])
  })

  it('are not given without their disclosures', async () => {
    const { context, owner } = world
    const own = await liveParty(context)
    await grant(context, own, await customer(owner))
    const list = () => pageCustomers(context, { caller: own.caller, purpose: 'CREDIT', page: { first: 10 } })
    await owner`revoke insert on disclosures from tributary_app`
    try {
      await expect(list()).rejects.toThrow(/permission denied/)
    } finally {
      await owner`grant insert on disclosures to tributary_app`
    }
    expect((await list()).edges.map(({ node }) => valuesOf(node))).toEqual([{ age: '44' }])
  })
})

describe('the catalogue', () => {
  it('lists tags that were not retired, and purposes', async () => {
    const { context, owner } = world
    const byKey = TAGS.toSorted((a, b) => (a.key < b.key ? -1 : 1))
    expect(await listTags(context)).toEqual(byKey.map((tag) => expect.objectContaining(tag)))
    expect(await listPurposes(context)).toEqual(PURPOSES.map((one) => ({ ...one, direction: 'READ' })))
    await owner`update tag_definitions set retired_at = now() where key = 'has_loan'`
    expect((await listTags(context)).map(({ key }) => key)).toEqual(['age', 'assets', 'risk_level'])
    await owner`update tag_definitions set retired_at = null where key = 'has_loan'`
  })
})
