import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Month, monthOf, monthSpan, parseMonth } from '../../kernel/month.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import type { Balance } from '../journal/balance.ts'
import { CUSTOMER_ACCOUNTS } from '../journal/chart.ts'
import { selectBalances, selectBalancesAt } from '../journal/store/balances.ts'
import { type TrialBalance, trialBalanceOf } from '../journal/trial-balance.ts'
import { type Age, ageAt } from './ageing.ts'
import { type AccountCheck, compareBooks, type SectionCheck, sectionsOf } from './compare-books.ts'
import { checkMovements, type MovedAccount, moveBalances } from './move-balances.ts'
import { readBooks } from './read-books.ts'
import type { ReportMoment } from './report-moment.ts'
import type { HoldbackRow, ReceivableRow } from './store/agreement-balances.ts'
import { selectMovements } from './store/movements.ts'
import type { PayableRow } from './store/payables.ts'
import type { PaymentInTheAir } from './store/payments.ts'
import type { PointsWorth } from './store/points-worth.ts'
import { type ReportedProgramme, selectReported } from './store/reported-programmes.ts'
import type { TaxRow } from './store/taxes.ts'

export type CloseReportInput = {
  /** A month such as `2026-01`: as of its last instant. Now, and what moved since this month began, unless given. */
  readonly month?: string | null | undefined
  /** Code or id of the programme in whose time zone the month is; needed where programmes are in several zones. */
  readonly programme?: string | null | undefined
}

/** What the books are at a month's end. Amounts are minor units of their assets. */
export type CloseReport = {
  readonly month: Month
  readonly timeZone: string
  /** The first instant of the month. */
  readonly from: Date
  /** Entries dated up to this instant are in it. */
  readonly at: Date
  readonly programmes: readonly ReportedProgramme[]
  /** All accounts; those of customers together. */
  readonly trialBalance: TrialBalance
  readonly movements: readonly MovedAccount[]
  readonly payables: readonly (PayableRow & Age)[]
  readonly receivables: readonly (ReceivableRow & Age)[]
  readonly holdbacks: readonly HoldbackRow[]
  readonly points: readonly PointsWorth[]
  readonly payments: readonly PaymentInTheAir[]
  readonly taxes: readonly TaxRow[]
  /** What each section comes to, and the journal's accounts of it. */
  readonly sections: readonly SectionCheck[]
  /** The same account by account. */
  readonly checks: readonly AccountCheck[]
  /** Those that differ. */
  readonly differences: readonly AccountCheck[]
  readonly agrees: boolean
}

const READING_SECONDS = 600

/**
 * The close report of the whole ledger: trial balance, movement by account, what is owed to partners and by them with its
 * age, holdbacks, points, payments under way and taxes, read at one snapshot. Statements, payments and points are told out
 * of their own tables, and each section says whether that is what the journal has. Throws `NOT_FOUND` (programme),
 * `INVALID_INPUT` (month, or it takes a programme to tell when it ends) and `PERIOD_NOT_OVER`. Source: ADR 0025.
 */
export async function closeReport(context: Context, input: CloseReportInput = {}): Promise<CloseReport> {
  const now = context.clock.now()
  return context.database.transaction(
    async (sql) => {
      await sql`set transaction read only`
      const programmes = await selectReported(sql)
      const timeZone = await zoneOf(sql, input, programmes)
      const month = input.month == null ? monthOf(now, timeZone) : parseMonth(input.month)
      const { from, to } = monthSpan(month, timeZone)
      if (input.month != null && to > now)
        throw new Fault('PERIOD_NOT_OVER', `${month} ends at ${to.toISOString()}`, { field: 'month' })
      const until: ReportMoment = input.month == null ? undefined : new Date(to.getTime() - 1)
      const report = await reportOn(sql, { from, until, now })
      return { month, timeZone, from, at: until ?? now, programmes, ...report }
    },
    { isolation: 'repeatable read', statementTimeoutSeconds: READING_SECONDS },
  )
}

async function zoneOf(
  sql: Reader,
  { programme }: CloseReportInput,
  programmes: readonly ReportedProgramme[],
): Promise<string> {
  if (programme != null) return (await requireProgramme(sql, programme)).timeZone
  const [zone = 'UTC', ...others] = new Set(programmes.map(({ timeZone }) => timeZone))
  if (others.length === 0) return zone
  throw new Fault('INVALID_INPUT', 'months end at different times in several programmes: name one of them', {
    field: 'programme',
  })
}

type Span = { readonly from: Date; readonly until: ReportMoment; readonly now: Date }

async function reportOn(
  sql: Reader,
  { from, until, now }: Span,
): Promise<Omit<CloseReport, 'month' | 'timeZone' | 'from' | 'at' | 'programmes'>> {
  const closing = await balancesAt(sql, until)
  const opening = await balancesAt(sql, new Date(from.getTime() - 1))
  const moved = await selectMovements(sql, { from, until, together: CUSTOMER_ACCOUNTS })
  const books = await readBooks(sql, until)
  const { payables, receivables, holdbacks, points, payments, taxes } = books
  const checks = compareBooks(books, closing)
  const movements = moveBalances(opening, moved)
  const at = until ?? now
  const differences = [...checks.filter(({ agrees }) => !agrees), ...checkMovements(movements, closing)]
  const trialBalance = trialBalanceOf(closing)
  return {
    trialBalance,
    movements,
    payables: payables.map((row) => ({ ...row, ...ageAt(row.dueAt, at) })),
    receivables: receivables.map((row) => ({ ...row, ...ageAt(row.since, at) })),
    ...{ holdbacks, points, payments, taxes },
    sections: sectionsOf(checks),
    checks,
    differences,
    agrees: differences.length === 0 && trialBalance.balanced,
  }
}

/** Balances up to a moment; those of customers together. */
function balancesAt(sql: Reader, moment: ReportMoment): Promise<readonly Balance[]> {
  const together = CUSTOMER_ACCOUNTS
  return moment === undefined ? selectBalances(sql, { together }) : selectBalancesAt(sql, moment, { together })
}
