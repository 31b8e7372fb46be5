import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { withRecords } from '../facts/with-records.ts'
import { postEntries } from '../journal/post-entries.ts'
import { awardPoints } from '../points/award-points.ts'
import { holdBalances } from '../receivables/store/agreement-owes.ts'
import { basisNow } from './basis-of-period.ts'
import { type PeriodToLock, periodRecord, statementRecord } from './lock-records.ts'
import type { Period } from './period.ts'
import { entriesOfStatement } from './statement-entries.ts'
import { selectDraftedPoints } from './store/drafted-points.ts'
import { holdRun, lockRun } from './store/period-runs.ts'
import { issueDrafts, type StatementToIssue, selectDrafts, selectRules } from './store/statements.ts'

/** A period that is locked, and the points that were given with it. */
export type IssuedPeriod = { readonly period: Period; readonly points: bigint }

/**
 * Locks a calculated period in one transaction: its statements are issued, each with its record, the journal is posted, points
 * are awarded, and the period takes no more facts. All of it or nothing. Throws `WRONG_STATE` when another run has taken over,
 * and when terms, memberships or balances are no longer those that were calculated with.
 */
export async function issuePeriod(context: Context, input: PeriodToLock): Promise<IssuedPeriod> {
  const { programme, period, run, outcome, acknowledged } = input
  return context.database.transaction(async (tx) => {
    await holdRun(tx, run, 'REVIEW')
    await refuseOutdated(tx, input)
    const statements = await selectDrafts(tx, run)
    await issue(context, tx, input, statements)
    const entries = statements.flatMap((statement) =>
      entriesOfStatement({ ...statement, programmeCode: programme.code }, period.endsAt),
    )
    await postEntries(context, tx, entries)
    const lastMoment = new Date(period.endsAt.getTime() - 1)
    const drafted = await selectDraftedPoints(tx, run, programme.id)
    const { points } = await awardPoints(context, tx, { ...drafted, entry: { at: lastMoment, period: period.id } })
    // behind its entries also in the log: whoever takes it over meets them while the period is still open
    const [record] = await appendRecords(context, tx, [periodRecord(input, statements)])
    invariant(record, 'a record was appended')
    const codes = acknowledged.map(({ code }) => code)
    const locking = { by: context.actor, record, lookedBack: outcome.lookedBack, acknowledged: codes }
    return { period: await lockRun(tx, run, locking), points }
  })
}

async function refuseOutdated(tx: Transaction, { programme, period, outcome }: PeriodToLock): Promise<void> {
  // until the transaction ends, nothing is written off, paid back or brought along
  await holdBalances(tx, programme.id)
  if ((await basisNow(tx, programme, period)) === outcome.basis) return
  throw new Fault(
    'WRONG_STATE',
    `terms, memberships or balances of ${programme.code} are others than ${period.month} was calculated with: calculate it again`,
  )
}

/** Issues statements with their records. */
async function issue(
  context: Context,
  tx: Transaction,
  input: PeriodToLock,
  statements: readonly StatementToIssue[],
): Promise<void> {
  const rules = await selectRules(
    tx,
    statements.map(({ id }) => id),
  )
  const records = await appendRecords(
    context,
    tx,
    statements.map((statement) => statementRecord(input, statement, rules.get(statement.id) ?? [])),
  )
  const drafts = statements.map(({ id }) => ({ id }))
  const count = await issueDrafts(tx, withRecords(drafts, records))
  invariant(count === statements.length, 'every statement is issued with its record')
}
