import { formatDecimal } from '../../../kernel/money.ts'
import type { Payable } from '../../../ledger/payouts/payable.ts'
import type { Payout } from '../../../ledger/payouts/payout.ts'
import type { PayoutBatch } from '../../../ledger/payouts/payout-batch.ts'
import type { Row } from '../output.ts'

/** A batch as a row of a table. */
export function batchRow(batch: PayoutBatch): Row {
  const { id, status, asset, ownAccount, executionDate, payouts, total, preparedBy, approvedBy } = batch
  const sum = formatDecimal({ asset, minor: total })
  return { batch: id, status, asset, from: ownAccount, on: executionDate, payouts, total: sum, preparedBy, approvedBy }
}

/** A payout as a row of a table. */
export function payoutRow({ id, statementNumber, attempt, asset, status, reason, ...amounts }: Payout): Row {
  const decimal = (minor: bigint): string => formatDecimal({ asset, minor })
  return {
    ...{ payout: id, statement: statementNumber, attempt, gross: decimal(amounts.gross), vat: decimal(amounts.vat) },
    ...{ withheld: decimal(amounts.withholding), transfer: decimal(amounts.transfer), asset, status, reason },
  }
}

/** A statement that waits as a row of a table. */
export function payableRow({
  number,
  partnerCode,
  asset,
  left,
  held,
  amounts,
  attempt,
  hindrance,
  until,
}: Payable): Row {
  const decimal = (minor: bigint): string => formatDecimal({ asset, minor })
  const transfer = hindrance === undefined && amounts !== undefined ? decimal(amounts.transfer) : ''
  return {
    ...{
      statement: number,
      partner: partnerCode,
      asset,
      left: decimal(left),
      disputed: decimal(held),
      transfer,
      attempt,
    },
    ...{ hindrance, until },
  }
}
