import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { batchDisclosures } from '../../customers/batch-disclosures.ts'
import type { Consent } from '../../customers/consent.ts'
import type { Caller, StaffRole } from '../../kernel/caller.ts'
import { newId } from '../../kernel/ids.ts'
import { verifyBundle } from '../../records/bundles/verify-bundle.ts'
import { signCheckpoint } from '../../records/sign-checkpoint.ts'
import { customerSchema, operationsSchema } from '../../schema/graphs.ts'
import { customer, defineCatalogue, grant, liveParty, type Party, read } from '../customers/factories.ts'
import { LOG } from '../records/bundles/some-bundle.ts'
import { sealAll } from '../records/sealed-log.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let party: Party
let consent: Consent
let person: Caller
let stranger: Caller

const PROOF = `query ($id: ID!) { disclosureProof(id: $id) { id row salt entry record index count hashes bundle } }`

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
  const [own, other] = [await customer(world.owner), await customer(world.owner)]
  consent = await grant(world.context, party, own)
  person = { kind: 'customer', accountKey: own, requestId: 'r-1' }
  stranger = { kind: 'customer', accountKey: other, requestId: 'r-2' }
})

const asCustomer = (caller: Caller, source: string, variables = {}): Promise<Answer> =>
  ask({ schema: customerSchema, context: world.context, caller }, source, variables)
const asStaff = (role: StaffRole, id: string): Promise<Answer> => {
  const caller: Caller = { kind: 'staff', name: 'alice', roles: new Set([role]), requestId: 'r-3' }
  return ask({ schema: operationsSchema, context: world.context, caller }, PROOF, { id })
}

async function newest(): Promise<string> {
  const { data } = await asCustomer(person, '{ disclosures(first: 1) { edges { node { id } } } }')
  return (data as { disclosures: { edges: readonly { node: { id: string } }[] } }).disclosures.edges[0]?.node.id ?? ''
}

async function batchAll(): Promise<void> {
  for (let taken = 0; taken === 0; ) taken = await batchDisclosures(world.context)
}

function proofIn({ data, codes }: Answer): { readonly bundle: unknown } & Readonly<Record<string, unknown>> {
  expect(codes).toEqual([])
  return (data as { disclosureProof: { bundle: unknown } }).disclosureProof
}

test('a customer proves who read their data, up to a signed checkpoint, with nothing of ours', async () => {
  await read(world.context, party, consent)
  await read(world.context, party, consent)
  const id = await newest()
  expect(proofIn(await asCustomer(person, PROOF, { id }))).toMatchObject({
    id,
    record: null,
    index: null,
    bundle: null,
  })
  await batchAll()
  expect(proofIn(await asCustomer(person, PROOF, { id }))).toMatchObject({ index: 1, count: 2, bundle: null })
  await sealAll(world.context, world.owner)
  await signCheckpoint(world.context, { origin: LOG })
  const { bundle, row } = proofIn(await asCustomer(person, PROOF, { id }))
  expect(JSON.parse(String(row))).toMatchObject({ id, purpose: 'CREDIT', tags: ['age:exact'] })
  const verdict = verifyBundle(bundle)
  expect(verdict.checks.find(({ check }) => check === 'disclosure')).toMatchObject({ result: 'ok' })
  expect(verdict.sound).toBe(true)
  expect(await byOneFile(bundle)).toMatch(/^ok +disclosure.*\nsound/m)
})

test('a disclosure that was changed in the bundle is refused by both', async () => {
  const id = await newest()
  const { bundle } = proofIn(await asCustomer(person, PROOF, { id }))
  const sound = bundle as { disclosure: { row: string; salt: string; index: number; count: number; proof: string[] } }
  const { disclosure } = sound
  const changes = [
    { row: disclosure.row.replace('CREDIT', 'COURSES') },
    { salt: `${disclosure.salt.slice(0, -1)}${disclosure.salt.endsWith('0') ? '1' : '0'}` },
    { index: 0 },
    { count: 3 },
    { proof: [] },
  ]
  for (const change of changes) {
    const changed = { ...sound, disclosure: { ...disclosure, ...change } }
    const wrong = verifyBundle(changed).checks.filter(({ result }) => result === 'wrong')
    expect(wrong.map(({ check }) => check)).toEqual(['disclosure'])
    expect(await byOneFile(changed)).toMatch(/^wrong +disclosure/m)
  }
})

test('one of somebody else is as one that is not there, and staff need the role compliance', async () => {
  const id = await newest()
  const nothing = { data: { disclosureProof: null }, codes: [] }
  expect(await asCustomer(stranger, PROOF, { id })).toEqual(nothing)
  for (const unknown of [newId('dis'), newId('rec'), 'nonsense', '']) {
    expect(await asCustomer(person, PROOF, { id: unknown })).toEqual(nothing)
    expect(await asStaff('compliance', unknown)).toEqual(nothing)
  }
  expect(proofIn(await asStaff('compliance', id))).toMatchObject({ id, count: 2 })
  expect((await asStaff('finance', id)).codes).toEqual(['FORBIDDEN'])
})

async function byOneFile(bundle: unknown): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-disclosure-'))
  try {
    const file = path.join(folder, 'bundle.json')
    await writeFile(file, JSON.stringify(bundle))
    const run = promisify(execFile)(process.execPath, ['examples/verify-bundle.mjs', file])
    return await run.then(({ stdout }) => stdout).catch(({ stdout }: { stdout: string }) => stdout)
  } finally {
    await rm(folder, { recursive: true })
  }
}
