import { describe, expect, test } from 'vitest'
import { uuidOf } from '../../../kernel/ids.ts'
import { calculatePeriod } from '../../../ledger/settlement/calculate-period.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { useWorld } from '../../support/database.ts'
import { issued } from '../disputes/scene.ts'
import { lastOf, statementsOf } from './corrections/scene.ts'
import { earn } from './scene.ts'

const world = useWorld()

describe('before the lock', () => {
  test('a calculation supersedes the drafts of the one before, and nobody is shown any of them', async () => {
    const { programme, member, customers } = await issued(world)
    world.clock.set('2026-04-02T00:00:00Z')
    const drafts = () => world.owner<{ status: string; earned: string }[]>`
      select status, earned from statements
      where partner_id = ${uuidOf(member.partner)} and month = '2026-03' order by run`
    await earn(world.context, customers[0] ?? '', [['m1', 5000, '2026-03-12T00:00:00Z']])
    await calculatePeriod(world.context, { programme, month: '2026-03' })
    await earn(world.context, customers[0] ?? '', [['m2', 5000, '2026-03-13T00:00:00Z']])
    await calculatePeriod(world.context, { programme, month: '2026-03' })
    expect(await drafts()).toEqual([
      { status: 'SUPERSEDED', earned: '1000' },
      { status: 'DRAFT', earned: '2000' },
    ])
    expect((await lastOf(world, member)).month).toBe('2026-02')
    await closePeriod(world.context, { programme, month: '2026-03' })
    expect(await lastOf(world, member)).toMatchObject({ month: '2026-03', earned: 2000n, status: 'ISSUED' })
  })
})

describe('an issued statement', () => {
  test('is not calculated anew: what comes later stands in the next month', async () => {
    const { programme, member, customers, statement } = await issued(world)
    await earn(world.context, customers[0] ?? '', [['late', 5000, '2026-02-12T00:00:00Z']])
    for (const again of [calculatePeriod, closePeriod]) {
      const locked = again(world.context, { programme, month: '2026-02' })
      await expect(locked).rejects.toMatchObject({ code: 'WRONG_STATE' })
    }
    expect(await lastOf(world, member)).toEqual(statement)
    world.clock.set('2026-04-02T00:00:00Z')
    await closePeriod(world.context, { programme, month: '2026-03' })
    const [february, march] = await statementsOf(world, member)
    expect(february).toEqual(statement)
    expect(march).toMatchObject({ month: '2026-03', earned: 1000n, rules: [{ originPeriod: '2026-02', minor: 1000n }] })
  })

  test('is refused every change, by the application’s role and by the owner of the tables', async () => {
    const { statement } = await issued(world)
    const id = uuidOf(statement.id)
    const app = (change: string) => world.context.database.transaction((tx) => tx.unsafe(change))
    const owner = (change: string) => world.owner.unsafe(change)
    const amounts = [
      'opening',
      'earned',
      'holdback',
      'released',
      'clawbacks',
      'payout',
      'vat',
      'withholding',
      'transfer',
    ]
    const changes = [
      ...[...amounts, 'closing', 'held'].map(
        (name) => `update statements set ${name} = ${name} + 1 where id = '${id}'`,
      ),
      `update statements set status = 'SUPERSEDED' where id = '${id}'`,
      `update statements set status = 'DRAFT', issued_at = null, record_id = null where id = '${id}'`,
      `update statements set issued_at = issued_at - interval '1 day' where id = '${id}'`,
      `delete from statements where id = '${id}'`,
      `update statement_lines set minor = minor + 1 where statement_id = '${id}'`,
      `delete from statement_lines where statement_id = '${id}'`,
      `update earnings set minor = minor + 1 where statement_id = '${id}'`,
      `delete from earnings where statement_id = '${id}'`,
      `update periods set status = 'OPEN' where id = '${uuidOf(statement.period)}'`,
      `update periods set run = run + 1 where id = '${uuidOf(statement.period)}'`,
      `insert into statement_lines select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(),
        'line_no', 99))).* from statement_lines l where l.statement_id = '${id}' limit 1`,
      `insert into earnings select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(),
        'rule_no', 99, 'rule_place', 99))).* from earnings e where e.statement_id = '${id}' limit 1`,
    ]
    for (const change of changes) {
      for (const run of [app, owner]) await expect(run(change), change).rejects.toThrow()
    }
  })
})
