import path from 'node:path'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Month } from '../../kernel/month.ts'
import { acceptStatement } from '../../ledger/disputes/accept-statement.ts'
import { disputeStatement } from '../../ledger/disputes/dispute-statement.ts'
import { approvePayouts } from '../../ledger/payouts/approve-payouts.ts'
import { instructPayouts } from '../../ledger/payouts/instruct-payouts.ts'
import type { PayoutBatch } from '../../ledger/payouts/payout-batch.ts'
import { preparePayouts } from '../../ledger/payouts/prepare-payouts.ts'
import { sendPayouts } from '../../ledger/payouts/send-payouts.ts'
import { approveResolution } from '../../ledger/reconciliation/approve-resolution.ts'
import { fileAt } from '../../ledger/reconciliation/bank-file.ts'
import { importBankStatements } from '../../ledger/reconciliation/import-bank-statements.ts'
import { listBreaks } from '../../ledger/reconciliation/list-breaks.ts'
import { matchBankEntries } from '../../ledger/reconciliation/match-bank-entries.ts'
import { proposeResolution } from '../../ledger/reconciliation/propose-resolution.ts'
import { listStatements } from '../../ledger/settlement/list-statements.ts'
import type { Statement } from '../../ledger/settlement/statement.ts'
import { answerAsBank } from './answer-as-bank.ts'
import { OWN_ACCOUNT } from './demo-accounts.ts'
import type { DemoPartner } from './demo-partners.ts'
import { type DemoPlan, PROGRAMME } from './demo-plan.ts'
import { asAlice, asBob } from './demo-staff.ts'
import { writePrivately } from './private-files.ts'

/** What the house put on its own account to pay from. */
const TOP_UP = 50_000_000n

/**
 * The first settled month is accepted, paid and confirmed by the bank; of the second one a partner disputes a part. Going
 * through it again changes nothing.
 */
export async function loadPayments(
  context: Context,
  folder: string,
  { plan, partners }: { readonly plan: DemoPlan; readonly partners: readonly DemoPartner[] },
): Promise<void> {
  const [first, second] = plan.months
  if (first === undefined || second === undefined) return
  for (const statement of await statementsOf(context, first)) await accept(context, partners, statement)
  const batch = await payMonth(context, first, plan)
  if (batch?.status === 'SENT') await hearFromBank(context, folder, batch)
  const [disputed] = (await statementsOf(context, second)).filter(({ payout }) => payout > 0n)
  if (disputed !== undefined) await doubt(context, partners, disputed)
}

async function statementsOf(context: Context, month: Month): Promise<readonly Statement[]> {
  return (await listStatements(context, { month, page: { first: 100 } })).edges.map(({ node }) => node)
}

async function accept(context: Context, partners: readonly DemoPartner[], { id, partner }: Statement): Promise<void> {
  await acceptStatement(context, { statement: id, caller: callerOf(partners, partner), idempotencyKey: `demo-${id}` })
}

async function doubt(context: Context, partners: readonly DemoPartner[], { id, partner }: Statement): Promise<void> {
  const doubtful = { statement: id, amount: '10.00', reason: 'We count one referral more than you do' }
  await disputeStatement(context, { ...doubtful, caller: callerOf(partners, partner), idempotencyKey: `demo-${id}` })
}

function callerOf(partners: readonly DemoPartner[], id: Statement['partner']): DemoPartner['caller'] | undefined {
  return partners.find(({ caller }) => caller.partner === id)?.caller
}

/** Nothing when nothing reaches the minimum. */
async function payMonth(context: Context, month: Month, { now }: DemoPlan): Promise<PayoutBatch | undefined> {
  try {
    const key = (step: string) => ({ idempotencyKey: `demo-payouts-${step}` })
    const { batch } = await preparePayouts(asAlice(context), {
      ...{ asset: PROGRAMME.asset, ownAccount: OWN_ACCOUNT.code, month, executionDate: now.toISOString().slice(0, 10) },
      ...key('prepare'),
    })
    await approvePayouts(asBob(context), { batch: batch.id, ...key('approve') })
    await instructPayouts(asAlice(context), { batch: batch.id, ...key('instruct') })
    return await sendPayouts(asAlice(context), { batch: batch.id, ...key('send') })
  } catch (error) {
    if (error instanceof Fault && error.code === 'NOT_READY') return undefined
    throw error
  }
}

/** The bank's statement comes, is matched, and what is no payout is booked by two persons. */
async function hearFromBank(context: Context, folder: string, { id, executionDate }: PayoutBatch): Promise<void> {
  const file = path.join(folder, `bank-${executionDate}.xml`)
  await writePrivately(file, await answerAsBank(context, { batch: id, on: executionDate, topUp: TOP_UP, opening: 0n }))
  await importBankStatements(asAlice(context), { file: await fileAt(file) })
  await matchBankEntries(asAlice(context), {})
  const { edges } = await listBreaks(context, { status: 'OPEN', kind: 'NOT_IN_LEDGER', page: { first: 10 } })
  for (const { node } of edges) {
    const which = { break: node.id, idempotencyKey: `demo-${node.id}` }
    const booked = { kind: 'BOOKED', account: 'Clearing:Treasury', reason: 'money of the house for payouts' } as const
    await proposeResolution(asAlice(context), { ...which, ...booked })
    const { kind, account } = booked
    await approveResolution(asBob(context), { ...which, kind, account })
  }
}
