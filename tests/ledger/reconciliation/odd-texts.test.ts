import { beforeAll, expect, test } from 'vitest'
import { encodeCursor } from '../../../kernel/pages.ts'
import { fileOf } from '../../../ledger/reconciliation/bank-file.ts'
import { importBankStatements } from '../../../ledger/reconciliation/import-bank-statements.ts'
import { listBankEntries } from '../../../ledger/reconciliation/list-bank-entries.ts'
import { listBankStatements } from '../../../ledger/reconciliation/list-bank-statements.ts'
import { useWorld } from '../../support/database.ts'
import { type CamtEntry, camtOf } from './camt.ts'
import { fresh, ourAccount } from './scene.ts'

const world = useWorld()
const IBAN = 'DE89370400440532013000'
/** Of two UTF-16 units each, so that a text is cut within one. */
const PAIRS = `A${'😀'.repeat(600)}`

beforeAll(() => ourAccount(world))

const take = (text: string, more: object = {}) =>
  importBankStatements(world.context, { file: fileOf(Buffer.from(text)), ...more })

function said(more: Partial<CamtEntry> = {}): string {
  const entry = { amount: '-1.00', date: '2026-02-11', bankReference: fresh('bank'), ...more }
  return camtOf([{ iban: IBAN, currency: 'CNY', entries: [entry] }])
}

test.each([
  ['another account', said({ details: [{ iban: PAIRS }] })],
  ['a name and what was written', said({ details: [{ name: PAIRS, remittance: PAIRS }] })],
  ['a reason', said({ details: [{ returnReason: PAIRS }] })],
  ['a reference', said({ bankReference: PAIRS.slice(0, 401) })],
  ['a code', said().replace('<BookgDt>', `<BkTxCd><Prtry><Cd>${PAIRS}</Cd></Prtry></BkTxCd><BookgDt>`)],
])('a long text is cut, also within a character: %s', async (_, text) => {
  expect(await take(text)).toMatchObject({ entries: 1, added: 1 })
})

test('so is one in a column', async () => {
  const columns = { counterpartyAccount: 'account', returnReason: 'reason', bankCode: 'code' }
  const mapping = {
    ...{ format: 'tributary-bank-csv/1', dateFormat: 'YYYY-MM-DD' },
    ...{ bookedOn: { column: 'day' }, amount: { column: 'amount' } },
    ...Object.fromEntries(Object.entries(columns).map(([field, column]) => [field, { column }])),
  }
  const csv = `day,amount,account,reason,code\n2026-02-11,-2.00,${PAIRS},${PAIRS},${PAIRS}\n`
  expect(await take(csv, { mapping, ownAccount: 'icbc' })).toMatchObject({ added: 1 })
})

test.each(['+275000-01-01T00:00:00Z', '-000001-01-01T00:00:00Z', '0000-01-01T00:00:00Z', 'yesterday'])(
  'a statement that was made at no time that can be is taken without it: %s',
  async (time) => {
    expect(await take(said().replaceAll('2026-03-31T20:00:00Z', time))).toMatchObject({
      added: 1,
      statements: [{ madeAt: undefined }],
    })
  },
)

const ID = '0'.repeat(32)
test.each([
  ['nope', ID],
  ['99999999-01-01', ID],
  ['0000-01-01', ID],
  ['2026-02-30', ID],
  ['2026-02-11', 'nope'],
])('a page is not asked for beyond %s, %s', async (time, id) => {
  const page = { first: 1, after: encodeCursor([time, id]) }
  const refused = { code: 'INVALID_INPUT' }
  await expect(listBankEntries(world.context, { ownAccount: 'icbc', page })).rejects.toMatchObject(refused)
  await expect(listBankStatements(world.context, { page })).rejects.toMatchObject(refused)
})

test('pages go on behind what they gave, both ways', async () => {
  await take(said())
  for (const list of [
    (page: object) => listBankEntries(world.context, { ownAccount: 'icbc', page }),
    (page: object) => listBankStatements(world.context, { page }),
  ]) {
    const one = await list({ first: 1 })
    const two = await list({ first: 1, after: one.edges[0]?.cursor })
    expect((await list({ last: 1, before: two.edges[0]?.cursor })).edges).toEqual(one.edges)
  }
})
