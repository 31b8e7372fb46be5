import { type BankMove, bankFile } from '../../../app/demo/bank-file.ts'
import { OWN_ACCOUNT } from '../../../app/demo/demo-accounts.ts'
import { PROGRAMME } from '../../../app/demo/demo-plan.ts'
import { asAlice, asBob } from '../../../app/demo/demo-staff.ts'
import { approvePayouts } from '../../../ledger/payouts/approve-payouts.ts'
import { instructPayouts } from '../../../ledger/payouts/instruct-payouts.ts'
import { listPayable } from '../../../ledger/payouts/list-payable.ts'
import { listPayouts } from '../../../ledger/payouts/list-payouts.ts'
import type { Payout } from '../../../ledger/payouts/payout.ts'
import { preparePayouts } from '../../../ledger/payouts/prepare-payouts.ts'
import { sendPayouts } from '../../../ledger/payouts/send-payouts.ts'
import { approveResolution } from '../../../ledger/reconciliation/approve-resolution.ts'
import { fileOf } from '../../../ledger/reconciliation/bank-file.ts'
import { importBankStatements } from '../../../ledger/reconciliation/import-bank-statements.ts'
import { listBreaks } from '../../../ledger/reconciliation/list-breaks.ts'
import { matchBankEntries } from '../../../ledger/reconciliation/match-bank-entries.ts'
import { proposeResolution } from '../../../ledger/reconciliation/propose-resolution.ts'
import type { TestWorld } from '../../support/database.ts'

/** A bank that keeps our account, and tells it day by day. */
export type Bank = {
  /** Takes and gives money, and sends its statement of the day; finance imports it, twice, and matches. */
  readonly tell: (moves: readonly BankMove[]) => Promise<void>
  readonly name: (what: string) => string
}

export function openBank({ context, clock }: TestWorld): Bank {
  let opening = 0n
  let count = 0
  return {
    name: (what) => `${what}${++count}`,
    tell: async (moves) => {
      const { number: accountNumber } = OWN_ACCOUNT
      const on = clock.now().toISOString().slice(0, 10)
      const file = fileOf(Buffer.from(bankFile({ accountNumber, asset: PROGRAMME.asset, on, opening, moves })))
      for (const _ of [1, 2]) await importBankStatements(asAlice(context), { file })
      await matchBankEntries(asAlice(context), {})
      opening = moves.reduce((sum, { minor }) => sum + minor, opening)
    },
  }
}

/** Alice prepares all that can be paid, Bob approves it, and the bank has it; nothing when there is nothing to pay. */
export async function pay({ context, clock }: TestWorld): Promise<readonly Payout[]> {
  const payable = await listPayable(context, { asset: PROGRAMME.asset })
  if (payable.every(({ hindrance }) => hindrance !== undefined)) return []
  const executionDate = clock.now().toISOString().slice(0, 10)
  const asked = { asset: PROGRAMME.asset, ownAccount: OWN_ACCOUNT.code, executionDate }
  const { batch } = await preparePayouts(asAlice(context), asked)
  await approvePayouts(asBob(context), { batch: batch.id })
  await instructPayouts(asAlice(context), { batch: batch.id })
  await sendPayouts(asAlice(context), { batch: batch.id })
  return (await listPayouts(context, { batch: batch.id, page: { first: 100 } })).edges.map(({ node }) => node)
}

/** Money of the house for its own account. */
export function topUp(bank: Bank, minor: bigint): BankMove {
  return { minor, reference: bank.name('T'), text: 'Top-up' }
}

export function executed(bank: Bank, { transfer, endToEndId, statementNumber }: Payout): BankMove {
  return { minor: -transfer, reference: bank.name('P'), text: statementNumber, endToEndId }
}

export function returned(bank: Bank, { transfer, endToEndId, statementNumber }: Payout): BankMove {
  return { minor: transfer, reference: bank.name('R'), text: statementNumber, endToEndId, returnReason: 'AC04' }
}

/** Money that is no payout is booked by two persons. */
export async function bookTopUps({ context }: TestWorld): Promise<void> {
  const { edges } = await listBreaks(context, { status: 'OPEN', kind: 'NOT_IN_LEDGER', page: { first: 100 } })
  for (const { node } of edges) {
    const booked = { kind: 'BOOKED', account: 'Clearing:Treasury', reason: 'top-up' } as const
    const which = { break: node.id, idempotencyKey: node.id }
    await proposeResolution(asAlice(context), { ...which, ...booked })
    const { kind, account } = booked
    await approveResolution(asBob(context), { ...which, kind, account })
  }
}
