import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { findPayoutBatch } from '../../ledger/payouts/find-payout-batch.ts'
import { listPayouts } from '../../ledger/payouts/list-payouts.ts'
import type { Payout, PayoutStatus } from '../../ledger/payouts/payout.ts'
import { listBankStatements } from '../../ledger/reconciliation/list-bank-statements.ts'
import { type BankMove, bankFile } from './bank-file.ts'
import { OWN_ACCOUNT } from './demo-accounts.ts'

export type AnswerAsBankInput = {
  readonly batch: string
  /** The day of the statement, `2026-02-10`. */
  readonly on: string
  /** Ids of payouts that come back on the same day. */
  readonly returned?: readonly string[]
  /** Minor units that the house puts on the account. */
  readonly topUp?: bigint
  /** Balance before; what the last imported statement closed with unless given. */
  readonly opening?: bigint
}

/**
 * The statement that a bank would send of a day on which it executed what is under way of a batch of the demonstration's
 * account, up to a hundred payouts: camt.053. Throws `NOT_FOUND` for the batch, `NOT_READY` when nothing of it is under way.
 */
export async function answerAsBank(context: Context, input: AnswerAsBankInput): Promise<string> {
  const { batch: id, on, returned = [], topUp = 0n } = input
  const batch = await findPayoutBatch(context, id)
  if (batch === undefined) throw new Fault('NOT_FOUND', 'there is no such batch', { field: 'batch' })
  const { edges } = await listPayouts(context, { batch: id, page: { first: 100 } })
  const payouts = edges.map(({ node }) => node).filter(({ status }) => UNDER_WAY.has(status))
  if (payouts.length === 0) throw new Fault('NOT_READY', 'nothing of this batch is under way to the bank')
  const house: BankMove = { minor: topUp, reference: `TOP-${on}`, text: 'Top-up' }
  const moves = [
    ...(topUp === 0n ? [] : [house]),
    ...payouts.map((payout) => moveOf(payout)),
    ...payouts.filter((payout) => returned.includes(payout.id)).map((payout) => moveOf(payout, 'AC04')),
  ]
  const opening = input.opening ?? (await lastClosing(context))
  return bankFile({ accountNumber: OWN_ACCOUNT.number, asset: batch.asset, on, opening, moves })
}

const UNDER_WAY: ReadonlySet<PayoutStatus> = new Set(['INSTRUCTED', 'SENT', 'UNKNOWN'])

/** Out; or back in, and why. */
function moveOf({ transfer, endToEndId, statementNumber: text }: Payout, returnReason?: string): BankMove {
  const [minor, prefix] = returnReason === undefined ? [-transfer, 'PAY'] : [transfer, 'RTN']
  return { minor, reference: `${prefix}-${endToEndId.slice(-16)}`, text, endToEndId, returnReason }
}

async function lastClosing(context: Context): Promise<bigint> {
  const { edges } = await listBankStatements(context, { ownAccount: OWN_ACCOUNT.code, page: { first: 1 } })
  return edges[0]?.node.closing?.minor ?? 0n
}
