import { hash } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { batchDisclosures } from '../../customers/batch-disclosures.ts'
import type { Consent } from '../../customers/consent.ts'
import { listDisclosures } from '../../customers/list-disclosures.ts'
import { proveDisclosure } from '../../customers/prove-disclosure.ts'
import { verifyDisclosureBatches } from '../../customers/verify-disclosure-batches.ts'
import { openDatabase } from '../../database/client.ts'
import { type Id, newId, uuidOf } from '../../kernel/ids.ts'
import { leafHash } from '../../records/merkle/hashes.ts'
import { verifyInclusion } from '../../records/merkle/verify-proofs.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { contextOver, createWorld, type TestWorld, useWorld } from '../support/database.ts'
import { customer, defineCatalogue, grant, liveParty, type Party, read } from './factories.ts'

const world = useWorld()
let party: Party
let account = ''
let consent: Consent

async function people(place: TestWorld): Promise<void> {
  await defineCatalogue(place.context)
  party = await liveParty(place.context)
  account = await customer(place.owner)
  consent = await grant(place.context, party, account)
}

beforeAll(() => people(world))

/** Reads so often, one after the other. */
async function readSome(place: TestWorld, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await read(place.context, party, consent)
}

/** Takes all there is, once no transaction of other tests is older than any of it. */
async function batchAll(place: TestWorld, limit?: number): Promise<readonly number[]> {
  const due = () => place.owner<{ left: number }[]>`
    select count(*)::int as left from disclosures where tx_id >= pg_snapshot_xmin(pg_current_snapshot())`
  await expect.poll(async () => (await due())[0]?.left, { timeout: 20_000 }).toBe(0)
  const taken: number[] = []
  for (;;) {
    const count = await batchDisclosures(place.context, limit)
    if (count > 0) taken.push(count)
    const [{ left } = { left: 0 }] = await place.owner<{ left: number }[]>`
      select count(*)::int as left from disclosures d, disclosure_head h
      where (d.tx_id, d.id) > (h.tx_id, h.disclosure_id)`
    if (left === 0) return taken
  }
}

const batches = (place: TestWorld) => place.owner<{ batch: string; count: number; root: Buffer; body: string }[]>`
  select b.batch, b.count, b.root, r.body from disclosure_batches b join records r on r.id = b.record_id order by b.batch`

async function newest(place: TestWorld): Promise<Id<'dis'>> {
  const { edges } = await listDisclosures(place.context, { accountKey: account }, { first: 1 })
  return edges[0]?.node.id ?? newId('dis')
}

describe('disclosures', () => {
  test('enter the log as the root of their batch, each once, in batches without gaps', async () => {
    await readSome(world, 7)
    expect(await batchAll(world, 3)).toEqual([3, 3, 1])
    expect(await batchDisclosures(world.context)).toBe(0)
    const kept = await batches(world)
    expect(kept.map(({ batch, count }) => [batch, count])).toEqual([
      ['1', 3],
      ['2', 3],
      ['3', 1],
    ])
    for (const { batch, count, root, body } of kept) {
      expect(JSON.parse(body)).toMatchObject({
        kind: 'disclosure_batch',
        data: { batch, count: String(count), root: root.toString('hex'), version: '1' },
      })
      expect(body).not.toContain(consent.subject)
    }
  })

  test('of a transaction that commits late are not passed over', async () => {
    let commit = (): void => {}
    const mayCommit = new Promise<void>((resolve) => {
      commit = resolve
    })
    let wrote = (): void => {}
    const written = new Promise<void>((resolve) => {
      wrote = resolve
    })
    const late = world.context.database.transaction(async (tx) => {
      await tx`
        insert into disclosures (id, at, partner_id, client_id, subject, purpose, tags, outcome, request_id)
        values (${uuidOf(newId('dis'))}::uuid, now(), gen_random_uuid(), gen_random_uuid(), 'late', 'P', '{}', 'nothing', 'r')`
      wrote()
      await mayCommit
    })
    await written
    await readSome(world, 2)
    expect(await batchDisclosures(world.context)).toBe(0)
    commit()
    await late
    const taken = await batchAll(world)
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(3)
    expect(await verifyDisclosureBatches(world.context)).toEqual([])
  })

  test('are in one batch each, however many processes take turns while others read', async () => {
    const databases = [1, 2, 3].map((n) => openDatabase(world.address, `tributary:tests:batcher${n}`, 4))
    const contexts = databases.map((database) => contextOver(database, world.clock))
    const reading = Promise.all(Array.from({ length: 6 }, () => readSome(world, 10)))
    let done = false
    const batching = contexts.map(async (context) => {
      while (!done) await batchDisclosures(context, 5)
    })
    await reading
    done = true
    await Promise.all(batching)
    await batchAll(world)
    await Promise.all(databases.map((database) => database.close()))
    const [{ count, sealed, batched } = { count: 0, sealed: 0, batched: 0 }] = await world.owner<
      { count: number; sealed: number; batched: number }[]
    >`
      select (select count(*)::int from disclosures) as count, (select sum(count)::int from disclosure_batches) as sealed,
             (select max(batch)::int from disclosure_batches) as batched`
    expect(sealed).toBe(count)
    expect((await batches(world)).map(({ batch }) => Number(batch))).toEqual(
      Array.from({ length: batched }, (_, n) => n + 1),
    )
    expect(await verifyDisclosureBatches(world.context)).toEqual([])
  })

  test('that another server counted are not taken', async () => {
    const other = await createWorld()
    try {
      await other.owner`update disclosure_head set tx_id = (pg_current_xact_id()::text::numeric + 1000000)::text::xid8`
      await expect(batchDisclosures(other.context)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    } finally {
      await other.close()
    }
  })

  test.each([
    `update disclosure_batches set count = count`,
    'delete from disclosure_batches',
    'truncate disclosure_batches',
    'delete from disclosure_head',
    'truncate disclosure_head',
  ])('are guarded in their batches: no %s, by their owner or the application', async (statement) => {
    await expect(world.owner.unsafe(statement)).rejects.toThrow(/never changed or removed/)
    await expect(world.context.database.transaction((tx) => tx.unsafe(statement))).rejects.toThrow()
  })
})

describe('one disclosure', () => {
  test('is proven up to the root in its batch’s record', async () => {
    await readSome(world, 4)
    await batchAll(world)
    const id = await newest(world)
    const proven = await proveDisclosure(world.context, { id, accountKey: account })
    const { row = '', salt = Buffer.of(), entry = Buffer.of(), place } = proven ?? {}
    expect(JSON.parse(row)).toMatchObject({ v: '1', id, partner: party.partner.id, tags: ['age:exact'] })
    expect(hash('sha256', Buffer.concat([salt, Buffer.from(row)]))).toBe(entry.toString('hex'))
    const [batch] = (await batches(world)).filter(({ batch }) => Number(batch) === place?.batch)
    const claim = { index: place?.index ?? -1, size: batch?.count ?? 0, root: batch?.root ?? Buffer.of() }
    expect(verifyInclusion({ ...claim, leaf: leafHash(entry), proof: place?.path ?? [] })).toBe(true)
    const other = leafHash(hash('sha256', Buffer.concat([salt, Buffer.from(row.replace('age', 'sex'))]), 'buffer'))
    expect(verifyInclusion({ ...claim, leaf: other, proof: place?.path ?? [] })).toBe(false)
  })

  test('has no place until it is in a batch', async () => {
    await readSome(world, 1)
    const id = await newest(world)
    expect(await proveDisclosure(world.context, { id, accountKey: account })).toMatchObject({ id, place: undefined })
    await batchAll(world)
    expect((await proveDisclosure(world.context, { id }))?.place?.count).toBeGreaterThan(0)
  })

  test('of another customer is as one that is not there', async () => {
    const id = await newest(world)
    const stranger = await customer(world.owner)
    expect(await proveDisclosure(world.context, { id, accountKey: stranger })).toBeUndefined()
    expect(await proveDisclosure(world.context, { id: newId('dis'), accountKey: account })).toBeUndefined()
    expect(await proveDisclosure(world.context, { id: newId('dis') })).toBeUndefined()
    expect(await proveDisclosure(world.context, { id: `dis_${'f'.repeat(32)}` })).toBeUndefined()
    await expect(proveDisclosure(world.context, { id, accountKey: 'nobody' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

describe('whoever disables the guards', { timeout: 60_000 }, () => {
  let own: Awaited<ReturnType<typeof createWorld>>

  beforeEach(async () => {
    own = await createWorld()
    await people(own)
    await readSome(own, 9)
    await batchAll(own, 3)
    expect(await verifyDisclosureBatches(own.context)).toEqual([])
    return () => own.close()
  })

  /** The first of the second batch. */
  const FOURTH = '(select id from disclosures order by tx_id, id offset 3 limit 1)'
  const TAMPERED: readonly (readonly [string, string, readonly RegExp[]])[] = [
    [
      'changes what was read',
      `update disclosures set tags = '{assets:band}' where id = ${FOURTH}`,
      [/^batch 2 .*not what it was/],
    ],
    [
      'changes who read',
      `update disclosures set partner_id = gen_random_uuid() where id = ${FOURTH}`,
      [/^batch 2 .*not what it was/],
    ],
    [
      'changes when',
      `update disclosures set at = at + interval '1 second' where id = ${FOURTH}`,
      [/^batch 2 .*disclosure dis_[0-9a-f]{32} has a time/, /^batch 2 .*not what it was/],
    ],
    ['removes one', `delete from disclosures where id = ${FOURTH}`, [/^batch 2 .*1 of its 3 disclosures are missing/]],
    [
      'puts one in',
      `insert into disclosures (id, at, tx_id, partner_id, client_id, subject, purpose, tags, outcome, request_id)
       select gen_random_uuid(), at, tx_id, partner_id, client_id, subject, purpose, '{}', 'nothing', request_id
       from disclosures order by tx_id, id offset 3 limit 1`,
      [/^batch [23] .*1 disclosures too many/],
    ],
    [
      'changes a root',
      `update disclosure_batches set root = sha256('x') where batch = 2`,
      [/^batch 2 .*its root is not/],
    ],
    [
      'removes a batch and its disclosures',
      `delete from disclosures where (tx_id, id) > any (select through_tx, through_id from disclosure_batches where batch = 2);
       update disclosure_head set batch = 2, (tx_id, disclosure_id) = (select through_tx, through_id from disclosure_batches where batch = 2);
       delete from disclosure_batches where batch = 3`,
      [/^record rec_[0-9a-f]{32} the batch of disclosures that it tells of is not kept/],
    ],
    [
      'removes a batch between',
      'delete from disclosure_batches where batch = 2',
      [/^batch 2 .*it is missing/, /^record rec_/],
    ],
    [
      'removes the record',
      `delete from records where kind = 'disclosure_batch' and body like '%"batch":"2"%'`,
      [/^batch 2 .*its record is missing/],
    ],
    ['moves the head back', `update disclosure_head set batch = 2`, [/^the batches of disclosures .*head/]],
    ['takes the head away', 'delete from disclosure_head', [/^the batches of disclosures .*head is missing/]],
  ]

  test.each(TAMPERED)('and %s is found, and the batch is named', async (_, statements, expected) => {
    await behindGuards(own.owner, ...statements.split(';'))
    const found = (await verifyDisclosureBatches(own.context)).map(({ where, what }) => `${where} ${what}`)
    expect(found).toHaveLength(expected.length)
    for (const [place, pattern] of expected.entries()) expect(found[place]).toMatch(pattern)
  })
})
