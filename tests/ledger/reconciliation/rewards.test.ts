import { beforeAll, expect, test } from 'vitest'
import { exitAccounts } from '../../../ledger/exits/exit-accounts.ts'
import { approveResolution } from '../../../ledger/reconciliation/approve-resolution.ts'
import { matchBankEntries } from '../../../ledger/reconciliation/match-bank-entries.ts'
import { proposeResolution } from '../../../ledger/reconciliation/propose-resolution.ts'
import { closeReport } from '../../../ledger/reports/close-report.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { useWorld } from '../../support/database.ts'
import { type Person, people, pointsScene, redeem, rewardFor } from '../points/scene.ts'
import { as, bankSays, decimal, fresh, openBreaks, ourAccount } from './scene.ts'

const world = useWorld()
let code: string

beforeAll(async () => {
  world.clock.set('2026-02-10T08:00:00Z')
  await ourAccount(world)
  const scene = await pointsScene(world)
  const [person, friend] = (await people(world, 2)) as readonly [Person, Person]
  await scene.refer(person, friend, 5)
  await closePeriod(world.context, { programme: scene.programme, month: '2026-01' })
  code = scene.member.code
  const supply = { partner: code, asset: 'CNY/2', minor: '320' }
  await redeem(world, person, await rewardFor(world, 40, { supply }))
})

/** The bank moves so much; gives the break that this is. */
async function bankMoves(minor: bigint): Promise<string> {
  await bankSays(world, [{ amount: decimal(minor), date: '2026-02-11', bankReference: fresh('bank') }])
  await matchBankEntries(world.context, { ownAccount: 'icbc' })
  return (await openBreaks(world)).find((one) => one.minor === minor)?.id ?? ''
}

const asked = (id: string) =>
  ({ break: id, kind: 'BOOKED', account: `Partner:Payable:${code}`, idempotencyKey: fresh() }) as const
const propose = (id: string) =>
  proposeResolution(as(world.context, 'ann'), { ...asked(id), reason: 'rewards of January' })
const approve = (id: string) => approveResolution(as(world.context, 'bo'), asked(id))
const standing = async () => {
  const { context } = world
  const rows = await context.database.reads<{ id: string }[]>`select id from partners where code = ${code}`
  const partner = `ptr_${rows[0]?.id.replaceAll('-', '')}` as const
  return (await exitAccounts(context.database.reads, { partner, code })).ACCOUNTS
}

test('what a partner is due for rewards is paid at the bank, booked by two persons, and never beyond', async () => {
  expect(await standing()).toMatchObject({ count: 1, amounts: [{ asset: 'CNY/2', minor: -320n }] })
  await expect(propose(await bankMoves(-321n))).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'account' })
  await expect(propose(await bankMoves(5n))).rejects.toMatchObject({ code: 'WRONG_STATE' })
  const [first, rest] = [await bankMoves(-300n), await bankMoves(-200n)]
  await propose(first)
  await propose(rest)
  // both fit by themselves; of two that are approved at once one does
  const approved = await Promise.allSettled([approve(first), approve(rest)])
  expect(approved.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const left = approved[0]?.status === 'fulfilled' ? 20n : 120n
  expect(await standing()).toMatchObject({ amounts: [{ minor: -left }] })
  const report = await closeReport(world.context)
  expect(report.agrees).toBe(true)
  expect(report.payables.filter(({ kind }) => kind === 'REWARDS')).toMatchObject([{ partner: code, minor: left }])
  const last = await bankMoves(-left)
  await propose(last)
  await approve(last)
  expect(await standing()).toMatchObject({ count: 0 })
  expect((await closeReport(world.context)).agrees).toBe(true)
})

test('an account of nobody, or another of a partner, is none', async () => {
  const wrong = { break: await bankMoves(-7n), kind: 'BOOKED', reason: 'x', idempotencyKey: fresh() } as const
  for (const account of [`Receivable:Partner:${code}`, 'Partner:Payable', 'Partner:Payable:A B']) {
    await expect(proposeResolution(as(world.context, 'ann'), { ...wrong, account })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  }
  const nobody = { ...wrong, account: 'Partner:Payable:nobody' }
  await expect(proposeResolution(as(world.context, 'ann'), nobody)).rejects.toMatchObject({ code: 'WRONG_STATE' })
})
