import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Asset } from '../../kernel/money.ts'
import { appendRecords } from '../../records/append-records.ts'
import { selectAgreement } from '../agreements/store/agreements.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import { accountPath } from '../journal/chart.ts'
import { postEntries } from '../journal/post-entries.ts'
import { refuseMoreThanOwed } from './refuse-more-than-owed.ts'
import { type Repayment, repaymentRecord } from './repayment-record.ts'
import { holdBalances, selectOwed } from './store/agreement-owes.ts'
import { insertRepayment, selectRepayment } from './store/repayments.ts'

export type ReceiveRepaymentInput = {
  readonly agreement: Id<'agr'>
  readonly asset: Asset
  /** Minor units, above zero. */
  readonly amount: bigint
  /** When the bank had it. */
  readonly at: Date
  readonly bankEntry: Id<'bke'>
  /** Code of the account of ours on which it came in. */
  readonly ownAccount: string
}

/**
 * Books, in the caller's transaction, that a partner paid what it owed by an agreement, or a part of it: `Bank` against
 * `Receivable:Partner`. The agreement's next statement begins with so much more. The same again for the same bank entry
 * changes nothing. Throws `NOT_FOUND` (agreement), `ASSET_MISMATCH`, `INVALID_INPUT`, `WRONG_STATE` for more than is owed, and
 * `IDEMPOTENCY_CONFLICT` when the bank entry was booked otherwise. Source: RULES §6, ADR 0025.
 */
export async function receiveRepayment(
  context: Context,
  tx: Transaction,
  input: ReceiveRepaymentInput,
): Promise<Repayment> {
  const agreement = await selectAgreement(tx, input.agreement)
  if (agreement === undefined) throw new Fault('NOT_FOUND', 'there is no such agreement', { field: 'agreement' })
  const programme = await requireProgramme(tx, agreement.programme)
  await holdBalances(tx, programme.id)
  const { amount: minor, ...told } = input
  const repayment: Repayment = { ...told, minor, programme: programme.id, partner: agreement.partner }
  const standing = await selectRepayment(tx, input.bankEntry)
  if (standing !== undefined) return sameRepayment(standing, repayment)
  if (input.asset !== programme.asset) {
    const sentence = `${programme.code} is settled in ${programme.asset}: ${input.asset} pays nothing back`
    throw new Fault('ASSET_MISMATCH', sentence, { field: 'asset' })
  }
  refuseMoreThanOwed({ asset: input.asset, minor, owed: await selectOwed(tx, agreement.id) })
  const [record] = await appendRecords(context, tx, [repaymentRecord(repayment)])
  invariant(record, 'a record was appended')
  await insertRepayment(tx, repayment, record.id)
  await post(context, tx, repayment, agreement.partnerCode)
  return repayment
}

async function post(
  context: Context,
  tx: Transaction,
  { at, bankEntry, asset, minor, ownAccount }: Repayment,
  partnerCode: string,
): Promise<void> {
  const postings = [
    { account: accountPath('Bank', ownAccount), asset, minor },
    { account: accountPath('Receivable:Partner', partnerCode), asset, minor: -minor },
  ]
  const reference = `repayment:${bankEntry}`
  await postEntries(context, tx, [{ at, reference, description: `Paid back: ${partnerCode}`, postings }])
}

function sameRepayment(standing: Repayment, repayment: Repayment): Repayment {
  const { agreement, asset, minor, ownAccount, at } = repayment
  const same =
    standing.agreement === agreement &&
    standing.asset === asset &&
    standing.minor === minor &&
    standing.ownAccount === ownAccount &&
    standing.at.getTime() === at.getTime()
  if (same) return standing
  throw new Fault('IDEMPOTENCY_CONFLICT', `the bank entry ${repayment.bankEntry} was booked as another repayment`)
}
