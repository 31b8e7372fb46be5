import { formatDecimal } from '../../../kernel/money.ts'
import type { Round } from '../../../ledger/distribution/round.ts'
import type { Row } from '../output.ts'

/** A round as a row of a table. */
export function roundRow({ id, number, status, asset, total, claims, deadline }: Round): Row {
  return { round: id, number, status, asset, total: formatDecimal({ asset, minor: total }), claims, deadline }
}
