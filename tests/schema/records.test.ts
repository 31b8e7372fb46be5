import { hash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../database/context.ts'
import type { Caller, PartnerCaller, StaffRole } from '../../kernel/caller.ts'
import { newId } from '../../kernel/ids.ts'
import { verifyBundle } from '../../records/bundles/verify-bundle.ts'
import { leafHash } from '../../records/merkle/hashes.ts'
import { verifyConsistency, verifyInclusion } from '../../records/merkle/verify-proofs.ts'
import { signCheckpoint } from '../../records/sign-checkpoint.ts'
import { customerSchema, operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { customer, defineCatalogue, grant, liveParty } from '../customers/factories.ts'
import { customersIn, earn, liveMember, programmeWith, refer } from '../ledger/settlement/scene.ts'
import { LOG } from '../records/bundles/some-bundle.ts'
import { sealAll } from '../records/sealed-log.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'
import { counting } from './counting.ts'

const world = useWorld()
let member: PartnerCaller & { readonly code: string }
let programme = ''
let other: PartnerCaller
/** A record of the member's, one of the other's, and one that is not sealed yet of each. */
let own = ''
let foreign = ''
let ownUnsealed = ''
let foreignUnsealed = ''
let older = ''

const RECORD = `query ($id: ID!, $older: String) { record(id: $id) {
  id kind seq signedAt commitment body salt proof { index size hashes } bundle(olderCheckpoint: $older) } }`

const asPartner = (caller: Caller, source: string, variables = {}, context: Context = world.context): Promise<Answer> =>
  ask({ schema: partnerSchema, context, caller }, source, variables)
const asStaff = (roles: readonly StaffRole[], source: string, variables = {}): Promise<Answer> => {
  const caller: Caller = { kind: 'staff', name: 'alice', roles: new Set(roles), requestId: 'r-1' }
  return ask({ schema: operationsSchema, context: world.context, caller }, source, variables)
}
const recordFor = async (caller: Caller, id: string): Promise<Answer> => asPartner(caller, RECORD, { id })

async function newestContribution(caller: Caller): Promise<string> {
  const { data } = await asPartner(caller, '{ contributions(first: 1) { edges { node { record } } } }')
  const { contributions } = data as { contributions: { edges: readonly { node: { record: string } }[] } }
  return contributions.edges[0]?.node.record ?? ''
}

beforeAll(async () => {
  const { context, owner } = world
  programme = await programmeWith(context)
  member = await liveMember(context, [programme])
  other = await liveMember(context, [programme])
  const customers = await customersIn(world, 3)
  const [first = ''] = customers
  await refer(context, member, { customers, at: '2026-01-05T00:00:00Z' })
  await sealAll(context, owner)
  older = (await signCheckpoint(context, { origin: LOG })).note
  await refer(context, other as typeof member, { customers: customers.slice(1), at: '2026-01-06T00:00:00Z' })
  await earn(context, first, [['t1', 10_000, '2026-01-10T00:00:00Z']])
  await asStaff(
    ['finance'],
    `mutation { closePeriod(input: { programme: "${programme}", month: "2026-01" }) { userErrors { code } } }`,
  )
  ;[own, foreign] = [await newestContribution(member), await newestContribution(other)]
  await sealAll(context, owner)
  await signCheckpoint(context, { origin: LOG })
  const more = await customersIn(world, 1)
  await refer(context, member, { customers: more, at: '2026-03-01T00:00:00Z' })
  await refer(context, other as typeof member, { customers: more, at: '2026-03-01T00:00:00Z' })
  ;[ownUnsealed, foreignUnsealed] = [await newestContribution(member), await newestContribution(other)]
})

type Told = {
  readonly body: string
  readonly salt: string
  readonly commitment: string
  readonly proof: { readonly index: string; readonly size: string; readonly hashes: readonly string[] } | null
  readonly bundle: unknown
}
type Head = { readonly size: string; readonly root: string; readonly note: string; readonly key: string }

function told(data: unknown): Told {
  const { record } = data as { record: Told | null }
  if (record === null) throw new Error('there is no record')
  return record
}

async function checkpoint(): Promise<Head> {
  const { data } = await asPartner(member, '{ checkpoint { origin size root note key at } }')
  return (data as { checkpoint: Head }).checkpoint
}

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')

describe('a partner’s own record', () => {
  test('comes with all that it takes to prove it against the latest checkpoint', async () => {
    const { data, codes } = await recordFor(member, own)
    expect(codes).toEqual([])
    const { body, salt, commitment, proof } = told(data)
    expect(JSON.parse(body)).toMatchObject({ id: own, partner: member.partner })
    expect(hash('sha256', Buffer.concat([bytes(salt), Buffer.from(body)]))).toBe(commitment)
    const { size, root } = await checkpoint()
    expect(proof?.size).toBe(size)
    const claim = { index: Number(proof?.index), size: Number(size), leaf: leafHash(bytes(commitment)) }
    expect(verifyInclusion({ ...claim, root: bytes(root), proof: (proof?.hashes ?? []).map(bytes) })).toBe(true)
  })

  test('comes as a bundle that holds, also since a checkpoint that was kept', async () => {
    const { data, codes } = await asPartner(member, RECORD, { id: own, older })
    expect(codes).toEqual([])
    const { key } = await checkpoint()
    expect(verifyBundle(told(data).bundle, { key, kept: older }).sound).toBe(true)
    expect((await asPartner(member, RECORD, { id: own, older: 'nonsense' })).codes).toEqual(['INVALID_INPUT'])
  })

  test('is there before it is sealed, without a proof', async () => {
    const { data, codes } = await recordFor(member, ownUnsealed)
    expect(codes).toEqual([])
    expect(told(data)).toMatchObject({ id: ownUnsealed, seq: null, signedAt: null, proof: null, bundle: null })
  })

  test('is proven against an older checkpoint where that covers it, and not where it does not', async () => {
    const query = `query ($id: ID!, $size: String!) { record(id: $id) { proof(checkpointSize: $size) { size } } }`
    const { size } = await checkpoint()
    const early = older.split('\n')[1] ?? ''
    const late = (await asPartner(other, query, { id: foreign, size: early })).data
    expect(late).toEqual({ record: { proof: null } })
    const answer = await asPartner(member, query, { id: own, size: early })
    expect(answer).toEqual({ codes: [], data: { record: { proof: { size: early } } } })
    for (const wrong of ['-1', '1.5', '01', 'many', `${Number(size) + 1000}`, '99999999999999999']) {
      expect((await asPartner(member, query, { id: own, size: wrong })).codes).toEqual(['INVALID_INPUT'])
    }
  })
})

describe('what is not the caller’s', () => {
  test('is as what does not exist: the same answer by the same statement', async () => {
    const answers = new Set<string>()
    const counts = new Set<number>()
    for (const id of [foreign, foreignUnsealed, newId('rec'), newId('sta'), 'nonsense', '']) {
      const { context, statements } = counting(world.context)
      answers.add(JSON.stringify(await asPartner(member, RECORD, { id }, context)))
      if (id.startsWith('rec_')) counts.add(statements())
    }
    expect([...answers]).toEqual([JSON.stringify({ data: { record: null }, codes: [] })])
    expect([...counts]).toEqual([1])
  })

  test('is refused without the scope, and to staff without the role', async () => {
    const bare = { ...member, scopes: new Set(['contributions:write'] as const) }
    expect((await recordFor(bare, own)).codes).toEqual(['FORBIDDEN'])
    const query = `query ($id: ID!) { record(id: $id) { body } }`
    for (const roles of [['partner-manager'], ['ingest'], []] as const) {
      expect((await asStaff(roles, query, { id: own })).codes).toEqual(['FORBIDDEN'])
    }
    for (const role of ['finance', 'compliance'] as const) {
      expect(told((await asStaff([role], query, { id: foreign })).data).body).toContain(foreign)
    }
  })
})

describe('the way to a record', () => {
  test('leads from statements, contributions and periods', async () => {
    const statements = `{ statements(first: 5) { edges { node { record logRecord { id kind } } } } }`
    const { data } = await asPartner(member, statements)
    const { edges } = (data as { statements: { edges: readonly { node: { record: string; logRecord: unknown } }[] } })
      .statements
    expect(edges).toHaveLength(1)
    expect(edges[0]?.node.logRecord).toEqual({ id: edges[0]?.node.record, kind: 'statement' })
    const { data: listed } = await asStaff(
      ['finance'],
      `{ periods(programme: "${programme}", first: 1) { edges { node { record logRecord { kind proof { size } } } } } }`,
    )
    expect(listed).toMatchObject({ periods: { edges: [{ node: { logRecord: { kind: 'period' } } }] } })
  })

  test('asks the database as often for a page as for one', async () => {
    const query = (first: number): string =>
      `{ contributions(first: ${first}) { edges { node { id logRecord { id proof { hashes } bundle } } } } }`
    const statementsFor = async (first: number): Promise<number> => {
      const { context, statements } = counting(world.context)
      const { data } = await asPartner(member, query(first), {}, context)
      const { edges } = (data as { contributions: { edges: readonly unknown[] } }).contributions
      expect(edges).toHaveLength(first)
      return statements()
    }
    // the newest of them is not sealed: two are the least that have a proof among them
    expect(await statementsFor(4)).toBe(await statementsFor(2))
  })

  test('is told to a customer for a consent by its id', async () => {
    await defineCatalogue(world.context)
    const party = await liveParty(world.context)
    const accountKey = await customer(world.owner)
    await grant(world.context, party, accountKey)
    const caller: Caller = { kind: 'customer', accountKey, requestId: 'r-3' }
    const { data } = await ask(
      { schema: customerSchema, context: world.context, caller },
      '{ consents(first: 1) { edges { node { id record } } } }',
    )
    const { consents } = data as { consents: { edges: readonly { node: { id: string; record: string } }[] } }
    const { id, record } = consents.edges[0]?.node ?? { id: '', record: '' }
    const reader = { ...party.caller, scopes: new Set(['statements:read'] as const) }
    expect(JSON.parse(told((await recordFor(reader, record)).data).body)).toMatchObject({ data: { consent: id } })
  })
})

describe('proofs that anybody may have', () => {
  test('join two checkpoints, and a place to a checkpoint', async () => {
    const [early = '', root = ''] = older.split('\n').slice(1)
    const head = await checkpoint()
    const { data } = await asPartner(
      member,
      `{
      consistencyProof(from: "${early}", to: "${head.size}")
      inclusionProof(index: "1", size: "${head.size}") { index size hashes } }`,
    )
    const proofs = data as { consistencyProof: readonly string[]; inclusionProof: { hashes: readonly string[] } }
    const earlier = { size: Number(early), root: Buffer.from(root, 'base64') }
    const later = { size: Number(head.size), root: bytes(head.root) }
    expect(verifyConsistency({ earlier, later, proof: proofs.consistencyProof.map(bytes) })).toBe(true)
    expect(proofs.inclusionProof).toMatchObject({ index: '1', size: head.size })
  })

  test('are refused for sizes and places that there are not', async () => {
    for (const query of [
      '{ consistencyProof(from: "2", to: "1") }',
      '{ consistencyProof(from: "0", to: "100000") }',
      '{ consistencyProof(from: "x", to: "1") }',
      '{ inclusionProof(index: "1", size: "1") { size } }',
      '{ inclusionProof(index: "0", size: "0") { size } }',
    ]) {
      expect((await asPartner(member, query)).codes).toEqual(['INVALID_INPUT'])
    }
  })
})
