import { hash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../database/client.ts'
import { type Id, newId, uuidOf } from '../../kernel/ids.ts'
import { logKey } from '../../records/log-key.ts'
import { leafHash } from '../../records/merkle/hashes.ts'
import { verifyConsistency, verifyInclusion } from '../../records/merkle/verify-proofs.ts'
import { readCheckpoint } from '../../records/notes/checkpoint-text.ts'
import { openNote } from '../../records/notes/signed-note.ts'
import { consistencyProof, inclusionProof } from '../../records/prove-records.ts'
import { latestCheckpoint, signCheckpoint } from '../../records/sign-checkpoint.ts'
import { contextOver, createWorld, useWorld } from '../support/database.ts'
import { definedOver } from './merkle/defined-tree.ts'
import { appendSome, sealAll } from './sealed-log.ts'

const world = useWorld()
const origin = 'log.example/tributary'
let early: readonly Id<'rec'>[] = []
let late: readonly Id<'rec'>[] = []

beforeAll(async () => {
  expect((await signCheckpoint(world.context, { origin })).size).toBe(0)
  early = await appendSome(world.context, 300)
  await sealAll(world.context, world.owner)
  await signCheckpoint(world.context, { origin })
  late = await appendSome(world.context, 700)
  await sealAll(world.context, world.owner)
  await signCheckpoint(world.context, { origin })
})

const checkpointAt = async (size: number) => {
  const [row] = await world.owner<{ signed_note: string }[]>`select signed_note from checkpoints where size = ${size}`
  return row?.signed_note ?? ''
}

/** What a partner does: has the record’s body and salt, a checkpoint, and the log’s public key. */
async function isProven(record: Id<'rec'>, size: number): Promise<boolean> {
  const verifier = await logKey(world.context, origin)
  const claim = readCheckpoint(openNote(await checkpointAt(size), verifier) ?? '')
  const [row] = await world.owner<{ body: string; salt: Buffer }[]>`
    select body, salt from records where id = ${uuidOf(record)}::uuid`
  const { index, proof } = await inclusionProof(world.context, record, size)
  if (!claim || !row || claim.origin !== origin) return false
  const commitment = hash('sha256', Buffer.concat([row.salt, Buffer.from(row.body)]), 'buffer')
  return verifyInclusion({ index, size: claim.size, leaf: leafHash(commitment), root: claim.root, proof })
}

describe('a record', () => {
  test('is proven by its body, its salt and a signed checkpoint', async () => {
    for (const record of [early[0], early[255], early[299]]) {
      expect(await isProven(record ?? newId('rec'), 300)).toBe(true)
      expect(await isProven(record ?? newId('rec'), 1000)).toBe(true)
    }
    for (const record of [late[0], late[500], late[699]])
      expect(await isProven(record ?? newId('rec'), 1000)).toBe(true)
  })

  test('is proven against the whole log when no size is asked for', async () => {
    const proof = await inclusionProof(world.context, early[7] ?? newId('rec'))
    expect(proof).toMatchObject({ index: 7, size: 1000 })
    expect(proof.proof).toHaveLength(10)
  })

  test('that is not there, or came later, or a size that the log does not have, cannot be proven', async () => {
    const there = early[0] ?? newId('rec')
    await expect(inclusionProof(world.context, newId('rec'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(inclusionProof(world.context, late[0] ?? there, 300)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    for (const size of [1001, -1, 0.5, Number.NaN]) {
      await expect(inclusionProof(world.context, there, size)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
  })
})

test('at the borders of tiles, the log’s proofs lead to the roots that RFC 9162 defines', async () => {
  const seals = await world.owner<{ commitment: Buffer }[]>`select commitment from seals order by seq`
  const ids = [...early, ...late]
  const defined = definedOver((index) => seals[index]?.commitment ?? Buffer.alloc(0))
  const sizes = [1, 2, 255, 256, 257, 511, 512, 513, 767, 768, 769, 999, 1000]
  for (const size of sizes) {
    const root = defined(0, size)
    for (const index of [0, ...sizes.map((each) => each - 1)].filter((each) => each < size)) {
      const { proof } = await inclusionProof(world.context, ids[index] ?? newId('rec'), size)
      expect(verifyInclusion({ index, size, leaf: defined(index, index + 1), root, proof })).toBe(true)
    }
    for (const earlier of sizes.filter((each) => each <= size)) {
      const proof = await consistencyProof(world.context, earlier, size)
      const claim = { earlier: { size: earlier, root: defined(0, earlier) }, later: { size, root }, proof }
      expect(verifyConsistency(claim)).toBe(true)
    }
  }
})

describe('a checkpoint', () => {
  test('is the beginning of every later one', async () => {
    const verifier = await logKey(world.context, origin)
    const claims = await Promise.all(
      [0, 300, 1000].map(async (size) => readCheckpoint(openNote(await checkpointAt(size), verifier) ?? '')),
    )
    for (const earlier of claims) {
      for (const later of claims) {
        if (!earlier || !later || earlier.size > later.size) continue
        const proof = await consistencyProof(world.context, earlier.size, later.size)
        expect(verifyConsistency({ earlier, later, proof })).toBe(true)
      }
    }
    await expect(consistencyProof(world.context, 300, 299)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(consistencyProof(world.context, 300, 1001)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('is not signed again while nothing is sealed', async () => {
    const latest = await latestCheckpoint(world.context)
    expect(await signCheckpoint(world.context, { origin })).toEqual(latest)
    expect(latest).toMatchObject({ size: 1000, note: await checkpointAt(1000) })
  })

  test('is one for each size, and under one key, however many processes sign at once', async () => {
    const crowd = await createWorld()
    try {
      const databases = [1, 2, 3].map((n) => openDatabase(crowd.address, `tributary:tests:signer${n}`, 4))
      await appendSome(crowd.context, 10)
      await sealAll(crowd.context, crowd.owner)
      const contexts = databases.flatMap((database) =>
        Array.from({ length: 4 }, () => contextOver(database, crowd.clock)),
      )
      const signed = await Promise.all(contexts.map((context) => signCheckpoint(context, { origin })))
      await Promise.all(databases.map((database) => database.close()))
      expect(new Set(signed.map(({ note }) => note)).size).toBe(1)
      const [keys] = await crowd.owner<{ n: number }[]>`select count(*)::int as n from log_keys`
      expect(keys?.n).toBe(1)
    } finally {
      await crowd.close()
    }
  })

  test('is not signed for a log that was cut off or rewritten since the last one', async () => {
    const cut = await createWorld()
    try {
      await appendSome(cut.context, 20)
      await sealAll(cut.context, cut.owner)
      await signCheckpoint(cut.context, { origin })
      const [{ edge } = { edge: '' }] = await cut.owner<{ edge: string }[]>`select edge::text as edge from seal_head`
      await cut.owner`update seal_head set size = 19, edge = array[substr(edge[1], 1, 19 * 32)]`
      await expect(signCheckpoint(cut.context, { origin })).rejects.toThrow('the log has 19 sealed records')
      await cut.owner`update seal_head set size = 20, edge = array[substr(edge[1], 1, 18 * 32) || substr(edge[1], 1, 64)]`
      await expect(signCheckpoint(cut.context, { origin })).rejects.toThrow('does not begin with')
      await cut.owner`update seal_head set edge = ${edge}::text::bytea[]`
      expect((await signCheckpoint(cut.context, { origin })).size).toBe(20)
    } finally {
      await cut.close()
    }
  })

  test.each(['', 'a b', 'a+b'])('is not signed under the name %j', async (name) => {
    await expect(signCheckpoint(world.context, { origin: name })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('its private key is ciphertext in the database, bound to its name', async () => {
    await logKey(world.context, 'other.example')
    const swap = await createWorld()
    try {
      await logKey(swap.context, 'a.example')
      await swap.owner.unsafe(`insert into log_keys select 'b.example', public_key, wrapped, created_at from log_keys`)
      await expect(logKey(swap.context, 'b.example')).rejects.toThrow()
      expect((await logKey(swap.context, 'a.example')).privateKey.asymmetricKeyType).toBe('ed25519')
    } finally {
      await swap.close()
    }
  })
})
