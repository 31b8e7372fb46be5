import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Id } from '../../../kernel/ids.ts'
import { fileOf } from '../../../ledger/reconciliation/bank-file.ts'
import { importBankStatements } from '../../../ledger/reconciliation/import-bank-statements.ts'
import { listBankEntries } from '../../../ledger/reconciliation/list-bank-entries.ts'
import { listBankStatements } from '../../../ledger/reconciliation/list-bank-statements.ts'
import { useWorld } from '../../support/database.ts'
import { camtOf } from './camt.ts'
import { ourAccount } from './scene.ts'

const world = useWorld()
const IBAN = 'DE89370400440532013000'
const entry = { amount: '-1.00', date: '2026-02-01' }
const sound = camtOf([{ iban: IBAN, currency: 'CNY', entries: [entry] }])

beforeAll(() => ourAccount(world))

const take = (bytes: string | Uint8Array, more: object = {}) =>
  importBankStatements(world.context, { file: fileOf(Buffer.from(bytes)), ...more })

async function count(): Promise<number> {
  const [row] = await world.owner<{ count: number }[]>`
    select (select count(*) from bank_entries)::int + (select count(*) from bank_statements)::int as count`
  return row?.count ?? -1
}

describe('a file that is refused changes nothing', () => {
  const doctype = (inner: string) => sound.replace('<Document', `<!DOCTYPE Document [${inner}]>\n<Document`)
  test.each([
    ['an external entity', doctype('<!ENTITY x SYSTEM "file:///etc/passwd">').replace('M1', '&x;'), 'INVALID_INPUT'],
    ['entities that expand', doctype('<!ENTITY a "aa"><!ENTITY b "&a;&a;">').replace('M1', '&b;'), 'INVALID_INPUT'],
    ['a document type alone', sound.replace('<Document', '<!DOCTYPE Document><Document'), 'INVALID_INPUT'],
    ['an unknown entity', sound.replace('M1', '&nbsp;'), 'INVALID_INPUT'],
    ['a file that breaks off', sound.slice(0, -20), 'INVALID_INPUT'],
    ['no XML at all', 'hello', 'INVALID_INPUT'],
    ['nothing', '', 'INVALID_INPUT'],
    ['another message', sound.replace('camt.053.001.08', 'camt.054.001.08'), 'INVALID_INPUT'],
    ['elements nested deep', sound.replace('<MsgId>', '<a>'.repeat(500)), 'INVALID_INPUT'],
    ['a text without end', sound.replace('<Sts>', `<X>${'x'.repeat(3_000_000)}</X><Sts>`), 'INVALID_INPUT'],
    ['an amount with too many decimals', sound.replace('>1.00<', '>1.001<'), 'INVALID_INPUT'],
    ['an amount that is none', sound.replace('>1.00<', '>1e3<'), 'INVALID_INPUT'],
    ['a date that is none', sound.replaceAll('2026-02-01', '2026-02-31'), 'INVALID_INPUT'],
    ['an account that is not ours', sound.replace(IBAN, 'DE02120300000000202051'), 'NOT_FOUND'],
    ['another currency', sound.replaceAll('CNY', 'USD'), 'NOT_FOUND'],
    ['an entry in another currency', sound.replace('<Amt Ccy="CNY">', '<Amt Ccy="USD">'), 'ASSET_MISMATCH'],
    ['a second statement that is no good', sound.replace('</Stmt>', '</Stmt><Stmt><Id>x</Id></Stmt>'), 'INVALID_INPUT'],
  ])('%s', async (_what, text, code) => {
    const before = await count()
    await expect(take(text)).rejects.toMatchObject({ code })
    expect(await count()).toBe(before)
  })

  test('bytes that are no text, and a mapping that is none', async () => {
    await expect(take(Uint8Array.of(0x3c, 0xff, 0xfe, 0x00))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(take(sound, { mapping: { format: 'x' } })).rejects.toMatchObject({
      ...{ code: 'INVALID_INPUT', field: 'format' },
    })
  })
})

describe('a CSV file of a Chinese bank', () => {
  // GB18030 bytes of Chinese characters, since nothing here encodes it: 日 is c8d5
  const HEADER =
    '\xbd\xbb\xd2\xd7\xc8\xd5\xc6\xda,\xbd\xe8\xb7\xbd\xb7\xa2\xc9\xfa\xb6\xee,\xb4\xfb\xb7\xbd\xb7\xa2\xc9\xfa\xb6\xee,\xd3\xe0\xb6\xee'
  const REST =
    ',\xb1\xd2\xd6\xd6,\xc1\xf7\xcb\xae\xba\xc5,\xb6\xd4\xb7\xbd\xbb\xa7\xc3\xfb,\xb6\xd4\xb7\xbd\xd5\xcb\xba\xc5,\xd5\xaa\xd2\xaa'
  const YUAN = '\xc8\xcb\xc3\xf1\xb1\xd2'
  const text = [
    'account details',
    `${HEADER}${REST}`,
    `2026-02-03,,"1,000.50",900.50,${YUAN},L2,\xba\xbc\xd6\xdd,\t6222021200112233445,x`,
    `2026-02-02,100.00,,-100.00,${YUAN},L1,,,x`,
    '\xba\xcf\xbc\xc6,100.00,1000.50,,,,,,',
  ].join('\r\n')

  test('is read with its mapping, its balances and its names', async () => {
    const mapping: unknown = JSON.parse(await readFile('examples/icbc-statement.mapping.json', 'utf8'))
    const file = Buffer.from(text, 'latin1')
    const taken = await take(file, { mapping, ownAccount: 'icbc' })
    expect(taken).toMatchObject({ entries: 2, added: 2 })
    expect(taken.statements).toMatchObject([
      { opening: { date: '2026-02-02', minor: 0n }, closing: { date: '2026-02-03', minor: 90_050n } },
    ])
    expect(await take(file, { mapping, ownAccount: 'icbc' })).toMatchObject({ added: 0 })
    const { edges } = await listBankEntries(world.context, { ownAccount: 'icbc', page: { first: 10 } })
    expect(edges.map(({ node }) => [node.minor, node.counterpartyName, node.counterpartyMasked])).toEqual([
      [100_050n, '杭州', '****3445'],
      [-10_000n, undefined, undefined],
    ])
    const page = await listBankStatements(world.context, { ownAccount: 'icbc', page: { first: 10 } })
    expect(page.edges.map(({ node }): Id<'bst'> => node.id)).toEqual([taken.statements[0]?.id])
  })

  test('needs to say of which account it is, and its lines to be sound', async () => {
    const mapping: unknown = JSON.parse(await readFile('examples/icbc-statement.mapping.json', 'utf8'))
    await expect(take(Buffer.from(text, 'latin1'), { mapping })).rejects.toMatchObject({
      ...{ code: 'INVALID_INPUT', field: 'ownAccount' },
    })
    const broken = text.replace('2026-02-02', '02.02.2026')
    await expect(take(Buffer.from(broken, 'latin1'), { mapping, ownAccount: 'icbc' })).rejects.toMatchObject({
      ...{ code: 'INVALID_INPUT', field: 'bookedOn', message: expect.stringContaining('line 4') },
    })
  })
})

test('no account number stands in the clear in a record or a table', async () => {
  const [iban, name] = ['FR7630006000011234567890189', 'Hafen Reisen']
  const details = [{ iban, name, remittance: `from ${iban}` }]
  await take(camtOf([{ iban: IBAN, currency: 'CNY', entries: [{ ...entry, bankReference: 'secret', details }] }]))
  const [records] = await world.owner<{ count: string }[]>`
    select count(*) from records where body like '%30006000011234567890%' or body like ${`%${name}%`}`
  const [rows] = await world.owner<{ count: string }[]>`
    select count(*) from bank_entries e where e::text like '%30006000011234567890%' or e::text like ${`%${name}%`}`
  expect([records?.count, rows?.count]).toEqual(['0', '0'])
})
