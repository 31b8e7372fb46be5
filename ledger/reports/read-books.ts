import type { Reader } from '../../database/client.ts'
import { compareKeys } from '../../kernel/compare-keys.ts'
import type { ReportMoment } from './report-moment.ts'
import { type HoldbackRow, type ReceivableRow, selectHoldbacks, selectReceivables } from './store/agreement-balances.ts'
import { type PayableRow, selectCarried, selectRewardsOwed, selectUnpaid } from './store/payables.ts'
import { type PaymentInTheAir, selectInTheAir } from './store/payments.ts'
import { type PointsWorth, selectPointsWorth } from './store/points-worth.ts'
import { type NamedSum, type OpenedBalance, selectEarned, selectOpened, selectWrittenOff } from './store/sums.ts'
import { selectTaxes, type TaxRow } from './store/taxes.ts'

/** What statements, payments, points and openings come to as of one moment, out of their own tables. Minor units. */
export type Books = {
  readonly payables: readonly PayableRow[]
  readonly receivables: readonly ReceivableRow[]
  readonly holdbacks: readonly HoldbackRow[]
  readonly points: readonly PointsWorth[]
  readonly payments: readonly PaymentInTheAir[]
  readonly taxes: readonly TaxRow[]
  /** By programme: what statements gave, less what they took back. */
  readonly earned: readonly NamedSum[]
  readonly writtenOff: readonly NamedSum[]
  readonly opened: readonly OpenedBalance[]
}

/** Reads the books; give a transaction of one snapshot, so that all of it is of one moment. */
export async function readBooks(sql: Reader, moment: ReportMoment): Promise<Books> {
  return {
    payables: await readPayables(sql, moment),
    receivables: await selectReceivables(sql, moment),
    holdbacks: await selectHoldbacks(sql, moment),
    points: await selectPointsWorth(sql, moment),
    payments: await selectInTheAir(sql, moment),
    taxes: await selectTaxes(sql, moment),
    earned: await selectEarned(sql, moment),
    writtenOff: await selectWrittenOff(sql, moment),
    opened: await selectOpened(sql, moment),
  }
}

/** By partner; of one, statements first. */
async function readPayables(sql: Reader, moment: ReportMoment): Promise<readonly PayableRow[]> {
  const unpaid = await selectUnpaid(sql, moment)
  const carried = await selectCarried(sql, moment)
  const rewards = await selectRewardsOwed(sql, moment)
  return [...unpaid, ...carried, ...rewards].toSorted((a, b) => compareKeys(a.partner, b.partner))
}
