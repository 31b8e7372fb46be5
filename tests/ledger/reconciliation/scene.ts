import { proposeOwnAccount } from '../../../ledger/bank-accounts/propose-own-account.ts'
import { verifyOwnAccount } from '../../../ledger/bank-accounts/verify-own-account.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import { approvePayouts } from '../../../ledger/payouts/approve-payouts.ts'
import { instructPayouts } from '../../../ledger/payouts/instruct-payouts.ts'
import type { Payout } from '../../../ledger/payouts/payout.ts'
import { preparePayouts } from '../../../ledger/payouts/prepare-payouts.ts'
import { sendPayouts } from '../../../ledger/payouts/send-payouts.ts'
import { findPayoutRow, selectPayoutsOfBatch } from '../../../ledger/payouts/store/payouts.ts'
import type { BankBreak } from '../../../ledger/reconciliation/bank-break.ts'
import { fileOf } from '../../../ledger/reconciliation/bank-file.ts'
import { type BankImport, importBankStatements } from '../../../ledger/reconciliation/import-bank-statements.ts'
import { listBreaks } from '../../../ledger/reconciliation/list-breaks.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import type { TestWorld } from '../../support/database.ts'
import { as, fresh, verified } from '../bank-accounts/scene.ts'
import type { Member } from '../settlement/corrections/scene.ts'
import { customersIn, earn, liveMember, programmeWith, refer } from '../settlement/scene.ts'
import { type CamtEntry, camtOf } from './camt.ts'

const IBAN = 'DE89370400440532013000'
const ASSET = 'CNY/2'
let numbers = 0

export { as, fresh }

/** Our account in CNY, verified, whose number is {@link IBAN}. */
export async function ourAccount({ context }: TestWorld, code = 'icbc', number = IBAN): Promise<string> {
  const details = { holder: 'Broker', scheme: 'IBAN', number, bankCode: 'COBADEFFXXX', country: 'DE' } as const
  await proposeOwnAccount(as(context, 'ann'), { code, asset: ASSET, name: 'Main', details, idempotencyKey: fresh() })
  const checked = { number, checked: 'a paper of the bank', idempotencyKey: fresh() }
  await verifyOwnAccount(as(context, 'bo'), { code, ...checked })
  return code
}

/** Members whose January is locked, each with an account of its own, in payouts that the bank was sent. */
export async function sentPayouts(world: TestWorld, amounts: readonly number[]): Promise<readonly Payout[]> {
  const { context } = world
  const programme = await programmeWith(context, { disputeDays: 0 })
  const members: Member[] = []
  for (const minor of amounts) {
    const member = await liveMember(context, [programme])
    const [customer = ''] = await customersIn(world, 1)
    await refer(context, member, { customers: [customer], at: '2026-01-05T00:00:00Z' })
    // a fifth of it is the member's
    await earn(context, customer, [['t', minor * 5, '2026-01-10T00:00:00Z']])
    await verified(context, member.code, { details: { number: numberOf(numbers++) } })
    members.push(member)
  }
  await closePeriod(context, { programme, month: '2026-01' })
  return pay(world, programme)
}

/** Prepared by ann, approved by bo, instructed and sent by ann. */
async function pay({ context, clock }: TestWorld, programme: string): Promise<readonly Payout[]> {
  const executionDate = clock.now().toISOString().slice(0, 10)
  const wanted = { asset: ASSET, ownAccount: 'icbc', programme, executionDate } as const
  const { batch } = await preparePayouts(as(context, 'ann'), wanted)
  await approvePayouts(as(context, 'bo'), { batch: batch.id })
  await instructPayouts(as(context, 'ann'), { batch: batch.id })
  await sendPayouts(as(context, 'ann'), { batch: batch.id })
  return selectPayoutsOfBatch(context.database.reads, batch.id)
}

/** An account number in China; the first one ends in 0000. */
export function numberOf(index: number): string {
  return `622202120011${String(index).padStart(7, '0')}`
}

export async function statusOf({ context }: TestWorld, { id }: Payout): Promise<string | undefined> {
  return (await findPayoutRow(context.database.reads, id))?.status
}

type Told = { readonly opening?: readonly [string, string]; readonly closing?: readonly [string, string] }

/** The bank's file says so, and it is taken in. */
export function bankSays(
  { context }: TestWorld,
  entries: readonly CamtEntry[],
  told: Told & { readonly iban?: string } = {},
): Promise<BankImport> {
  const { iban = IBAN, ...rest } = told
  const text = camtOf([{ id: fresh('stmt'), iban, currency: 'CNY', ...rest, entries }])
  return importBankStatements(context, { file: fileOf(Buffer.from(text)) })
}

/** Open breaks, the oldest first. */
export async function openBreaks({ context }: TestWorld): Promise<readonly BankBreak[]> {
  const { edges } = await listBreaks(context, { status: 'OPEN', page: { first: 100 } })
  return edges.map(({ node }) => node)
}

/** What stands on accounts that begin so, in all. */
export async function booked({ context }: TestWorld, prefix: string): Promise<bigint> {
  const found = await balances(context, { prefix, asset: ASSET })
  return found.reduce((sum, { minor }) => sum + minor, 0n)
}

/** Minor units of CNY as the bank writes them. */
export function decimal(minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0')
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
