import { hash } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ImportOutcome } from '../../../records/import/import-spec.ts'
import { runImport } from '../../../records/import/run-import.ts'
import { readBody } from '../../../records/record-body.ts'
import { useWorld } from '../../support/database.ts'
import { createThings, thingsFrom, useFolder, writeThings } from './things.ts'

const world = useWorld()
const save = useFolder()

beforeAll(() => createThings(world.owner))
beforeEach(async () => {
  await world.owner`truncate things, things_written`
})

const run = (...args: Parameters<typeof thingsFrom>) => runImport(world.context, thingsFrom(...args))
const counts = (report: Awaited<ReturnType<typeof run>>) => {
  const { rows, created, changed, unchanged, refused } = report
  return { rows, created, changed, unchanged, refused }
}
const things = async () =>
  Object.fromEntries(
    (await world.owner<{ key: string; value: string }[]>`select * from things`).map((t) => [t.key, t.value]),
  )
const csv = (rows: number, value = (index: number) => `v${index}`) =>
  ['key,value', ...Array.from({ length: rows }, (_, index) => `k${index},${value(index)}`)].join('\n')

describe('an import', () => {
  test('of CSV creates, changes and leaves alone', async () => {
    const file = await save('plain.csv', csv(1000))
    expect(counts(await run(file))).toEqual({ rows: 1000, created: 1000, changed: 0, unchanged: 0, refused: 0 })
    expect(counts(await run(file))).toEqual({ rows: 1000, created: 0, changed: 0, unchanged: 1000, refused: 0 })
    const changed = await save(
      'plain.csv',
      csv(1001, (index) => (index < 10 ? 'new' : `v${index}`)),
    )
    expect(counts(await run(changed))).toEqual({ rows: 1001, created: 1, changed: 10, unchanged: 990, refused: 0 })
    expect(Object.keys(await things())).toHaveLength(1001)
  })

  test('of NDJSON takes one object a line', async () => {
    const lines = [
      '{"key":"a","value":"1"}',
      '',
      '{"value":"2 \\u00e9 风","key":"b"}\r',
      ' {"key":"c","value":"3","more":[1]}',
    ]
    const report = await run(await save('some.ndjson', lines.join('\n')))
    expect(counts(report)).toMatchObject({ rows: 3, created: 3 })
    expect(await things()).toEqual({ a: '1', b: '2 é 风', c: '3' })
  })

  test('takes a byte order mark, line ends of Windows, blank lines and a last line without an end', async () => {
    const report = await run(await save('windows.csv', '\ufeffkey,value\r\na,1\r\n\r\nb,"2\r\n2"\r\nc,3'))
    expect(counts(report)).toMatchObject({ rows: 3, created: 3 })
    expect(await things()).toEqual({ a: '1', b: '2\n2', c: '3' })
    expect(counts(await run(await save('mark.jsonl', '\ufeff{"key":"d","value":"4"}')))).toMatchObject({ created: 1 })
  })

  test('takes its format and delimiter from its options too', async () => {
    const report = await run(await save('export.txt', 'key;value\na;1,5'), { format: 'csv', delimiter: ';' })
    expect(report.created).toBe(1)
    expect(await things()).toEqual({ a: '1,5' })
  })

  test('of a file without rows is done', async () => {
    expect(counts(await run(await save('empty.ndjson', '')))).toMatchObject({ rows: 0 })
    expect(counts(await run(await save('header.csv', 'key,value\n')))).toMatchObject({ rows: 0 })
  })

  test('tells how far it has come after each batch', async () => {
    const seen: number[] = []
    await run(await save('progress.csv', csv(450)), { batchSize: 200, onProgress: ({ rows }) => seen.push(rows) })
    expect(seen).toEqual([200, 400, 450])
  })

  test('leaves a record of each batch, which together cover the file', async () => {
    const content = csv(450, (index) => (index % 100 === 7 ? 'refuse' : `"v\n${index}"`))
    const file = await save('recorded.csv', content)
    const { importId, rows, refused } = await run(file, { batchSize: 200 })
    const bodies = await world.owner<
      { body: string }[]
    >`select body from records where kind = 'import' order by tx_id, id`
    const records = bodies.map(({ body }) => readBody(body).data).filter((data) => data['importId'] === importId)
    let [byte, line, seen, bad] = ['key,value\n'.length, 2, 0, 0]
    for (const record of records) {
      expect([Number(record['firstByte']), Number(record['firstLine'])]).toEqual([byte, line])
      const end = Number(record['endByte'])
      expect(record['sha256']).toBe(hash('sha256', Buffer.from(content).subarray(byte, end)))
      byte = end
      line = Number(record['lastLine']) + 1
      bad += Number(record['refused'])
      seen += Number(record['created']) + Number(record['refused'])
    }
    expect([byte, seen, bad]).toEqual([content.length, rows, refused])
    expect([rows, refused]).toEqual([450, 5])
    expect(records[0]).toMatchObject({ kind: 'products', source: 'tests', file: 'recorded.csv' })
  })
})

describe('lines that are no good', () => {
  test('one in a hundred, of many kinds, are told by number and reason while the rest goes in', async () => {
    const bad = [
      ['x,y,z', 'the line has 3 cells'],
      ['x', 'the line has 1 cells'],
      ['x,"y', 'a quote is not closed'],
      ['x,y"', 'a quote is not closed'],
      ['"x,y', 'a quote is not closed'],
      ['x,"y"z', 'a quote stands'],
      ['x,refuse', 'that is no thing'],
      ['x,decline', 'such things are not taken'],
      [Buffer.from([0x78, 0x2c, 0xff, 0xfe]), 'not UTF-8'],
      [Buffer.from('x,\u0000'), 'not UTF-8'],
      [`x,${'y'.repeat(1_048_576)}`, 'longer than 1 MiB'],
    ] as const
    const parts: Buffer[] = [Buffer.from('key,value\n')]
    const expected: { line: number; message: unknown }[] = []
    for (let index = 0; index < 4400; index++) {
      const [content, message] = (index % 100 === 50 ? bad[Math.floor(index / 100) % bad.length] : undefined) ?? []
      const good = index % 3 === 0 ? `"k${index}","v,${index}"` : `k${index},v${index}`
      parts.push(Buffer.from(content ?? good), Buffer.from('\n'))
      if (message) expected.push({ line: index + 2, message: expect.stringContaining(message) })
    }
    const report = await run(await save('broken.csv', Buffer.concat(parts)), { batchSize: 700 })
    expect(report.firstRefused).toEqual(expected.map((each) => expect.objectContaining(each)))
    expect(counts(report)).toEqual({ rows: 4400, created: 4356, changed: 0, unchanged: 0, refused: 44 })
    expect(Object.keys(await things())).toHaveLength(4356)
  })

  test('of NDJSON are told too', async () => {
    const bad = [
      '{',
      'x',
      '[]',
      '"x"',
      'null',
      '1',
      '{"key":"\\ud800","value":""}',
      '{"key":"a","value":"\\u0000"}',
      '{"key":1}',
      '[[{}'.repeat(9000),
    ]
    const lines = bad.flatMap((line, index) => [`{"key":"k${index}","value":"v"}`, line])
    const report = await run(await save('broken.ndjson', lines.join('\n')))
    expect(counts(report)).toMatchObject({ rows: 20, created: 10, refused: 10 })
    expect(report.firstRefused.map(({ line }) => line)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20])
    expect(new Set(report.firstRefused.map(({ message }) => message)).size).toBe(4)
  })

  test('are all written to the file for them, without their values', async () => {
    const refusedFile = await save('refused.ndjson', 'old')
    const content = csv(2500, (index) => (index % 2 === 0 ? 'refuse' : `secret-${index}`))
    const report = await run(await save('many.csv', content), { refusedFile })
    const lines = (await readFile(refusedFile, 'utf8')).trimEnd().split('\n')
    expect(lines).toHaveLength(1250)
    expect(report.firstRefused).toHaveLength(100)
    expect(lines.slice(0, 100).map((line) => JSON.parse(line))).toEqual(report.firstRefused)
    expect(lines[0]).toBe('{"line":2,"code":"INVALID_INPUT","message":"that is no thing","field":"value"}')
    expect(lines.join()).not.toMatch(/secret|k1/)
  })

  test('a row of several lines is found where batches meet', async () => {
    const rows = Array.from({ length: 300 }, (_, index) => `k${index},"v\n${index}\n."`)
    const report = await run(await save('meeting.csv', ['key,value', ...rows].join('\n')), { batchSize: 100 })
    expect(counts(report)).toMatchObject({ rows: 300, created: 300 })
    expect((await things())['k299']).toBe('v\n299\n.')
  })
})

describe('what cannot be imported at all', () => {
  test.each([
    ['nothing.csv', ''],
    ['twice.csv', 'a,a\n1,2'],
    ['quote.csv', 'a,"b\n1,2'],
    ['utf16.csv', Buffer.from('\ufeffkey,value\na,1', 'utf16le')],
    ['long.csv', 'x'.repeat(2_000_000)],
    ['table.xlsx', 'PK'],
  ])('%s is refused as a whole', async (name, content) => {
    await expect(run(await save(name, content))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('a file that is not there, or is a folder', async () => {
    await expect(run('/nowhere/x.csv')).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'file' })
    await expect(run('/', { format: 'csv' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('a file for refused lines that cannot be written is told before anything goes in', async () => {
    const file = await save('unwritten.csv', csv(3))
    await expect(run(file, { refusedFile: '/nowhere/x' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'refusedFile',
    })
    expect(await things()).toEqual({})
  })

  test('a source without a name', async () => {
    const file = await save('sourceless.csv', csv(3))
    await expect(run(file, { source: '' })).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'source' })
  })
})

describe('an import that fails midway', () => {
  test('keeps the batches before, and goes on behind them', async () => {
    const file = await save('midway.csv', csv(1000))
    let batches = 0
    const failing = run(file, {
      batchSize: 100,
      write: async (tx, items) => {
        if (++batches === 4) throw new Error('the disk is full')
        return writeThings(tx, items)
      },
    })
    await expect(failing).rejects.toThrow('the disk is full')
    expect(Object.keys(await things())).toHaveLength(300)
    const lines: number[] = []
    const report = await run(file, {
      batchSize: 100,
      write: (tx, items) => {
        lines.push(...items.map(({ line }) => line))
        return writeThings(tx, items)
      },
    })
    expect(counts(report)).toMatchObject({ rows: 1000, created: 1000 })
    expect(lines).toEqual(Array.from({ length: 700 }, (_, index) => index + 302))
  })

  test('whose last word is committed while the next run waits for it is read again', async () => {
    const file = await save('ending.csv', csv(300))
    const fail = async (): Promise<never> => Promise.reject(new Error('no'))
    await expect(run(file, { batchSize: 100, write: fail })).rejects.toThrow('no')
    const gate = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const ending = world.owner.begin(async (tx) => {
      await tx`update imports set status = 'DONE' where file_name = 'ending.csv'`
      locked.resolve()
      await gate.promise
    })
    await locked.promise
    const next = run(file)
    for (let waiting = 0; waiting === 0; ) {
      const [row] = await world.owner<{ n: number }[]>`
        select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      waiting = row?.n ?? 0
    }
    gate.resolve()
    await ending
    expect(counts(await next)).toMatchObject({ rows: 300, created: 300 })
  })

  test('begins anew when the file or its mapping is another', async () => {
    const file = await save('another.csv', csv(300))
    const fail = { batchSize: 100, write: async () => Promise.reject(new Error('no')) }
    await expect(run(file, { ...fail, mapping: { key: 'a' } })).rejects.toThrow('no')
    expect((await run(file, { mapping: { key: 'b' } })).rows).toBe(300)
    await save('another.csv', csv(200))
    expect((await run(file, { mapping: { key: 'a' } })).rows).toBe(200)
  })

  test('writes a batch again when its transaction had to give way', async () => {
    let tries = 0
    const write = async (...args: Parameters<typeof writeThings>): Promise<readonly ImportOutcome[]> => {
      const outcomes = await writeThings(...args)
      if (++tries === 2) throw Object.assign(new Error('deadlock detected'), { code: '40P01' })
      return outcomes
    }
    const report = await run(await save('deadlock.csv', csv(300)), { batchSize: 100, write })
    expect([tries, report.rows, report.created]).toEqual([4, 300, 300])
  })

  test('says so when the file was changed while it was read', async () => {
    const file = await save('growing.csv', csv(300))
    const onProgress = () => void appendFile(file, '\nx,y').catch(() => {})
    await expect(run(file, { batchSize: 100, onProgress })).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  test('refuses a write that does not say what became of each item', async () => {
    const write = async (): Promise<readonly ImportOutcome[]> => ['created']
    await expect(run(await save('silent.csv', csv(3)), { write })).rejects.toThrow('what became of it')
  })
})
