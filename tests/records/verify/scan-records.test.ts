import { hash, randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CanonicalValue } from '../../../kernel/canonical-json.ts'
import { type Id, newId, uuidOf } from '../../../kernel/ids.ts'
import { type RecordKind, writeBody } from '../../../records/record-body.ts'
import { RECORD_COLUMNS } from '../../../records/store/copy-log.ts'
import { visitRows } from '../../../records/verify/copied-rows.ts'
import { type CopiedRecord, isSurelySound, SEALED_BYTES } from '../../../records/verify/scan-records.ts'

type Columns = {
  readonly id: Id<'rec'>
  readonly kind: string
  readonly salt: Buffer
  readonly body: string
  readonly at: Date
  readonly partner: Id<'ptr'> | undefined
}

const EPOCH_MS = Date.UTC(2000, 0, 1)
const PLACE = 70_000

/** A row as PostgreSQL's binary COPY writes it. */
function rowOf({ id, kind, salt, body, at, partner }: Columns): Buffer {
  const time = Buffer.alloc(8)
  time.writeBigInt64BE(BigInt(at.getTime() - EPOCH_MS) * 1000n)
  const uuid = (of: Id<'rec'> | Id<'ptr'>): Buffer => Buffer.from(uuidOf(of), 'hex')
  const fields = [uuid(id), Buffer.from(kind), salt, Buffer.from(body), time, partner ? uuid(partner) : undefined]
  return Buffer.concat([
    int16(fields.length),
    ...fields.flatMap((field) => (field ? [int32(field.length), field] : [int32(-1)])),
  ])
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), int32(0), int32(0)])
const copyOf = (...rows: readonly Buffer[]): Buffer => Buffer.concat([HEADER, ...rows, int16(-1)])

/** Visits the rows of a copy that comes in chunks of this size. */
async function visit(copy: Buffer, chunk: number, onRow: (row: CopiedRecord) => void): Promise<void> {
  const stream = new PassThrough()
  for (let at = 0; at < copy.length; at += chunk) stream.write(copy.subarray(at, at + chunk))
  stream.end()
  await visitRows(stream, RECORD_COLUMNS, onRow)
}

async function isSound(columns: Columns, sealed: Buffer = sealOf(columns)): Promise<boolean | undefined> {
  let sound: boolean | undefined
  await visit(copyOf(rowOf(columns)), 65_536, (row) => {
    sound = isSurelySound(row, { place: PLACE, sealed, offset: 0 })
  })
  return sound
}

function sealOf({ id, salt, body }: Columns, place = PLACE): Buffer {
  const seq = Buffer.alloc(8)
  seq.writeBigInt64BE(BigInt(place))
  const commitment = hash('sha256', Buffer.concat([salt, Buffer.from(body)]), 'buffer')
  return Buffer.concat([seq, Buffer.from(uuidOf(id), 'hex'), commitment])
}

const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const value: fc.Arbitrary<CanonicalValue> = fc.letrec<{ value: CanonicalValue }>((tie) => ({
  value: fc.oneof(
    text,
    fc.boolean(),
    fc.bigInt(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value
const records: fc.Arbitrary<Columns> = fc
  .record({
    actor: fc.constantFrom('system:tests', 'staff:anna', 'staff:王芳', 'client:cli_0199aa000000700080000000000000ab'),
    at: fc.date({ min: new Date('2001-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }),
    data: fc.dictionary(text, value, { maxKeys: 4 }),
    kind: fc.constantFrom<RecordKind>('contribution', 'consent', 'payout_round'),
    shared: fc.boolean(),
    personal: fc.boolean(),
  })
  .map(({ shared, personal, actor, ...parts }) => {
    const [id, partner] = [newId('rec'), shared ? newId('ptr') : undefined]
    const box = (bytes: number): string => randomBytes(bytes).toString('base64')
    const sealed = personal ? { owner: box(44), sealed: box(70) } : undefined
    const body = writeBody({ id, partner, personal: sealed, actor: actor as 'system:tests', ...parts })
    return { id, kind: parts.kind, salt: randomBytes(16), body, at: parts.at, partner }
  })

describe('a record that was written by us', () => {
  test('is surely sound, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (columns) => {
        expect(await isSound(columns)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('is not, once any of its columns, its body or its seal is another', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.nat(), async (columns, random) => {
        const { kind, salt, body, at, partner } = columns
        const changed: readonly Partial<Columns>[] = [
          { id: newId('rec') },
          { kind: kind === 'consent' ? 'terms' : 'consent' },
          { kind: `${kind}"` },
          { kind: kind.slice(1) },
          { salt: Buffer.concat([salt, Buffer.alloc(1)]) },
          { body: `${body} ` },
          { body: body.slice(1) },
          { body: body.replace('"v":"1"', '"v":"2"') },
          { body: body.replace('","data":{', '","data":[') },
          { at: new Date(at.getTime() + 1) },
          { partner: partner ? undefined : newId('ptr') },
          { partner: newId('ptr') },
        ]
        for (const change of changed) {
          const other = { ...columns, ...change }
          expect(await isSound(other, sealOf(columns))).toBe(false)
          // with its seal made anew, what its columns say still tells
          if (!('salt' in change)) expect(await isSound(other, sealOf(other)), JSON.stringify(change)).toBe(false)
        }
        const hole = random % body.length
        const shorter = { ...columns, body: body.slice(0, hole) + body.slice(hole + 1) }
        expect(await isSound(shorter, sealOf(columns))).toBe(false)
        expect(await isSound(columns, sealOf(columns, PLACE + 1))).toBe(false)
        const flipped = sealOf(columns)
        flipped[random % SEALED_BYTES] = (flipped[random % SEALED_BYTES] ?? 0) ^ 1
        expect(await isSound(columns, flipped)).toBe(false)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a copy', () => {
  test('is read the same wherever its chunks end', async () => {
    const all = fc.sample(records, 5)
    const rows = all.map(rowOf)
    for (const chunk of [1, 2, 3, 7, 64, 1000, 1_000_000]) {
      const bodies: string[] = []
      await visit(copyOf(...rows), chunk, ({ bytes, body }) => bodies.push(bytes.toString('utf8', body.from, body.to)))
      expect(bodies).toEqual(all.map(({ body }) => body))
    }
  })

  test('that ends early, or is none, is not taken for a whole one', async () => {
    const [row] = fc.sample(records, 1).map(rowOf)
    const whole = copyOf(row ?? Buffer.alloc(0))
    for (const end of [0, 5, HEADER.length, whole.length - 3, whole.length - 1]) {
      await expect(visit(whole.subarray(0, end), 100, () => {})).rejects.toThrow('ended before its end')
    }
    await expect(visit(Buffer.from('x'.repeat(50)), 100, () => {})).rejects.toThrow('binary format')
    const wide = Buffer.concat([HEADER, int16(7), Buffer.alloc(100)])
    await expect(visit(wide, 100, () => {})).rejects.toThrow('columns that were asked for')
  })

  test('tells of an error of whoever reads it', async () => {
    const [row] = fc.sample(records, 1).map(rowOf)
    const fail = (): void => {
      throw new Error('no more')
    }
    await expect(visit(copyOf(row ?? Buffer.alloc(0)), 100, fail)).rejects.toThrow('no more')
  })
})
