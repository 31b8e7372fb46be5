import type { Context } from '../../../database/context.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, newId } from '../../../kernel/ids.ts'
import { listAgreements } from '../../../ledger/agreements/list-agreements.ts'
import { approveWriteOff } from '../../../ledger/receivables/approve-write-off.ts'
import { proposeWriteOff } from '../../../ledger/receivables/propose-write-off.ts'
import { receiveRepayment } from '../../../ledger/receivables/receive-repayment.ts'
import type { WriteOff } from '../../../ledger/receivables/write-off.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import type { TestWorld } from '../../support/database.ts'
import { customersIn, earn, freshCode, liveMember, programmeWith, refer } from '../settlement/scene.ts'

export type Debtor = {
  readonly programme: string
  readonly member: Awaited<ReturnType<typeof liveMember>>
  readonly agreement: Id<'agr'>
  readonly customer: string
  readonly close: (month: string) => ReturnType<typeof closePeriod>
}

export function as({ context }: Pick<TestWorld, 'context'>, actor: Actor): Context {
  return { ...context, actor }
}

/** A member that was paid 20.00 for January, all of which is taken back in February: it owes that. */
export async function debtor(world: TestWorld, terms: object = {}): Promise<Debtor> {
  const { context } = world
  const programme = await programmeWith(context, { clawbackDays: 90, ...terms })
  const member = await liveMember(context, [programme], { code: freshCode('elm') })
  const [customer = ''] = await customersIn(world, 1)
  await refer(context, member, { customers: [customer], at: '2026-01-05T00:00:00Z' })
  await earn(context, customer, [['t', 10_000, '2026-01-10T00:00:00Z']])
  const close = (month: string) => closePeriod(context, { programme, month })
  await close('2026-01')
  await earn(context, customer, [['r', -10_000, '2026-02-10T00:00:00Z']], { refundOf: `t-${customer}` })
  await close('2026-02')
  const { edges } = await listAgreements(context, { partner: member.partner, page: { first: 1 } })
  return { programme, member, agreement: edges[0]?.node.id ?? newId('agr'), customer, close }
}

/** Ann proposes. */
export function proposed(world: TestWorld, agreement: string, amount?: string): Promise<WriteOff> {
  const input = { agreement, amount, reason: 'it went out of business', idempotencyKey: freshCode('key') }
  return proposeWriteOff(as(world, 'staff:ann'), input)
}

/** Ann proposes, Bo approves. */
export async function writtenOff(world: TestWorld, agreement: string, amount?: string): Promise<WriteOff> {
  const { id } = await proposed(world, agreement, amount)
  return approveWriteOff(as(world, 'staff:bo'), { writeOff: id, idempotencyKey: freshCode('key') })
}

/** Some of it comes in at our bank. */
export function paidBack(
  { context }: TestWorld,
  agreement: Id<'agr'>,
  amount: bigint,
  {
    bankEntry = newId('bke'),
    at = context.clock.now(),
    ...more
  }: { bankEntry?: Id<'bke'>; at?: Date; asset?: 'USD/2' } = {},
) {
  const input = { agreement, asset: 'CNY/2', amount, at, bankEntry, ownAccount: 'house', ...more } as const
  return context.database.transaction((tx) => receiveRepayment(context, tx, input))
}

/** What stands on accounts that begin so. */
export async function standing({ owner }: TestWorld, prefix: string): Promise<Readonly<Record<string, bigint>>> {
  const rows = await owner<{ path: string; amount: string }[]>`
    select a.path, sum(p.amount) as amount from postings p join accounts a on a.id = p.account_id
    where starts_with(a.path, ${prefix}) group by a.path`
  return Object.fromEntries(rows.map(({ path, amount }) => [path, BigInt(amount)]))
}
