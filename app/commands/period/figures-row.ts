import { formatDecimal } from '../../../kernel/money.ts'
import type { PeriodFigures } from '../../../ledger/settlement/figures-of-period.ts'
import type { Row } from '../output.ts'

/** What a month comes to, as a row. */
export function figuresRow(figures: PeriodFigures): Row {
  const { period, statements, facts, points, lateFacts } = figures
  const { asset } = figures.programme
  const [earned, clawbacks, payout] = [figures.earned, figures.clawbacks, figures.payout].map((minor) =>
    formatDecimal({ asset, minor }),
  )
  return { month: period.month, status: period.status, statements, facts, earned, clawbacks, payout, points, lateFacts }
}
