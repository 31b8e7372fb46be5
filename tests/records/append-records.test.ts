import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { type Id, idOf, newId, uuidOf } from '../../kernel/ids.ts'
import { appendRecords, type NewRecord } from '../../records/append-records.ts'
import { openPersonal } from '../../records/personal-data.ts'
import { readBody, writeBody } from '../../records/record-body.ts'
import { TEST_TIME, useWorld } from '../support/database.ts'

const world = useWorld()

const append = (records: readonly NewRecord[]) =>
  world.context.database.transaction((tx) => appendRecords(world.context, tx, records))

async function stored(id: Id<'rec'>): Promise<{ body: string; salt: Buffer; kind: string; partner_id: string | null }> {
  const [row] = await world.owner<{ body: string; salt: Buffer; kind: string; partner_id: string | null }[]>`
    select body, salt, kind, partner_id from records where id = ${uuidOf(id)}::uuid`
  if (!row) throw new Error('no such record')
  return row
}

const bodyOf = async (id: Id<'rec'>) => readBody((await stored(id)).body)

describe('records that are appended', () => {
  test('a body is the canonical JSON of what the record says', async () => {
    const partner = newId('ptr')
    const [record] = await append([
      { kind: 'revenue_event', partner, data: { minor: 12n, asset: 'CNY/2', b: [true, null] } },
    ])
    if (!record) throw new Error('no record')
    const row = await stored(record.id)
    const data = { minor: 12n, asset: 'CNY/2', b: [true, null] }
    const frame = { v: '1', id: record.id, kind: 'revenue_event', actor: 'system:tests', at: TEST_TIME, partner, data }
    expect(row.body).toBe(canonicalJson(frame))
    expect(row).toMatchObject({ kind: 'revenue_event', partner_id: expect.any(String) })
    expect(idOf('ptr', row.partner_id ?? '')).toBe(partner)
    expect(row.salt).toHaveLength(16)
    expect(record.at.toISOString()).toBe(TEST_TIME)
  })

  test('many are written in one statement, in the order given, each under a salt of its own', async () => {
    const many = Array.from(
      { length: 500 },
      (_, index): NewRecord => ({ kind: 'import', data: { index: BigInt(index) } }),
    )
    const appended = await append(many)
    const rows = await world.owner<{ id: string; salt: string; body: string; transactions: string }[]>`
      select id, encode(salt, 'hex') as salt, body, count(*) over (partition by tx_id) as transactions
      from records where kind = 'import' order by tx_id, id`
    expect(rows.map(({ id }) => idOf('rec', id))).toEqual(appended.map(({ id }) => id))
    expect(rows.map(({ body }) => readBody(body).data['index'])).toEqual(many.map((_, index) => String(index)))
    expect(new Set(rows.map(({ salt }) => salt)).size).toBe(500)
    expect(new Set(rows.map(({ transactions }) => transactions))).toEqual(new Set(['500']))
  })

  test('none is nothing', async () => {
    expect(await append([])).toEqual([])
  })

  test('any text in the data comes back as it was: quotes, line breaks, nulls, Chinese', async () => {
    const texts = ['"', '\\', 'a\nb\r\n', '\u0000', '{}', 'NULL', '风险等级', '\u2028', "'", ',']
    const appended = await append(texts.map((text) => ({ kind: 'product', data: { text } })))
    const bodies = await Promise.all(appended.map(({ id }) => bodyOf(id)))
    expect(bodies.map(({ data }) => data['text'])).toEqual(texts)
  })

  test('a transaction that fails leaves none', async () => {
    let id: Id<'rec'> | undefined
    const failing = world.context.database.transaction(async (tx) => {
      id = (await appendRecords(world.context, tx, [{ kind: 'partner', data: {} }]))[0]?.id
      throw new Error('afterwards')
    })
    await expect(failing).rejects.toThrow('afterwards')
    await expect(stored(id ?? newId('rec'))).rejects.toThrow('no such record')
  })

  test.each(['update records set kind = kind', 'delete from records', 'truncate records'])(
    'neither the application nor the owner may %s',
    async (statement) => {
      await append([{ kind: 'partner', data: {} }])
      await expect(world.context.database.transaction((tx) => tx.unsafe(statement))).rejects.toThrow()
      await expect(world.owner.unsafe(statement)).rejects.toThrow('never changed or removed')
    },
  )
})

describe('what is personal', () => {
  test('is ciphertext in the body, and reads back with its customer', async () => {
    const [ann, bob] = [newId('cus'), newId('cus')]
    const records: NewRecord[] = [
      { kind: 'consent', data: { n: 1n }, personal: { customer: ann, data: { account: 'ACC-1', minor: 5n } } },
      { kind: 'consent', data: { n: 2n } },
      { kind: 'consent', data: { n: 3n }, personal: { customer: bob, data: { account: 'ACC-2' } } },
      { kind: 'consent', data: { n: 4n }, personal: { customer: ann, data: { account: 'ACC-3' } } },
    ]
    const bodies = await Promise.all((await append(records)).map(({ id }) => bodyOf(id)))
    expect(JSON.stringify(bodies)).not.toMatch(new RegExp(`ACC-|${uuidOf(ann)}|${uuidOf(bob)}`))
    expect(await openPersonal(world.context, bodies)).toEqual([
      { customer: ann, data: { account: 'ACC-1', minor: '5' } },
      undefined,
      { customer: bob, data: { account: 'ACC-2' } },
      { customer: ann, data: { account: 'ACC-3' } },
    ])
  })

  test('shows no two records to be of one customer', async () => {
    const customer = newId('cus')
    const twice = [1n, 2n].map(
      (n): NewRecord => ({ kind: 'consent', data: { n }, personal: { customer, data: { same: 'x' } } }),
    )
    const [first, second] = await Promise.all((await append(twice)).map(({ id }) => bodyOf(id)))
    expect(first?.personal?.owner).not.toBe(second?.personal?.owner)
    expect(first?.personal?.sealed).not.toBe(second?.personal?.sealed)
  })

  test('does not open in another record, of another kind, or with a byte changed', async () => {
    const personal = { customer: newId('cus'), data: { secret: 'x' } }
    const appended = await append([1n, 2n].map((n): NewRecord => ({ kind: 'consent', data: { n }, personal })))
    const [first, second] = await Promise.all(appended.map(({ id }) => bodyOf(id)))
    if (!first?.personal || !second?.personal) throw new Error('nothing personal')
    const owned = { ...first, personal: { owner: first.personal.owner, sealed: second.personal.sealed } }
    const sealed = Buffer.from(first.personal.sealed, 'base64')
    sealed[20] = (sealed[20] ?? 0) ^ 1
    const changed = { ...first, personal: { ...first.personal, sealed: sealed.toString('base64') } }
    for (const body of [
      owned,
      changed,
      { ...first, personal: second.personal },
      { ...first, kind: 'partner' as const },
    ]) {
      await expect(openPersonal(world.context, [body])).rejects.toThrow()
    }
  })

  test('of one customer first written by two transactions at once stands under one key', async () => {
    const customer = newId('cus')
    const write = async (n: bigint) => append([{ kind: 'consent', data: { n }, personal: { customer, data: { n } } }])
    const appended = (await Promise.all(Array.from({ length: 8 }, (_, n) => write(BigInt(n))))).flat()
    const bodies = await Promise.all(appended.map(({ id }) => bodyOf(id)))
    const opened = await openPersonal(world.context, bodies)
    expect(opened.map((personal) => personal?.data['n'])).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
  })

  test('cannot be read, nor written again, once the customer’s key is gone', async () => {
    const customer = newId('cus')
    const record: NewRecord = { kind: 'consent', data: {}, personal: { customer, data: { secret: 'x' } } }
    const [appended] = await append([record])
    await world.owner`update customer_keys set wrapped = null, erased_at = now() where customer_id = ${uuidOf(customer)}::uuid`
    expect(await openPersonal(world.context, [await bodyOf(appended?.id ?? newId('rec'))])).toEqual([undefined])
    await expect(append([record])).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  test('a key moved to another customer does not open', async () => {
    const [ann, bob] = [newId('cus'), newId('cus')]
    const of = (customer: Id<'cus'>): NewRecord => ({ kind: 'consent', data: {}, personal: { customer, data: {} } })
    const [first] = await append([of(ann), of(bob)])
    await world.owner`
      update customer_keys set wrapped = (select wrapped from customer_keys where customer_id = ${uuidOf(bob)}::uuid)
      where customer_id = ${uuidOf(ann)}::uuid`
    await expect(openPersonal(world.context, [await bodyOf(first?.id ?? newId('rec'))])).rejects.toThrow()
  })
})

describe('a body', () => {
  const text = fc.string({ unit: 'grapheme' })
  const leaf = fc.oneof(text, fc.boolean(), fc.constant(null), fc.bigInt())
  const data = fc.dictionary(text, fc.oneof(leaf, fc.array(leaf), fc.dictionary(text, leaf)))

  test('written out in its frame equals the canonical JSON of the whole', () => {
    const parts = { id: newId('rec'), kind: 'import', actor: 'staff:"陈"', at: new Date(TEST_TIME) } as const
    fc.assert(
      fc.property(data, fc.option(fc.constant(newId('ptr')), { nil: undefined }), (members, partner) => {
        const personal = partner && { owner: 'b3du', sealed: 'c2Vh' }
        const whole = { v: '1', ...parts, at: TEST_TIME, data: members, partner, personal }
        expect(writeBody({ ...parts, data: members, partner, personal })).toBe(canonicalJson(whole))
      }),
    )
  })

  test.each(['', 'null', '[]', '{}', '{"v":"2"}', '{"v":"1","id":1,"kind":"x","actor":"a","at":"t","data":{}}'])(
    'that reads %j was not written by us',
    (text) => {
      expect(() => readBody(text)).toThrow('this version did not write')
    },
  )
})
