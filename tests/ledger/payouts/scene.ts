import type { Context } from '../../../database/context.ts'
import { type Id, newId } from '../../../kernel/ids.ts'
import { listOwnAccounts } from '../../../ledger/bank-accounts/list-own-accounts.ts'
import { proposeBankAccount } from '../../../ledger/bank-accounts/propose-bank-account.ts'
import { proposeOwnAccount } from '../../../ledger/bank-accounts/propose-own-account.ts'
import { verifyBankAccount } from '../../../ledger/bank-accounts/verify-bank-account.ts'
import { verifyOwnAccount } from '../../../ledger/bank-accounts/verify-own-account.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import { approvePayouts } from '../../../ledger/payouts/approve-payouts.ts'
import { instructPayouts } from '../../../ledger/payouts/instruct-payouts.ts'
import type { Payout } from '../../../ledger/payouts/payout.ts'
import type { PayoutBatch } from '../../../ledger/payouts/payout-batch.ts'
import { type PreparedPayouts, preparePayouts } from '../../../ledger/payouts/prepare-payouts.ts'
import { rejectPayout } from '../../../ledger/payouts/reject-payout.ts'
import { returnPayout } from '../../../ledger/payouts/return-payout.ts'
import { sendPayouts } from '../../../ledger/payouts/send-payouts.ts'
import { settlePayout } from '../../../ledger/payouts/settle-payout.ts'
import { selectPayoutsOfBatch } from '../../../ledger/payouts/store/payouts.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import type { StatementDetail } from '../../../ledger/settlement/find-statement.ts'
import type { TestWorld } from '../../support/database.ts'
import { lastOf, type Member } from '../settlement/corrections/scene.ts'
import { customersIn, earn, freshCode, liveMember, programmeWith, refer } from '../settlement/scene.ts'

export const ASSET = 'CNY/2'
/** VAT of 6 % and 10 % withheld; nothing can be disputed any more. */
export const TAXED = { disputeDays: 0, tax: { vatPpm: 60_000, withholdingPpm: 100_000 } }

/** The same world, in the hands of a member of the staff. */
export function as(context: Context, name: string): Context {
  return { ...context, actor: `staff:${name}` }
}

export type Paid = { readonly member: Member; readonly statement: StatementDetail }

/** Members of one programme, each with a bank account, and their locked statements of January over these amounts. */
export async function settled(
  world: TestWorld,
  amounts: readonly number[],
  terms: object = TAXED,
): Promise<readonly Paid[]> {
  const { context } = world
  const programme = await programmeWith(context, terms)
  const members: Member[] = []
  for (const minor of amounts) {
    const member = await liveMember(context, [programme])
    const [customer = ''] = await customersIn(world, 1)
    await refer(context, member, { customers: [customer], at: '2026-01-05T00:00:00Z' })
    // a fifth of it is the member's
    await earn(context, customer, [['t', minor * 5, '2026-01-10T00:00:00Z']])
    await giveAccount(world, member)
    members.push(member)
  }
  await closePeriod(context, { programme, month: '2026-01' })
  return Promise.all(members.map(async (member) => ({ member, statement: await lastOf(world, member) })))
}

const OURS = {
  holder: 'Tributary Securities',
  scheme: 'IBAN' as const,
  number: 'DE89370400440532013000',
  bankCode: 'COBADEFFXXX',
  country: 'DE',
}

/** Our account that pays, made once in a world. */
export async function ourAccount({ context }: TestWorld): Promise<string> {
  if ((await listOwnAccounts(context)).length > 0) return 'main'
  const account = { code: 'main', asset: ASSET, name: 'Main', details: { ...OURS }, idempotencyKey: freshCode('key') }
  await proposeOwnAccount(as(context, 'alice'), account)
  const checked = { number: OURS.number, checked: 'a statement of the bank', idempotencyKey: freshCode('key') }
  await verifyOwnAccount(as(context, 'bob'), { code: 'main', ...checked })
  return 'main'
}

/** A bank account of a partner in China; the number is made up. A second one may not be used for three days. */
export async function giveAccount({ context }: TestWorld, { partner }: Member, number = '6222021200112233445') {
  const details = {
    holder: '杭州海港旅行社',
    scheme: 'CN_DOMESTIC' as const,
    number,
    bankCode: '102100099996',
    country: 'CN',
  }
  const account = { partner, asset: ASSET, details, idempotencyKey: freshCode('key') }
  const { id } = await proposeBankAccount(as(context, 'alice'), account)
  const checked = { account: id, number, checked: 'called the office', idempotencyKey: freshCode('key') }
  return verifyBankAccount(as(context, 'bob'), checked)
}

/** Alice prepares all that can be paid; of one programme with its month where a statement is given. */
export async function prepare(world: TestWorld, paid?: readonly Paid[]): Promise<PreparedPayouts> {
  const ownAccount = await ourAccount(world)
  const programme = paid?.[0]?.statement.programme
  const executionDate = world.clock.now().toISOString().slice(0, 10)
  return preparePayouts(as(world.context, 'alice'), { asset: ASSET, ownAccount, programme, executionDate })
}

/** Prepared by Alice and approved by Bob. */
export async function approved(world: TestWorld, paid?: readonly Paid[]): Promise<PayoutBatch> {
  const { batch } = await prepare(world, paid)
  return approvePayouts(as(world.context, 'bob'), { batch: batch.id })
}

/** The same, instructed by Alice. */
export async function instructed(world: TestWorld, paid?: readonly Paid[]): Promise<PayoutBatch> {
  const { id } = await approved(world, paid)
  return instructPayouts(as(world.context, 'alice'), { batch: id })
}

/** The same, and the bank has the file. */
export async function sent(world: TestWorld, paid?: readonly Paid[]): Promise<PayoutBatch> {
  const { id } = await instructed(world, paid)
  return sendPayouts(as(world.context, 'alice'), { batch: id })
}

export function payoutsOf({ context }: TestWorld, { id }: Pick<PayoutBatch, 'id'>): Promise<readonly Payout[]> {
  return selectPayoutsOfBatch(context.database.reads, id)
}

/** The one payout of a batch. */
export async function onlyOf(world: TestWorld, batch: Pick<PayoutBatch, 'id'>): Promise<Payout> {
  const [payout, another] = await payoutsOf(world, batch)
  if (payout === undefined || another !== undefined) throw new Error('the batch has one payout')
  return payout
}

type Word = { readonly entry?: Id<'bke'>; readonly at?: Date }

/** The bank says that the money left. */
export function settle({ context, clock }: TestWorld, { id: payout }: Payout, word: Word = {}): Promise<Payout> {
  const { entry: bankEntry = newId('bke'), at = clock.now() } = word
  return context.database.transaction((tx) => settlePayout(context, tx, { payout, at, ownAccount: 'main', bankEntry }))
}

/** The bank says that it will not pay. */
export function reject({ context, clock }: TestWorld, { id: payout }: Payout, word: Word = {}): Promise<Payout> {
  const { entry: bankEntry, at = clock.now() } = word
  return context.database.transaction((tx) => rejectPayout(context, tx, { payout, at, reason: 'AC01', bankEntry }))
}

/** The bank gives the money back. */
export function giveBack({ context, clock }: TestWorld, { id: payout }: Payout, word: Word = {}): Promise<Payout> {
  const { entry: bankEntry = newId('bke'), at = clock.now() } = word
  const returned = { payout, at, ownAccount: 'main', bankEntry, reason: 'AC04' }
  return context.database.transaction((tx) => returnPayout(context, tx, returned))
}

/** Balances in CNY of accounts that begin so, by what follows. */
export async function booked(context: Context, prefix: string): Promise<Readonly<Record<string, bigint>>> {
  const found = await balances(context, { prefix, asset: ASSET })
  return Object.fromEntries(found.map(({ account, minor }) => [account, minor]))
}

/** What is booked for one member: what we owe it, what is under way, and the sums of tax and bank over all. */
export async function bookedOf({ context }: TestWorld, { code }: Member) {
  const sum = async (prefix: string): Promise<bigint> =>
    Object.values(await booked(context, prefix)).reduce((all, minor) => all + minor, 0n)
  return {
    payable: await sum(`Partner:Payable:${code}`),
    clearing: await sum('Clearing:Payouts'),
    bank: await sum('Bank:main'),
    vat: await sum('Tax:InputVAT'),
    withholding: await sum('Tax:Withholding'),
  }
}
