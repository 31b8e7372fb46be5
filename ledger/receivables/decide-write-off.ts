import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { AppendedRecord } from '../../records/append-records.ts'
import { selectAgreement } from '../agreements/store/agreements.ts'
import { decideProposal } from '../decide-proposal.ts'
import { accountPath } from '../journal/chart.ts'
import { postEntries } from '../journal/post-entries.ts'
import { refuseMoreThanOwed } from './refuse-more-than-owed.ts'
import { holdBalances, selectOwed } from './store/agreement-owes.ts'
import { selectWriteOff } from './store/write-offs.ts'
import type { WriteOff } from './write-off.ts'
import { decisionRecord } from './write-off-record.ts'

export type DecidingWriteOff = {
  readonly writeOff: string
  readonly idempotencyKey: string
  /** Why it is rejected; approved without one. */
  readonly because: string | undefined
}

/** What approving and rejecting have in common: once, on what waits for it, by another person than proposed it. */
export async function decideWriteOff(context: Context, { writeOff, ...input }: DecidingWriteOff): Promise<WriteOff> {
  const sort = {
    ...({ prefix: 'wof', table: 'write_offs', scope: 'write-offs', field: 'writeOff' } as const),
    missing: 'there is no such write-off',
    named: (id: string) => `write-off ${id} was`,
    select: selectWriteOff,
    recordOf: decisionRecord,
    refuse: refuseUnowed,
    carryOut: post,
  }
  return decideProposal(context, sort, { id: writeOff, ...input })
}

async function refuseUnowed(tx: Transaction, { programme, agreement, asset, minor }: WriteOff): Promise<void> {
  await holdBalances(tx, programme)
  refuseMoreThanOwed({ asset, minor, owed: await selectOwed(tx, agreement) })
}

/** Source: RULES §6. */
async function post(
  context: Context,
  tx: Transaction,
  { id, agreement: of, asset, minor }: WriteOff,
  { at }: AppendedRecord,
): Promise<void> {
  const agreement = await selectAgreement(tx, of)
  invariant(agreement, 'a write-off is of an agreement')
  const code = agreement.partnerCode
  const postings = [
    { account: accountPath('Expenses:BadDebt'), asset, minor },
    { account: accountPath('Receivable:Partner', code), asset, minor: -minor },
  ]
  await postEntries(context, tx, [{ at, reference: `write-off:${id}`, description: `Written off: ${code}`, postings }])
}
