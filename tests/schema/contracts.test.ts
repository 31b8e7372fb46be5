import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Caller, StaffRole } from '../../kernel/caller.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import type { Programme } from '../../ledger/agreements/programme.ts'
import { operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { programmeOf, type Signer, signer } from '../ledger/agreements/contract-scene.ts'
import { someProgramme, termsInput } from '../ledger/agreements/factories.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let east: Signer
let west: Signer
let programme: Programme

beforeAll(async () => {
  east = await signer(world.context)
  west = await signer(world.context)
  programme = await programmeOf(world.context, [east, west])
})

const asPartner = (caller: Caller, source: string, input: object = {}): Promise<Answer> =>
  ask({ schema: partnerSchema, context: world.context, caller }, source, { input })
const asStaff = (source: string, variables: object = {}, role: StaffRole = 'partner-manager'): Promise<Answer> => {
  const caller: Caller = { kind: 'staff', name: 'alice', roles: new Set([role]), requestId: 'r-1' }
  return ask({ schema: operationsSchema, context: world.context, caller }, source, { ...variables })
}
const keyed = (input: object): { readonly input: object } => ({ input: { idempotencyKey: randomUUID(), ...input } })

const mutation = (name: string, thing: string): string =>
  `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${thing} userErrors { code field } } }`
const [DRAFT, PROPOSE, ACTIVATE, WITHDRAW, COUNTERSIGN, PAPER] = [
  'draftTerms',
  'proposeTerms',
  'activateTerms',
  'withdrawTerms',
  'countersignTerms',
  'signTermsOnPaper',
].map((name) => mutation(name, 'proposal { id status version hash body terms reason }')) as [
  ...[string, string, string, string, string, string],
]
const OFFERED = `{ termsProposals(first: 10) { edges { node { id status hash body programme { code } signature { hash client }
  documents { name } } } } }`

/** What a mutation gave, whichever it was. */
function given<T = { readonly id: string; readonly hash: string; readonly body: string }>({ data, codes }: Answer): T {
  expect(codes).toEqual([])
  const [payload] = Object.values(data as Record<string, { userErrors: unknown; [thing: string]: unknown }>)
  expect(payload?.userErrors).toEqual([])
  return Object.entries(payload ?? {}).find(([name]) => name !== 'userErrors')?.[1] as T
}

const errorsOf = ({ data }: Answer): unknown =>
  Object.values(data as Record<string, { userErrors: unknown }>).map(({ userErrors }) => userErrors)[0]

test('terms go from draft to force through both graphs, each member over its own', async () => {
  const terms = JSON.stringify(termsInput(programme.code))
  const draft = given(await asStaff(DRAFT, keyed({ programme: programme.code, terms })))
  expect((await asPartner(east, OFFERED)).data).toEqual({ termsProposals: { edges: [] } })
  const proposal = draft.id
  given(await asStaff(PROPOSE, keyed({ proposal, hash: draft.hash })))
  const document = { sha256: sha256Hex('scan'), name: 'west.pdf', sizeBytes: '4', mediaType: 'application/pdf' }
  given(await asStaff(PAPER, keyed({ proposal, hash: draft.hash, partner: west.code, document })))

  const seen = await asPartner(east, OFFERED)
  const node = { id: proposal, status: 'PROPOSED', hash: draft.hash, body: draft.body, documents: [] }
  expect(seen).toEqual({
    codes: [],
    data: { termsProposals: { edges: [{ node: { ...node, programme: { code: programme.code }, signature: null } }] } },
  })
  expect(sha256Hex(node.body)).toBe(node.hash)
  expect(errorsOf(await asStaff(ACTIVATE, keyed({ proposal })))).toEqual([{ code: 'NOT_READY', field: 'proposal' }])
  const wrong = keyed({ proposal, hash: 'e'.repeat(64) })
  expect(errorsOf(await asPartner(east, COUNTERSIGN, wrong.input))).toEqual([{ code: 'HASH_MISMATCH', field: 'hash' }])
  const signed = keyed({ proposal, hash: draft.hash }).input
  expect(given(await asPartner(east, COUNTERSIGN, signed))).toMatchObject({ id: proposal, status: 'PROPOSED' })
  expect(given(await asPartner(east, COUNTERSIGN, signed))).toMatchObject({ id: proposal })

  const list = `query ($programme: String) { termsProposals(programme: $programme, first: 1) { edges { node { awaited
    signatures { partner { code } client document } documents { name sha256 sizeBytes } } } } }`
  const known = await asStaff(list, { programme: programme.code }, 'compliance')
  const [{ node: all }] = (known.data as { termsProposals: { edges: [{ node: { signatures: object[] } }] } })
    .termsProposals.edges
  expect(all).toMatchObject({ awaited: [], documents: [{ name: 'west.pdf', sha256: document.sha256, sizeBytes: '4' }] })
  expect(all.signatures).toEqual([
    { partner: { code: east.code }, client: east.client, document: null },
    { partner: { code: west.code }, client: null, document: expect.stringMatching(/^doc_/) },
  ])
  expect(given(await asStaff(ACTIVATE, keyed({ proposal })))).toMatchObject({
    status: 'ACTIVATED',
    terms: expect.stringMatching(/^trm_/),
  })
  expect((await asPartner(west, OFFERED)).data).toMatchObject({
    termsProposals: { edges: [{ node: { status: 'ACTIVATED', signature: { client: null }, documents: [{}] } }] },
  })
})

test('what another partner is offered, and what does not exist, look the same', async () => {
  const foreign = await someProgramme(world.context)
  const terms = JSON.stringify(termsInput(foreign.code))
  const draft = given(await asStaff(DRAFT, keyed({ programme: foreign.code, terms })))
  given(await asStaff(PROPOSE, keyed({ proposal: draft.id })))
  for (const proposal of [draft.id, 'tpr_1']) {
    const answer = await asPartner(east, COUNTERSIGN, keyed({ proposal, hash: draft.hash }).input)
    expect(errorsOf(answer)).toEqual([{ code: 'NOT_FOUND', field: 'proposal' }])
  }
  const of = (code: string) =>
    asPartner(east, `{ termsProposals(programme: "${code}", first: 5) { edges { node { id } } } }`)
  expect(await of(foreign.code)).toEqual(await of('nowhere'))
  const withdrawn = given(await asStaff(WITHDRAW, keyed({ proposal: draft.id, reason: 'a slip' })))
  expect(withdrawn).toMatchObject({ status: 'WITHDRAWN', reason: 'a slip' })
})

test('terms that are no JSON, or contradict themselves, are a user error with their path', async () => {
  const draft = async (terms: string) => errorsOf(await asStaff(DRAFT, keyed({ programme: programme.code, terms })))
  expect(await draft('{')).toMatchObject([{ code: 'INVALID_INPUT' }])
  expect(await draft(JSON.stringify({ ...termsInput(programme.code), minimumPayout: 1.5 }))).toEqual([
    { code: 'INVALID_INPUT', field: 'minimumPayout' },
  ])
})

describe('an agreement', () => {
  const MINE = `{ agreements(first: 10) { edges { node { id status programme { code } endsAt endReason endRecord
    documents { name mediaType } } } } }`

  test('is offered, signed, given a document, and ended', async () => {
    const other = await someProgramme(world.context)
    const wanted = { programme: other.code, partner: east.code, from: '2026-05-01T00:00:00+08:00' }
    const offer = given(await asStaff(mutation('proposeAgreement', 'proposal { id hash body status }'), keyed(wanted)))
    const open = '{ agreementProposals(first: 1) { edges { node { id hash body status } } } }'
    expect((await asPartner(east, open)).data).toEqual({ agreementProposals: { edges: [{ node: offer }] } })
    expect((await asPartner(west, open)).data).toEqual({ agreementProposals: { edges: [] } })
    const sign = mutation('countersignAgreement', 'proposal { agreement status }')
    const input = keyed({ proposal: offer.id, hash: offer.hash }).input
    expect(errorsOf(await asPartner(west, sign, input))).toEqual([{ code: 'NOT_FOUND', field: 'proposal' }])
    const { agreement } = given<{ agreement: string }>(await asPartner(east, sign, input))
    const document = { sha256: sha256Hex('c'), name: 'contract.pdf', sizeBytes: '1', mediaType: 'application/pdf' }
    given(await asStaff(mutation('attachDocument', 'document { id sha256 }'), keyed({ to: agreement, document })))
    const end = { agreement, at: '2026-08-01T00:00:00+08:00', reason: 'notice was given' }
    given(await asStaff(mutation('endAgreement', 'agreement { id }'), keyed(end)))
    const mine = (await asPartner(east, MINE)).data as { agreements: { edges: { node: { id: string } }[] } }
    expect(mine.agreements.edges.find(({ node }) => node.id === agreement)?.node).toEqual({
      id: agreement,
      status: 'ENDED',
      programme: { code: other.code },
      endsAt: '2026-07-31T16:00:00.000Z',
      endReason: 'notice was given',
      endRecord: expect.stringMatching(/^rec_/),
      documents: [{ name: 'contract.pdf', mediaType: 'application/pdf' }],
    })
    const theirs = JSON.stringify((await asPartner(west, MINE)).data)
    expect(theirs).not.toContain(agreement)
  })

  test('that was offered can be withdrawn', async () => {
    const other = await someProgramme(world.context)
    const wanted = { programme: other.code, partner: east.code, from: '2026-05-01T00:00:00+08:00' }
    const { id } = given(await asStaff(mutation('proposeAgreement', 'proposal { id }'), keyed(wanted)))
    const withdraw = mutation('withdrawAgreement', 'proposal { status reason }')
    const withdrawn = given(await asStaff(withdraw, keyed({ proposal: id, reason: 'another date' })))
    expect(withdrawn).toEqual({ status: 'WITHDRAWN', reason: 'another date' })
  })
})

describe('contracts are for those who may', () => {
  test.each(['finance', 'compliance', 'ingest'] as const)('not changed by %s', async (role) => {
    const input = keyed({ proposal: 'tpr_1' })
    expect((await asStaff(ACTIVATE, input, role)).codes).toEqual(['FORBIDDEN'])
    const end = keyed({ agreement: 'agr_1', at: '2026-08-01T00:00:00Z', reason: 'r' })
    expect((await asStaff(mutation('endAgreement', 'agreement { id }'), end, role)).codes).toEqual(['FORBIDDEN'])
  })

  test('nor read by systems that bring data in', async () => {
    for (const field of ['termsProposals', 'agreementProposals', 'agreements']) {
      expect((await asStaff(`{ ${field}(first: 1) { edges { cursor } } }`, {}, 'ingest')).codes).toEqual(['FORBIDDEN'])
    }
  })

  test('nor read or signed by clients without the scope', async () => {
    const caller = { ...east, scopes: new Set(['statements:read' as const]) }
    for (const field of ['termsProposals', 'agreementProposals', 'agreements']) {
      expect((await asPartner(caller, `{ ${field}(first: 1) { edges { cursor } } }`)).codes).toEqual(['FORBIDDEN'])
    }
    const input = keyed({ proposal: 'tpr_1', hash: 'f'.repeat(64) }).input
    expect((await asPartner(caller, COUNTERSIGN, input)).codes).toEqual(['FORBIDDEN'])
  })

  test('partners are not told who else signs, or who is awaited', async () => {
    const names = ['signatures { hash }', 'awaited', 'signature { partner { code } }']
    for (const name of names) {
      const { codes } = await asPartner(east, `{ termsProposals(first: 1) { edges { node { ${name} } } } }`)
      expect(codes).toEqual([expect.stringContaining('Cannot query field')])
    }
  })
})
