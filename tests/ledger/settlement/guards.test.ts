import { beforeAll, describe, expect, test } from 'vitest'
import { openPool, type Pool } from '../../../database/client.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { useWorld } from '../../support/database.ts'
import { customersIn, earn, liveMember, programmeWith, refer } from './scene.ts'

const world = useWorld()

beforeAll(async () => {
  world.clock.set('2026-05-02T00:00:00Z')
  const programme = await programmeWith(world.context)
  const member = await liveMember(world.context, [programme], { from: '2026-04-01T00:00:00+08:00' })
  const [customer = ''] = await customersIn(world, 1)
  await refer(world.context, member, { customers: [customer], at: '2026-04-02T00:00:00Z' })
  await earn(world.context, customer, [['e', 1000, '2026-04-10T00:00:00Z']])
  await closePeriod(world.context, { programme, month: '2026-04' })
})

const tables = ['statement_lines', 'earnings', 'statements', 'periods', 'adjustments']

describe.each(['the application', 'the owner'])('to %s', (who) => {
  test.each(tables)('deleting from %s is refused', async (table) => {
    await expect(as(who, (sql) => sql.unsafe(`delete from ${table}`))).rejects.toThrow(/refused|permission denied/)
  })

  test.each([
    'statement_lines set minor = minor + 1',
    'earnings set minor = minor + 1',
    'statements set earned = earned + 1, payout = payout + 1, transfer = transfer + 1',
    `statements set number = 'other'`,
  ])('update %s is refused', async (change) => {
    await expect(as(who, (sql) => sql.unsafe(`update ${change}`))).rejects.toThrow(/refused|permission denied/)
  })

  test.each([
    ['an issued statement cannot be superseded', `update statements set status = 'SUPERSEDED'`],
    ['an issued statement cannot be issued again', `update statements set issued_at = issued_at + interval '1 day'`],
    ['a locked period cannot be calculated again', `update periods set status = 'CALCULATING', run = run + 1`],
    ['a locked period cannot be opened', `update periods set status = 'OPEN', locked_at = null, record_id = null`],
    ['a locked period keeps who did not accrue', `update periods set not_accruing = array[id]`],
    ['a locked period keeps what waits', `update periods set uncorrected = array['2026-01']`],
    ['an issued statement takes no more lines', copyOfALine()],
    ['lines of no statement are refused', copyOfALine().replace('l.statement_id', 'gen_random_uuid()')],
  ])('%s', async (_title, statement) => {
    await expect(as(who, (sql) => sql.unsafe(statement))).rejects.toMatchObject({ code: '23001' })
  })
})

test.each([
  ['balances', '0, 10, 0, 0, 0, 11, 0, 0, 11, 0, 0'],
  ['transfers payout and VAT less withholding', '0, 10, 0, 0, 0, 10, 1, 0, 10, 0, 0'],
  ['claws back nothing positive', '0, 10, 0, 0, 1, 11, 0, 0, 11, 0, 0'],
  ['pays nothing negative', '0, -10, 0, 0, 0, -10, 0, 0, -10, 0, 0'],
])('a statement %s, or the database refuses it', async (_title, amounts) => {
  const inserted = as('the application', (sql) => sql.unsafe(draftWith(amounts)))
  await expect(inserted).rejects.toMatchObject({ code: '23514' })
})

test('a statement that does all of it is taken', async () => {
  await as('the application', (sql) => sql.unsafe(draftWith('5, 10, 2, 1, -3, 11, 1, 0, 12, 0, 1')))
})

test('accepting a statement, or disputing it, stays possible', async () => {
  await as('the application', (sql) => sql`update statements set status = 'DISPUTED' where status = 'ISSUED'`)
  await as('the application', (sql) => sql`update statements set status = 'ACCEPTED' where status = 'DISPUTED'`)
})

function copyOfALine(): string {
  return `insert into statement_lines
    select gen_random_uuid(), l.statement_id, l.rule_no, l.line_no + 1, l.contribution_id, l.contribution_external_id,
      l.customer_id, l.minor, l.explanation from statement_lines l`
}

/** A draft with these: opening, earned, holdback, released, clawbacks, payout, vat, withholding, transfer, closing, held. */
function draftWith(amounts: string): string {
  return `insert into statements (id, number, period_id, run, programme_id, agreement_id, partner_id, month, asset,
      terms_version, terms_hash, opening, earned, holdback, released, clawbacks, payout, vat, withholding, transfer,
      closing, held, release_month, line_count, created_at)
    select gen_random_uuid(), gen_random_uuid()::text, s.period_id, s.run, s.programme_id, gen_random_uuid(),
      s.partner_id, s.month, s.asset, s.terms_version, s.terms_hash, ${amounts}, s.month, 0, now()
    from statements s where s.status <> 'DRAFT'`
}

async function as(who: string, work: (sql: Pool) => Promise<unknown>): Promise<void> {
  const sql = openPool(who === 'the owner' ? world.ownerAddress : world.address, 'tributary:tests', 1)
  try {
    await work(sql)
  } finally {
    await sql.end()
  }
}
