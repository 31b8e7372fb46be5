import type { Transaction } from '../../database/client.ts'
import { Fault } from '../../kernel/fault.ts'
import { holdBalances } from '../receivables/store/agreement-owes.ts'
import type { Period } from './period.ts'
import { type DraftStatement, selectBalances } from './store/drafts.ts'

/**
 * Throws `WRONG_STATE` when a draft no longer begins with what its agreement is owed or owes: something was written off, paid
 * back or brought along since it was calculated. Until the transaction ends, nothing moves these balances.
 */
export async function refuseMovedBalances(
  tx: Transaction,
  { programme, month }: Pick<Period, 'programme' | 'month'>,
  drafts: readonly Pick<DraftStatement, 'number' | 'agreement' | 'opening' | 'held' | 'holdback' | 'released'>[],
): Promise<void> {
  await holdBalances(tx, programme)
  const balances = await selectBalances(tx, { programme, month })
  for (const { number, agreement, opening, held, holdback, released } of drafts) {
    const { closing, held: before, due } = balances.get(agreement) ?? { closing: 0n, held: 0n, due: 0n }
    if (opening === closing && held - holdback + released === before && released === due) continue
    throw new Fault('WRONG_STATE', `the balance that ${number} begins with moved since: calculate ${month} again`)
  }
}
