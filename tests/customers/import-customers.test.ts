import { beforeAll, describe, expect, it } from 'vitest'
import { importCustomers } from '../../customers/import-customers.ts'
import { openDatabase } from '../../database/client.ts'
import { contextOver, TEST_TIME, useWorld } from '../support/database.ts'
import { defineCatalogue, grant, importText, liveParty, PURPOSES, read, TAGS, valuesOf } from './factories.ts'
import { openedTags } from './sealed-tags.ts'

const world = useWorld()

const plain = {
  format: 'tributary-customers/1',
  source: 'branch',
  accountKey: { column: 'account' },
  definitions: TAGS,
  purposes: PURPOSES,
  tags: {
    age: { column: 'age' },
    assets: { column: 'balance' },
    risk_level: { column: 'risk' },
    has_loan: { column: 'loan', map: { yes: 'true', no: 'false' } },
  },
}
const dated = { ...plain, observedAt: { column: 'seen' } }
const header = 'account,age,balance,risk,loan'

/** What is kept of customers, and which transaction wrote each tag. */
const kept = async (prefix: string) =>
  world.owner<{ account: string; tag: string; value: string; source: string; at: Date; writer: string }[]>`
    select c.account_key as account, t.tag_key as tag, t.value, t.source, t.observed_at as at, t.xmin::text as writer
    from customers c join tags t on t.customer_id = c.id
    where starts_with(c.account_key, ${prefix}) order by c.account_key, t.tag_key`
const valuesIn = (account: string) => openedTags(world.owner, account)

beforeAll(async () => {
  await defineCatalogue(world.context)
})

describe('importing customers', () => {
  it('adds them with their tags, in the form in which values are kept', async () => {
    const { context } = world
    const text = `${header}\nadd-1, 044 ,1200.50,C3,yes\nadd-2,61,-0.00,C1,maybe\n`
    expect(await importText(context, text, plain)).toMatchObject({ rows: 2, created: 2, changed: 0, refused: 0 })
    expect(await valuesIn('add-1')).toEqual({ age: '44', assets: '1200.5', risk_level: 'C3', has_loan: 'true' })
    expect(await valuesIn('add-2')).toEqual({ age: '61', assets: '0', risk_level: 'C1' })
    const [first] = await kept('add-1')
    expect(first).toMatchObject({ source: 'branch', at: new Date(TEST_TIME) })
  })

  it('a second time changes nothing, and writes and locks nothing', async () => {
    const { context, owner } = world
    const text = `${header}\ntwice-1,44,1,C3,yes\ntwice-2,45,2,C4,no\n`
    await importText(context, text, plain)
    const state = async () => [
      await kept('twice'),
      await owner`select ctid::text, xmin::text, xmax::text from tags order by 1`,
      await owner`select ctid::text, xmin::text, xmax::text from customers order by 1`,
    ]
    const before = await state()
    expect(await importText(context, text, plain)).toMatchObject({ created: 0, changed: 0, unchanged: 2 })
    expect(await state()).toEqual(before)
  })

  it('writes only what the file has otherwise, and leaves alone what it says nothing of', async () => {
    const { context } = world
    await importText(context, `${header}\nchange-1,44,1,C3,yes\nchange-2,45,2,C4,no\n`, plain)
    const before = await kept('change')
    const text = `${header}\nchange-1,44,1,C4,\nchange-2,45,2,C4,no\nchange-3,46,,,\n`
    expect(await importText(context, text, plain)).toMatchObject({ created: 1, changed: 1, unchanged: 1 })
    const after = await kept('change')
    expect(await valuesIn('change-1')).toEqual({ age: '44', assets: '1', risk_level: 'C4', has_loan: 'true' })
    const rewritten = before.filter(({ writer }, index) => after[index]?.writer !== writer)
    expect(rewritten.map(({ account, tag }) => [account, tag])).toEqual([['change-1', 'risk_level']])
    expect(await valuesIn('change-3')).toEqual({ age: '46' })
  })

  it('goes by the later line where a file names a customer twice, in one batch and across batches', async () => {
    const { context } = world
    const many = Array.from({ length: 2100 }, (_, index) => `double-x${index},50,,,`)
    const twice = [
      'double-1,44,1,C3,yes',
      'double-2,45,,,',
      'double-1,46,1,C3,yes',
      'double-2,45,,,',
      'double-1,47,1,C3,yes',
    ]
    const text = [header, ...twice, ...many, 'double-2,48,,,', ''].join('\n')
    expect(await importText(context, text, plain)).toMatchObject({
      rows: 2106,
      created: 2102,
      changed: 3,
      unchanged: 1,
      refused: 0,
    })
    expect((await valuesIn('double-1'))['age']).toBe('47')
    expect((await valuesIn('double-2'))['age']).toBe('48')
  })

  it('refuses broken lines one by one, says which and why but no value, and the rest stands', async () => {
    const { context, owner } = world
    const lines = [
      'broken-1,44,1,C3,yes',
      ',44,1,C3,yes',
      'broken-3,forty,1,C3,yes',
      'broken-4,44,1.2.3,C3,yes',
      'broken-5,44,1,C9,yes',
      'broken-6,44,1,C3',
      'broken-7,"44,1,C3,yes',
      'broken 8,44,1,C3,yes',
      `${'x'.repeat(129)},44,1,C3,yes`,
      'broken-10,44,1,C3,yes',
    ]
    const report = await importText(context, [header, ...lines, ''].join('\n'), plain)
    expect(report).toMatchObject({ rows: 10, created: 2, refused: 8 })
    expect(report.firstRefused.map(({ line, field }) => [line, field])).toEqual([
      [3, 'accountKey'],
      [4, 'tags.age'],
      [5, 'tags.assets'],
      [6, 'tags.risk_level'],
      [7, undefined],
      [8, undefined],
      [9, 'accountKey'],
      [10, 'accountKey'],
    ])
    for (const { message } of report.firstRefused) expect(message).not.toMatch(/forty|1\.2\.3|C9|broken/)
    expect(await owner`select from customers where starts_with(account_key, 'broken')`).toHaveLength(2)
  })

  it('never lets an older observation replace a newer one', async () => {
    const { context } = world
    const text = (age: string, seen: string) => `account,age,balance,risk,loan,seen\ndated-1,${age},,,,${seen}\n`
    const bring = (age: string, seen: string) => importText(context, text(age, seen), dated)
    await bring('44', '2026-02-01')
    expect(await bring('43', '2026-01-31T23:59:59Z')).toMatchObject({ changed: 0, unchanged: 1 })
    expect(await bring('45', '2026-02-01')).toMatchObject({ changed: 1 })
    expect(await bring('45', '2026-02-02T00:00:00+08:00')).toMatchObject({ changed: 1 })
    expect(await bring('45', '2026-02-02T00:00:00+08:00')).toMatchObject({ changed: 0 })
    const [tag] = await kept('dated-1')
    expect(tag).toMatchObject({ value: '45', at: new Date('2026-02-01T16:00:00Z') })
  })

  it.each([
    ['in the future', '2026-03-15T08:06:00Z'],
    ['that is none', 'yesterday'],
    ['that no calendar has', '2026-02-30'],
    ['without a zone', '2026-02-01T00:00:00'],
  ])('refuses a line with a time %s', async (_, seen) => {
    const text = `account,age,balance,risk,loan,seen\nlate-1,44,,,,${seen}\n`
    const report = await importText(world.context, text, dated)
    expect(report).toMatchObject({ created: 0, refused: 1, firstRefused: [{ line: 2, field: 'observedAt' }] })
  })

  it('takes over a value that another source gave, and says so', async () => {
    const { context } = world
    await importText(context, `${header}\nsource-1,44,,,\n`, plain)
    const report = await importText(context, `${header}\nsource-1,44,,,\n`, { ...plain, source: 'survey' })
    expect(report).toMatchObject({ changed: 1 })
    expect(await kept('source-1')).toEqual([expect.objectContaining({ value: '44', source: 'survey' })])
  })

  it('keeps real and synthetic customers apart for ever', async () => {
    const { context, owner } = world
    const mapping = { ...plain, synthetic: { column: 'loan', map: { yes: 'true' }, default: 'false' } }
    await importText(context, `${header}\napart-1,44,,,yes\napart-2,44,,,no\n`, mapping)
    const report = await importText(context, `${header}\napart-1,50,,,no\napart-2,50,,,yes\n`, mapping)
    expect(report).toMatchObject({ changed: 0, refused: 2 })
    expect(report.firstRefused.map(({ code, field }) => [code, field])).toEqual([
      ['WRONG_STATE', 'synthetic'],
      ['WRONG_STATE', 'synthetic'],
    ])
    const rows =
      await owner`select account_key, synthetic from customers where starts_with(account_key, 'apart') order by 1`
    expect(rows.map((row) => row['synthetic'])).toEqual([true, false])
    expect((await valuesIn('apart-1'))['age']).toBe('44')
  })

  it('reads NDJSON, numbers and truths written out', async () => {
    const { context } = world
    const mapping = { ...plain, tags: { age: { column: 'age' }, has_loan: { column: 'loan' } } }
    const rows = [
      { account: 'json-1', age: 44, loan: true },
      { account: 'json-2', age: '45', loan: null },
      { account: 'json-3', age: { deep: 1 }, loan: false },
      { account: ['json-4'], age: 1, loan: false },
    ]
    const report = await importText(context, rows.map((row) => JSON.stringify(row)).join('\n'), mapping, 'ndjson')
    expect(report).toMatchObject({ created: 3, refused: 1 })
    expect(await valuesIn('json-1')).toEqual({ age: '44', has_loan: 'true' })
    expect(await valuesIn('json-2')).toEqual({ age: '45' })
    expect(await valuesIn('json-3')).toEqual({ has_loan: 'false' })
  })

  it('of overlapping files at once on two pools adds each customer once and ends in one of both values', async () => {
    const { context, address, owner } = world
    const other = openDatabase(address, 'tributary:tests:other', 5)
    const file = (age: number, order: (lines: string[]) => string[]) =>
      [header, ...order(Array.from({ length: 1500 }, (_, index) => `both-${index},${age},,,`)), ''].join('\n')
    try {
      const reports = await Promise.all([
        importText(
          context,
          file(44, (lines) => lines),
          plain,
        ),
        importText(
          contextOver(other, context.clock),
          file(55, (lines) => lines.toReversed()),
          plain,
        ),
      ])
      expect(reports.reduce((sum, { created }) => sum + created, 0)).toBe(1500)
      expect(await owner`select from customers where starts_with(account_key, 'both-')`).toHaveLength(1500)
      const values = (await kept('both-')).map(({ value }) => value)
      expect(values).toHaveLength(1500)
      expect(values.filter((value) => value === '44' || value === '55')).toHaveLength(1500)
    } finally {
      await other.close()
    }
  })

  it('is what partners then read under consent', async () => {
    const { context } = world
    const party = await liveParty(context)
    await importText(context, `${header}\nread-1,61,20000,C5,no\n`, plain)
    const consent = await grant(context, party, 'read-1', { tags: [{ key: 'assets', granularity: 'band' }] })
    expect(valuesOf(await read(context, party, consent))).toEqual({ assets: '10000 and over' })
  })
})

describe('a mapping', () => {
  it.each([
    ['of another format', { ...plain, format: 'tributary-customers/2' }, 'INVALID_INPUT'],
    ['with a tag that is not defined', { ...plain, tags: { height: { column: 'age' } } }, 'INVALID_INPUT'],
    ['with an expression that is none', { ...plain, tags: { age: { column: 'age', template: 'x' } } }, 'INVALID_INPUT'],
    ['with an unknown member', { ...plain, colour: 'red' }, 'INVALID_INPUT'],
    [
      'that gives a known tag another meaning',
      { ...plain, definitions: [{ ...TAGS[0], unit: 'months' }] },
      'MEANING_CHANGED',
    ],
    [
      'with a purpose whose tag nobody defined',
      { ...plain, purposes: [{ ...PURPOSES[1], key: 'X', tagKeys: ['height'] }] },
      'INVALID_INPUT',
    ],
  ])('%s is refused before a line is read', async (_, mapping, code) => {
    const { context, owner } = world
    await expect(importText(context, `${header}\nnever-1,44,,,\n`, mapping)).rejects.toMatchObject({ code })
    expect(await owner`select from customers where account_key = 'never-1'`).toEqual([])
  })

  it('whose column the file lacks makes no customers of its lines', async () => {
    const report = await importText(world.context, 'account,age\nlacking-1,44\n', plain)
    expect(report).toMatchObject({ created: 0, refused: 1 })
    expect(report.firstRefused[0]?.message).toBe('there is no column "balance", which the mapping reads')
  })

  it('for a file that is not there is refused', async () => {
    const missing = importCustomers(world.context, { file: '/nowhere/customers.csv', mapping: plain })
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
