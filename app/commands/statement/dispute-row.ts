import { formatDecimal } from '../../../kernel/money.ts'
import type { Dispute } from '../../../ledger/disputes/dispute.ts'
import type { Row } from '../output.ts'

/** A dispute as a row of a table. */
export function disputeRow(dispute: Dispute): Row {
  const { id, number, status, rules, lines, asset, held, reason, openedBy, closedBy, answer, adjustment } = dispute
  const about = [...rules.map((rule) => `rule ${rule}`), ...(lines.length === 0 ? [] : [`${lines.length} lines`])]
  return {
    ...{ id, statement: number, status, about: about.length === 0 ? 'all' : about.join(', ') },
    held: formatDecimal({ asset, minor: held }),
    ...{ reason, openedBy, closedBy, answer, adjustment },
  }
}
