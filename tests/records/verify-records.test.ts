import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Id, newId, uuidOf } from '../../kernel/ids.ts'
import { appendRecords } from '../../records/append-records.ts'
import { logKey } from '../../records/log-key.ts'
import { writeCheckpoint } from '../../records/notes/checkpoint-text.ts'
import { signNote } from '../../records/notes/signed-note.ts'
import { sealRecords } from '../../records/seal-records.ts'
import { signCheckpoint } from '../../records/sign-checkpoint.ts'
import { verifyRecords } from '../../records/verify-records.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { createWorld, useWorld } from '../support/database.ts'
import { appendSome } from './sealed-log.ts'
import { insertCopy, keepLog, ORIGIN, rebuildTree, restoreLog, rewriteAt } from './tampered-log.ts'

const world = useWorld()
let ids: readonly Id<'rec'>[] = []
let notes: readonly string[] = []

beforeAll(async () => {
  const kept = await keepLog(world.context, world.owner, [100, 300, 600])
  ids = kept.ids
  notes = kept.notes
})

const tamper = (...statements: readonly string[]): Promise<void> => behindGuards(world.owner, ...statements)

afterEach(() => restoreLog(world.owner))

const idAt = (place: number): Id<'rec'> => ids[place - 1] ?? newId('rec')
const at = (place: number): string => `'${uuidOf(idAt(place))}'::uuid`
const record = (place: number): string => `record ${idAt(place)} in place ${place}`
const verify = (kept: readonly string[] = []) => verifyRecords(world.context, { kept })
const notSealed = 'its body or salt is not the one that was sealed'
const edgeDiffers = { what: 'its edge of the tree at level 1 is not what is below it', where: 'the sealer' }
const differs = (size: number, agreed: number) => ({
  where: `checkpoint of ${size} records`,
  what: `the first ${size} records are not those that were signed for; the first ${agreed} are`,
})

describe('a sound log', () => {
  test('has no findings, nor has one that was never sealed', async () => {
    const progress: unknown[] = []
    expect(await verifyRecords(world.context, { kept: notes, onProgress: (each) => progress.push(each) })).toEqual([])
    expect(progress).toEqual([
      { done: 512, total: 600 },
      { done: 600, total: 600 },
    ])
    const empty = await createWorld()
    expect(await verifyRecords(empty.context)).toEqual([])
    await appendSome(empty.context, 5)
    expect(await verifyRecords(empty.context)).toEqual([])
    await empty.close()
  })

  test('has none while it is written, sealed and signed', async () => {
    const busy = await createWorld()
    let writes = true
    const each = async (work: () => Promise<unknown>): Promise<void> => {
      while (writes) await work()
    }
    const writing = [
      each(() => appendSome(busy.context, 20)),
      each(() => sealRecords(busy.context, 37)),
      each(() => signCheckpoint(busy.context, { origin: ORIGIN })),
    ]
    for (let round = 0; round < 10; round++) expect(await verifyRecords(busy.context)).toEqual([])
    writes = false
    await Promise.all(writing)
    await busy.close()
  })
})

describe('a record', () => {
  test.each([
    ['body', `body = replace(body, '"n":"6"', '"n":"7"')`],
    ['salt', `salt = decode(repeat('00', 16), 'hex')`],
  ])('whose %s was changed is found', async (_, change) => {
    await tamper(`update records set ${change} where id = ${at(7)}`)
    expect(await verify()).toEqual([{ what: notSealed, where: record(7) }])
  })

  test.each([
    ['kind', `kind = 'consent'`],
    ['time', `recorded_at = recorded_at + interval '1 ms'`],
    ['partner', `partner_id = id`],
  ])('whose column %s was changed is found', async (column, change) => {
    await tamper(`update records set ${change} where id = ${at(130)}`)
    expect(await verify()).toEqual([{ what: `its ${column} is not the one in its body`, where: record(130) }])
  })

  test('whose body is no body any more is found', async () => {
    await tamper(`update records set body = 'x' where id = ${at(600)}`)
    expect(await verify()).toEqual([
      { what: notSealed, where: record(600) },
      { what: 'its form is not the one in its body', where: record(600) },
    ])
  })

  test('that was deleted is found', async () => {
    await tamper(`delete from records where id = ${at(1)}`)
    expect(await verify()).toEqual([{ what: 'the record is missing', where: record(1) }])
  })

  test('that was deleted with its seal leaves a place, and all others are still proven', async () => {
    await tamper(`delete from records where id in (${at(9)}, ${at(590)})`, 'delete from seals where seq in (9, 590)')
    expect(await verify()).toEqual(
      [9, 590].map((place) => ({ what: 'no record is sealed in it', where: `place ${place}` })),
    )
  })

  test('that was put in behind the sealer’s back is found', async () => {
    const { id, sql } = insertCopy(idAt(5))
    await tamper(sql)
    expect(await verify()).toEqual([{ what: 'it is not sealed, and the log has gone past it', where: `record ${id}` }])
  })

  test('of a transaction that never was is found', async () => {
    const { id, sql } = insertCopy(idAt(5), { txId: "'9999999999'" })
    await tamper(sql)
    expect(await verify()).toEqual([{ what: 'it is of a transaction that has not happened', where: `record ${id}` }])
  })

  test('changed together with its seal is found by the tree, and by the checkpoints', async () => {
    await tamper(...rewriteAt(150))
    expect(await verify()).toEqual([
      { what: 'its seal is not the leaf in the tree', where: record(150) },
      differs(300, 100),
      edgeDiffers,
    ])
  })

  test('changed together with its seal and the whole tree is found by the checkpoints', async () => {
    await tamper(...rewriteAt(150))
    await rebuildTree(world.owner)
    expect(await verify()).toEqual([differs(300, 100)])
  })
})

describe('two records', () => {
  test('whose bodies and salts were swapped are found', async () => {
    await tamper(
      `update records r set body = o.body, salt = o.salt from records o
       where (r.id, o.id) in ((${at(3)}, ${at(4)}), (${at(4)}, ${at(3)}))`,
    )
    expect(await verify()).toEqual(
      [3, 4].flatMap((place) => [
        { what: notSealed, where: record(place) },
        { what: 'its id is not the one in its body', where: record(place) },
      ]),
    )
  })

  test('whose places were swapped are found', async () => {
    await tamper(
      'update seals set seq = 1000 + seq where seq in (3, 4)',
      'update seals set seq = 1007 - seq where seq > 1000',
    )
    const misplaced = [3, 4].map((place) => ({
      what: 'its seal is not the leaf in the tree',
      where: `record ${idAt(7 - place)} in place ${place}`,
    }))
    expect(await verify()).toEqual([...misplaced, differs(100, 0), edgeDiffers])
  })
})

describe('a log that was cut off', () => {
  const cut = [
    `delete from records where id in (select record_id from seals where seq > 590)`,
    'delete from seals where seq > 590',
  ]

  test('at its tail is found by the sealer’s head', async () => {
    await tamper(...cut)
    expect(await verify()).toHaveLength(10)
    expect((await verify())[9]).toEqual({ what: 'no record is sealed in it', where: 'place 600' })
  })

  test('with its head and tree is found by the checkpoints', async () => {
    await tamper(...cut)
    await rebuildTree(world.owner)
    expect(await verify()).toEqual([
      { what: '600 records were signed for, and only 590 are sealed', where: 'checkpoint of 600 records' },
    ])
  })

  test('with its checkpoints too is found by one that was kept', async () => {
    await tamper(...cut, 'delete from checkpoints where size = 600')
    await rebuildTree(world.owner)
    expect(await verify()).toEqual([])
    expect(await verify(notes)).toEqual([
      { what: '600 records were signed for, and only 590 are sealed', where: 'kept checkpoint no. 3' },
    ])
  })

  test('as a whole is found, in bounded memory', async () => {
    await tamper('truncate records')
    expect(await verify()).toHaveLength(600)
    await tamper('truncate seals', 'truncate tree_tiles', 'truncate seal_head')
    const all = await verify()
    expect(all[0]).toEqual({ what: 'its head is missing', where: 'the sealer' })
    expect(all).toContainEqual({ what: 'no record is sealed in it', where: 'place 1' })
    expect(all).toContainEqual(differs(100, 0))
  })

  test('rewritten whole and signed with another key is found by the key, and by one that was kept', async () => {
    await tamper(...cut, 'delete from checkpoints', 'delete from log_keys')
    await rebuildTree(world.owner)
    await signCheckpoint(world.context, { origin: ORIGIN })
    const found = await verify(notes.slice(2))
    expect(found).toEqual([{ what: 'its signature is not the log’s', where: 'kept checkpoint no. 1' }])
  })
})

describe('what proves the log', () => {
  test('a tile that was changed or deleted is found', async () => {
    await tamper(`update tree_tiles set hashes = set_byte(hashes, 32, get_byte(hashes, 32) # 1) where index = 1`)
    expect(await verify()).toEqual([{ what: 'its seal is not the leaf in the tree', where: record(258) }])
    await tamper('delete from tree_tiles where index = 1')
    expect(await verify()).toHaveLength(256)
  })

  test('the sealer’s head is compared at every level', async () => {
    await tamper(`update seal_head set edge[2] = set_byte(edge[2], 32, get_byte(edge[2], 32) # 1)`)
    expect(await verify()).toEqual([edgeDiffers])
    await tamper(
      `delete from seal_head`,
      `insert into seal_head select * from kept_seal_head`,
      `update seal_head set record_id = ${at(599)}`,
    )
    expect(await verify()).toContainEqual({
      what: 'the record it sealed last is not the last one in the log',
      where: 'the sealer',
    })
  })

  test.each([
    ['note', `signed_note = replace(signed_note, E'\\n300\\n', E'\\n301\\n')`, 'its signature is not the log’s'],
    ['root', `root = sha256(root)`, 'its columns are not what was signed'],
    ['size', `size = 299`, 'its columns are not what was signed'],
  ])('a checkpoint whose %s was changed is found', async (_, change, what) => {
    await tamper(`update checkpoints set ${change} where size = 300`)
    const found = await verify()
    expect(found).toEqual([{ what, where: expect.stringMatching(/^checkpoint of (300|299) records$/) }])
  })

  test('a key that was swapped, or is gone, proves nothing', async () => {
    const gone = [100, 300, 600].map((size) => ({
      what: 'there is no sound key of the log that it names',
      where: `checkpoint of ${size} records`,
    }))
    await tamper(`update log_keys set public_key = sha256(public_key)`)
    expect(await verify()).toEqual(gone)
    await tamper('delete from log_keys')
    expect(await verify()).toEqual(gone)
  })

  test('a kept note that is none is told', async () => {
    const key = await logKey(world.context, ORIGIN)
    const forged = signNote(writeCheckpoint({ origin: ORIGIN, size: 300, root: Buffer.alloc(32) }), key, key.privateKey)
    const found = await verify(['', 'x\n', notes[0] ?? '', forged])
    expect(found.map(({ where }) => where)).toEqual([
      'kept checkpoint no. 1',
      'kept checkpoint no. 2',
      'kept checkpoint no. 4',
    ])
  })
})

test('a log goes on soundly after a transaction that wrote nothing of it', async () => {
  await world.context.database.transaction((tx) => appendRecords(world.context, tx, []))
  expect(await verify()).toEqual([])
})
