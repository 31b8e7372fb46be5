import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Id, newId, uuidOf } from '../../kernel/ids.ts'
import { logKey } from '../../records/log-key.ts'
import { writeCheckpoint } from '../../records/notes/checkpoint-text.ts'
import { signNote } from '../../records/notes/signed-note.ts'
import type { Finding } from '../../records/verify/findings.ts'
import { verifyLog } from '../../records/verify-records.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { useWorld } from '../support/database.ts'
import { insertCopy, type KeptLog, keepLog, ORIGIN, rebuildTree, restoreLog, rewriteAt } from './tampered-log.ts'

/**
 * The same tampering with a log that is looked at by this thread alone, and with one so long that threads share it; which
 * of the two it is, is left to the program. Tile 1/0 is full in the long one. The places are at the edges of what is
 * looked at together: 512 places, or 64 tiles of 256.
 */
const LOGS = [
  { name: 'a short log', sizes: [100, 550, 600], edge: 512, timeout: 30_000 },
  { name: 'a long log, by threads', sizes: [100, 40_000, 66_000], edge: 16_384, timeout: 60_000 },
] as const

const NOT_SEALED = 'its body or salt is not the one that was sealed'
const NOT_THE_LEAF = 'its seal is not the leaf in the tree'
const OTHER_TRANSACTION = 'its transaction is not the one whose turn it was'

describe.each(LOGS)('$name', ({ sizes, edge, timeout }) => {
  const world = useWorld()
  const [, , size] = sizes
  let log: KeptLog = { ids: [], notes: [] }

  beforeAll(async () => {
    log = await keepLog(world.context, world.owner, sizes)
  }, 120_000)
  let done: string[] = []
  afterEach(async () => {
    await restoreLog(world.owner, done)
    done = []
  }, timeout)

  const idAt = (place: number): Id<'rec'> => log.ids[place - 1] ?? newId('rec')
  const is = (place: number): string => `id = '${uuidOf(idAt(place))}'`
  const at = (place: number, what: string): Finding => ({ where: `record ${idAt(place)} in place ${place}`, what })
  const sealer = (what: string): Finding => ({ where: 'the sealer', what })
  const differs = (place: number): Finding => {
    const signed = sizes.find((each) => each >= place) ?? 0
    const agreed = sizes.findLast((each) => each < place) ?? 0
    const what = `the first ${signed} records are not those that were signed for; the first ${agreed} are`
    return { where: `checkpoint of ${signed} records`, what }
  }
  /** What is above a leaf that was changed in a full tile: a tile that is full, or the edge. */
  const above = (place: number): readonly Finding[] => {
    if (place > size - (size % 256)) return []
    return place <= 65_536 && size >= 65_536
      ? [
          { where: 'tile 1/0', what: 'it is not what is below it' },
          sealer('its edge of the tree at level 2 is not what is below it'),
        ]
      : [sealer('its edge of the tree at level 1 is not what is below it')]
  }
  /** In the order in which they are come upon. */
  const misplaced = (place: number, ...first: readonly Finding[]): readonly Finding[] => {
    const [upper, ...head] = above(place)
    const isTile = upper?.where.startsWith('tile') === true
    const [tile, ends] = isTile ? [[upper], head] : [[], above(place)]
    return sizes.some((signed) => signed >= place && signed < 65_536) || !isTile
      ? [...first, differs(place), ...tile, ...ends]
      : [...first, ...tile, differs(place), ...ends]
  }

  const tamper = (...sql: readonly string[]) => {
    done.push(...sql)
    return behindGuards(world.owner, ...sql)
  }
  const rebuild = () => {
    done.push('tree_tiles', 'seal_head')
    return rebuildTree(world.owner)
  }
  const verify = (kept: readonly string[] = []) => verifyLog(world.context, { kept })
  const findings = async (kept?: readonly string[]) => (await verify(kept)).findings

  test('is sound as long as nobody touches it', async () => {
    expect(await verify(log.notes)).toMatchObject({ findings: [], size, checkpoints: 2 * sizes.length })
  })

  const places = [1, 100, 256, 257, edge, edge + 1, size - 1, size]

  describe('a record', () => {
    test.each([
      ['body', `body = replace(body, '"n":"', '"n":"9')`, [NOT_SEALED]],
      ['salt', 'salt = substr(sha256(salt), 1, 16)', [NOT_SEALED]],
      ['kind', `kind = 'consent'`, ['its kind is not the one in its body']],
      ['partner', 'partner_id = id', ['its partner is not the one in its body']],
      ['time', `recorded_at = recorded_at + interval '1 microsecond'`, ['its time is not the one in its body']],
      ['form', `body = 'x' || body`, [NOT_SEALED, 'its form is not the one in its body']],
    ])('whose %s was changed is found in every place', async (_, change, reasons) => {
      await tamper(...places.map((place) => `update records set ${change} where ${is(place)}`))
      expect(await findings()).toEqual(places.flatMap((place) => reasons.map((what) => at(place, what))))
    })

    test('whose bytes went from its salt to its body, or back, is found', async () => {
      await tamper(
        'alter table records drop constraint records_salt_length',
        `update records set salt = substr(salt, 1, 15), body = 'x' || body where ${is(3)}`,
        `update records set salt = salt || convert_to(left(body, 1), 'UTF8'), body = substr(body, 2) where ${is(edge)}`,
      )
      const form = 'its form is not the one in its body'
      expect(await findings()).toEqual([at(3, NOT_SEALED), at(3, form), at(edge, form)])
    })

    test('that was deleted is found, and one deleted with its seal too', async () => {
      await tamper(`delete from records where ${is(7)}`, `delete from records where ${is(edge + 1)}`)
      const missing = [7, edge + 1].map((place) => at(place, 'the record is missing'))
      expect(await findings()).toEqual(missing)
      await tamper('delete from seals where seq = 7')
      expect(await findings()).toEqual([{ where: 'place 7', what: 'no record is sealed in it' }, ...missing.slice(1)])
    })

    test('that was put in is found, before the first, among others and behind the last', async () => {
      const first = insertCopy(idAt(1), { txId: "'1'" })
      const among = insertCopy(idAt(edge))
      const never = insertCopy(idAt(size), { txId: "'9999999999'" })
      await tamper(first.sql, among.sql, never.sql)
      const passed = [first, among].map(({ id }) => ({
        where: `record ${id}`,
        what: 'it is not sealed, and the log has gone past it',
      }))
      const foreign = { where: `record ${never.id}`, what: 'it is of a transaction that has not happened' }
      expect(await findings()).toEqual([...passed, foreign])
    })

    test.each([
      ['a later transaction', 256, '(select max(r.tx_id) from records r)'],
      ['an earlier transaction', edge, `'2'`],
      ['a later transaction, at the end of a part,', edge, '(select max(r.tx_id) from records r)'],
      ['an earlier transaction, at the beginning of a part,', edge + 1, `'2'`],
    ])('that was moved to %s is found', async (_, place, txId) => {
      await tamper(`update records set tx_id = ${txId} where ${is(place)}`)
      expect(await findings()).toEqual([at(place, OTHER_TRANSACTION)])
    })

    test('that stands last and was moved to another transaction is found by the sealer’s head', async () => {
      await tamper(`update records set tx_id = (tx_id::text::bigint + 1)::text::xid8 where ${is(size)}`)
      expect(await findings()).toEqual([at(size, 'its transaction is not the one in which the sealer met it')])
    })

    test(
      'changed together with its seal is found by the tree and by the checkpoints',
      async () => {
        for (const place of [150, edge, size]) {
          await tamper(...rewriteAt(place))
          expect(await findings()).toEqual(misplaced(place, at(place, NOT_THE_LEAF)))
          await restoreLog(world.owner)
        }
      },
      4 * 30_000,
    )

    test('changed together with all that is computed from it is found by a signed checkpoint alone', async () => {
      await tamper(...rewriteAt(150))
      await rebuild()
      expect(await findings()).toEqual([differs(150)])
      await tamper('delete from checkpoints')
      expect(await findings()).toEqual([])
      const found = await findings(log.notes)
      expect(found).toEqual([{ ...differs(150), where: 'kept checkpoint no. 2' }])
    })
  })

  describe('two records', () => {
    test('whose bodies and salts were swapped are found', async () => {
      const [one, other] = [edge, edge + 1]
      const pairs = [one, other].map((place) => `'${uuidOf(idAt(place))}'`)
      await tamper(
        `update records r set body = o.body, salt = o.salt from records o
         where (r.id, o.id) in ((${pairs.join()}), (${pairs.toReversed().join()}))`,
      )
      const what = 'its id is not the one in its body'
      expect(await findings()).toEqual([one, other].flatMap((place) => [at(place, NOT_SEALED), at(place, what)]))
    })

    test('whose places were swapped are found', async () => {
      await tamper(
        'update seals set seq = 1000000 + seq where seq in (3, 4)',
        'update seals set seq = 1000007 - seq where seq > 1000000',
      )
      const swapped = [3, 4].map((place) => ({
        where: `record ${idAt(7 - place)} in place ${place}`,
        what: NOT_THE_LEAF,
      }))
      expect(await findings()).toEqual(misplaced(3, ...swapped))
    })

    test('whose places were swapped, in the tree too, are out of order', async () => {
      await tamper(
        'update seals set seq = 1000000 + seq where seq in (150, 151)',
        'update seals set seq = 1000301 - seq where seq > 1000000',
      )
      await rebuild()
      const moved = { where: `record ${idAt(151)} in place 150`, what: OTHER_TRANSACTION }
      expect(await findings()).toEqual([moved, differs(150)])
    })
  })

  describe('a seal', () => {
    test('whose commitment was changed is found by its record and by the tree', async () => {
      await tamper(`update seals set commitment = sha256(commitment) where seq = ${edge}`)
      expect(await findings()).toEqual(misplaced(edge, at(edge, NOT_SEALED), at(edge, NOT_THE_LEAF)))
    })

    test('that names another record is found, and the record that lost its place', async () => {
      const other = newId('rec')
      await tamper(`update seals set record_id = '${uuidOf(other)}' where seq = 257`)
      expect(await findings()).toEqual([
        { where: `record ${other} in place 257`, what: 'the record is missing' },
        { where: `record ${idAt(257)}`, what: 'it is not sealed, and the log has gone past it' },
      ])
    })

    test('that was deleted is found', async () => {
      await tamper(`delete from seals where seq in (1, ${edge}, ${size})`)
      const empty = [1, edge, size].map((place) => ({ where: `place ${place}`, what: 'no record is sealed in it' }))
      const lost = [1, edge, size].map((place) => ({
        where: `record ${idAt(place)}`,
        what: 'it is not sealed, and the log has gone past it',
      }))
      expect(await findings()).toEqual([...empty, ...lost])
    })

    test('that stands where the sealer has not been is found', async () => {
      const { id, sql } = insertCopy(idAt(size))
      await tamper(sql, `insert into seals values (${size + 5}, '${uuidOf(id)}', sha256('x'))`)
      expect(await findings()).toContainEqual({
        where: `record ${id} in place ${size + 5}`,
        what: 'it is sealed where the sealer has not been',
      })
    })

    test('that stands twice in a place is found', async () => {
      await tamper(
        'alter table seals drop constraint seals_pkey',
        'alter table seals drop constraint seals_record_key',
        `insert into seals select * from seals where seq = ${edge}`,
      )
      const found = await findings()
      await tamper(
        `delete from seals s where ctid <> (select min(ctid) from seals o where o.seq = s.seq) and seq = ${edge}`,
        'alter table seals add constraint seals_pkey primary key (seq)',
        'alter table seals add constraint seals_record_key unique (record_id)',
      )
      expect(found).toContainEqual({ where: `place ${edge}`, what: 'more than one record is sealed in it' })
    })
  })

  describe('the tree', () => {
    const noLeaf = (place: number): Finding => ({ where: `place ${place}`, what: 'its leaf is missing from the tree' })

    test('whose tile was changed is found, at the leaf that was changed', async () => {
      await tamper(
        `update tree_tiles set hashes = set_byte(hashes, 32, get_byte(hashes, 32) # 1) where (level, index) = (0, 1)`,
      )
      expect(await findings()).toEqual([at(258, NOT_THE_LEAF)])
    })

    test('that lacks a tile is found, leaf by leaf', async () => {
      await tamper('delete from tree_tiles where (level, index) = (0, 1)')
      const leaves = Array.from({ length: 256 }, (_, n) => noLeaf(257 + n))
      expect(await findings()).toEqual(leaves)
    })

    test('that lost all its tiles is found, and told in bounded space', async () => {
      await tamper('truncate tree_tiles')
      const found = await findings()
      expect(found[0]).toEqual(noLeaf(1))
      expect(found.length).toBeLessThanOrEqual(1001)
    })

    test('that has a tile too many is found', async () => {
      await tamper(`insert into tree_tiles select 0, 400, hashes from tree_tiles where (level, index) = (0, 0)`)
      await tamper(`insert into tree_tiles select 3, 0, hashes from tree_tiles where (level, index) = (0, 0)`)
      const what = 'the tree is not as large as that'
      expect(await findings()).toEqual(['tile 0/400', 'tile 3/0'].map((where) => ({ where, what })))
    })

    test('whose tile above the leaves was changed or deleted is found', async () => {
      const has = size >= 65_536
      await tamper(`update tree_tiles set hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) where level = 1`)
      expect(await findings()).toEqual(has ? [{ where: 'tile 1/0', what: 'it is not what is below it' }] : [])
      await tamper('delete from tree_tiles where level = 1')
      expect(await findings()).toEqual(has ? [{ where: 'tile 1/0', what: 'it is missing' }] : [])
    })
  })

  describe('the sealer’s head', () => {
    test.each([
      ['leaves', 'edge[1] = edge[1] || edge[1]', sealer('its edge of the tree at level 0 is not what is below it')],
      ['record', `record_id = gen_random_uuid()`, sealer('the record it sealed last is not the last one in the log')],
      ['transaction', `tx_id = '3'`, 'last'],
      ['size', 'size = size + 1', { where: `place ${size + 1}`, what: 'no record is sealed in it' }],
    ] as const)('whose %s were changed is found', async (_, change, finding) => {
      await tamper(`update seal_head set ${change}`)
      const last = at(size, 'its transaction is not the one in which the sealer met it')
      expect(await findings()).toContainEqual(finding === 'last' ? last : finding)
    })

    test('whose leaf was changed is found in its place', async () => {
      await tamper(`update seal_head set edge[1] = set_byte(edge[1], 32, get_byte(edge[1], 32) # 1)`)
      expect(await findings()).toEqual([at(size - (size % 256) + 2, NOT_THE_LEAF)])
    })

    test('that is gone is found', async () => {
      await tamper('truncate seal_head')
      expect((await findings())[0]).toEqual(sealer('its head is missing'))
    })
  })

  describe('a log that was cut off', () => {
    const cut = (last: number) => [
      `delete from records where id in (select record_id from seals where seq > ${last})`,
      `delete from seals where seq > ${last}`,
    ]

    test('at its tail is found by the sealer’s head, place by place', async () => {
      await tamper(...cut(size - 3))
      expect(await findings()).toEqual(
        [size - 2, size - 1, size].map((place) => ({ where: `place ${place}`, what: 'no record is sealed in it' })),
      )
    })

    test('with its tree and head is found by a checkpoint, its own or one that was kept', async () => {
      const what = `${size} records were signed for, and only ${size - 3} are sealed`
      await tamper(...cut(size - 3))
      await rebuild()
      expect(await findings()).toEqual([{ where: `checkpoint of ${size} records`, what }])
      await tamper(`delete from checkpoints where size = ${size}`)
      expect(await findings()).toEqual([])
      expect(await findings(log.notes)).toEqual([{ where: 'kept checkpoint no. 3', what }])
    })

    test.each(['records', 'seals'])('of which all %s are gone is found', async (table) => {
      await tamper(`truncate ${table}`)
      const what = table === 'records' ? 'the record is missing' : 'no record is sealed in it'
      const found = await findings()
      expect(found[0]?.what).toBe(what)
      expect(found.filter((each) => each.what === what)).toHaveLength(Math.min(size, 1000))
    })
  })

  describe('a checkpoint', () => {
    test.each([
      ['note', `signed_note = replace(signed_note, E'\\n100\\n', E'\\n101\\n')`, 100, 'its signature is not the log’s'],
      ['root', 'root = sha256(root)', 100, 'its columns are not what was signed'],
      ['size', 'size = 99', 99, 'its columns are not what was signed'],
    ])('whose %s was changed is found', async (_, change, where, what) => {
      await tamper(`update checkpoints set ${change} where size = 100`)
      expect(await findings()).toEqual([{ where: `checkpoint of ${where} records`, what }])
    })

    test('that was put in is found, unsigned, or signed with the log’s own key over other records', async () => {
      const key = await logKey(world.context, ORIGIN)
      const root = Buffer.alloc(32, 5)
      const note = signNote(writeCheckpoint({ origin: ORIGIN, size: 200, root }), key, key.privateKey)
      const hex = `decode('${root.toString('hex')}', 'hex')`
      await tamper(
        `insert into checkpoints values (150, ${hex}, 'x', now())`,
        `insert into checkpoints values (200, ${hex}, '${note}', now())`,
      )
      const what = 'the first 200 records are not those that were signed for; the first 100 are'
      expect(await findings()).toEqual([
        { where: 'checkpoint of 150 records', what: 'there is no sound key of the log that it names' },
        { where: 'checkpoint of 200 records', what },
      ])
    })
  })

  test('a key that was swapped, and one that is gone, are found', async () => {
    const gone = sizes.map((signed) => ({
      where: `checkpoint of ${signed} records`,
      what: 'there is no sound key of the log that it names',
    }))
    await tamper('update log_keys set public_key = sha256(public_key)')
    expect(await findings()).toEqual(gone)
    await tamper('truncate log_keys')
    expect(await findings()).toEqual(gone)
  })
})
