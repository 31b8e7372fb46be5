import { beforeAll, describe, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { approveWriteOff } from '../../../ledger/receivables/approve-write-off.ts'
import { listWriteOffs } from '../../../ledger/receivables/list-write-offs.ts'
import { proposeWriteOff } from '../../../ledger/receivables/propose-write-off.ts'
import { rejectWriteOff } from '../../../ledger/receivables/reject-write-off.ts'
import { closeReport } from '../../../ledger/reports/close-report.ts'
import { verifyStatements } from '../../../ledger/reports/verify-statements.ts'
import { calculatePeriod } from '../../../ledger/settlement/calculate-period.ts'
import { lockPeriod } from '../../../ledger/settlement/lock-period.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { useWorld } from '../../support/database.ts'
import { lastOf } from '../settlement/corrections/scene.ts'
import { earn, freshCode } from '../settlement/scene.ts'
import { as, debtor, paidBack, proposed, standing, writtenOff } from './scene.ts'

const world = useWorld()

beforeAll(() => {
  world.clock.set('2026-06-02T00:00:00Z')
})

const key = (): string => freshCode('key')

describe('what a partner owes', () => {
  test('is written off by two persons, and the next statement begins with it', async () => {
    const { member, agreement, customer, close } = await debtor(world)
    const given = await writtenOff(world, agreement, '7.50')
    expect(given).toMatchObject({ minor: 750n, status: 'APPROVED', proposedBy: 'staff:ann', decidedBy: 'staff:bo' })
    expect(await standing(world, `Receivable:Partner:${member.code}`)).toEqual({
      [`Receivable:Partner:${member.code}`]: 1250n,
    })
    await earn(world.context, customer, [['m', 5000, '2026-03-05T00:00:00Z']])
    await close('2026-03')
    expect(await lastOf(world, member)).toMatchObject({ opening: -1250n, earned: 1000n, payout: 0n, closing: -250n })
    const [all, rest] = [await writtenOff(world, agreement), await lastOf(world, member)]
    expect([all.minor, rest.closing]).toEqual([250n, -250n])
    await close('2026-04')
    expect(await lastOf(world, member)).toMatchObject({ month: '2026-04', opening: 0n, closing: 0n })
    expect(await verifyStatements(world.context)).toEqual([])
  })

  test('is paid back, by a bank entry that counts once', async () => {
    const { member, agreement, close } = await debtor(world)
    const bankEntry = newId('bke')
    const at = new Date('2026-06-01T10:00:00Z')
    for (const _ of ['once', 'again']) await paidBack(world, agreement, 1500n, { bankEntry, at })
    expect(await standing(world, `Receivable:Partner:${member.code}`)).toEqual({
      [`Receivable:Partner:${member.code}`]: 500n,
    })
    await expect(paidBack(world, agreement, 400n, { bankEntry, at })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
    const { receivables, agrees } = await closeReport(world.context)
    expect(receivables.find(({ partner }) => partner === member.code)).toMatchObject({ minor: 500n, days: 93 })
    expect(agrees).toBe(true)
    await close('2026-03')
    expect(await lastOf(world, member)).toMatchObject({ opening: -500n, closing: -500n })
    expect(await verifyStatements(world.context)).toEqual([])
  })

  test('is told as of a month’s end as it was then', async () => {
    const { member, agreement } = await debtor(world)
    await paidBack(world, agreement, 2000n, { at: new Date('2026-05-05T00:00:00Z') })
    const owedAt = async (month: string) => {
      const { receivables, differences } = await closeReport(world.context, { month })
      expect(differences).toEqual([])
      return receivables.filter(({ partner }) => partner === member.code).map(({ minor }) => minor)
    }
    expect([await owedAt('2026-01'), await owedAt('2026-04'), await owedAt('2026-05')]).toEqual([[], [2000n], []])
  })
})

describe('a write-off is refused', () => {
  test('to one person alone, and to what is no person', async () => {
    const { agreement } = await debtor(world)
    const { id: writeOff } = await proposed(world, agreement)
    for (const actor of ['staff:ann', 'system:tests'] as const) {
      const alone = { writeOff, idempotencyKey: key() }
      await expect(approveWriteOff(as(world, actor), alone)).rejects.toMatchObject({ code: 'FORBIDDEN' })
      const rejecting = rejectWriteOff(as(world, actor), { ...alone, reason: 'no' })
      await expect(rejecting).rejects.toMatchObject({ code: 'FORBIDDEN' })
    }
    const input = { agreement, reason: 'x', idempotencyKey: key() }
    await expect(proposeWriteOff(world.context, input)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const decide = world.owner`update write_offs set status = 'APPROVED', decided_by = 'staff:ann', decided_at = now(),
      decision_record_id = record_id where id = ${uuidOf(writeOff)}`
    await expect(decide).rejects.toMatchObject({ constraint_name: 'write_offs_two_persons' })
  })

  test.each([
    [{ amount: '0.00' }, 'INVALID_INPUT', 'amount'],
    [{ amount: '-1' }, 'INVALID_INPUT', 'amount'],
    [{ amount: '1.234' }, 'INVALID_INPUT', undefined],
    [{ amount: '20.01' }, 'WRONG_STATE', 'amount'],
    [{ reason: ' ' }, 'INVALID_INPUT', 'reason'],
    [{ agreement: 'agr_1' }, 'NOT_FOUND', 'agreement'],
    [{ more: 1 }, 'INVALID_INPUT', 'more'],
  ])('that is none: %j', async (change, code, field) => {
    const { agreement } = await debtor(world)
    const input = { agreement, amount: '1', reason: 'x', idempotencyKey: key(), ...change }
    await expect(proposeWriteOff(as(world, 'staff:ann'), input)).rejects.toMatchObject({ code, field })
  })

  test('for more than is owed by the time it is approved, and once it was decided', async () => {
    const { agreement } = await debtor(world)
    const { id: writeOff } = await proposed(world, agreement)
    await paidBack(world, agreement, 1n)
    const approval = { writeOff, idempotencyKey: key() }
    await expect(approveWriteOff(as(world, 'staff:bo'), approval)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    const rejection = { writeOff, reason: 'some came in', idempotencyKey: key() }
    const rejected = await rejectWriteOff(as(world, 'staff:bo'), rejection)
    expect(rejected).toMatchObject({ status: 'REJECTED', decisionReason: 'some came in' })
    expect(await rejectWriteOff(as(world, 'staff:bo'), rejection)).toEqual(rejected)
    await expect(approveWriteOff(as(world, 'staff:cy'), approval)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    const { edges } = await listWriteOffs(world.context, { status: 'REJECTED', page: { first: 1 } })
    expect(edges.map(({ node }) => node.id)).toEqual([writeOff])
  })

  test('like a repayment of more than is owed, of nothing, or in another asset', async () => {
    const { agreement } = await debtor(world)
    await expect(paidBack(world, agreement, 2001n)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(paidBack(world, agreement, 0n)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(paidBack(world, agreement, 1n, { asset: 'USD/2' })).rejects.toMatchObject({ code: 'ASSET_MISMATCH' })
    await expect(paidBack(world, newId('agr'), 1n)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

test('of what comes at once no more is given up than is owed', async () => {
  const { agreement, member } = await debtor(world)
  const two = [await proposed(world, agreement, '15'), await proposed(world, agreement, '15')]
  const ends = await Promise.allSettled([
    ...two.map(({ id }) => approveWriteOff(as(world, 'staff:bo'), { writeOff: id, idempotencyKey: key() })),
    paidBack(world, agreement, 1500n),
    paidBack(world, agreement, 1500n),
  ])
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await standing(world, `Receivable:Partner:${member.code}`)).toEqual({
    [`Receivable:Partner:${member.code}`]: 500n,
  })
})

test('a month is not locked on balances that moved since it was calculated', async () => {
  const { member, agreement, close } = await debtor(world)
  await close('2026-03')
  const { programme } = await lastOf(world, member)
  const april = { programme, month: '2026-04' }
  await calculatePeriod(world.context, april)
  await writtenOff(world, agreement, '1')
  await expect(lockPeriod(world.context, april)).rejects.toMatchObject({ code: 'CHECKLIST_OPEN' })
  await calculatePeriod(world.context, april)
  expect((await lockPeriod(world.context, april)).period.status).toBe('LOCKED')
})

test('what was told follows from the log', async () => {
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
})
