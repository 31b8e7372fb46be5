import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords, type NewRecord } from '../../records/append-records.ts'
import type { RecordData } from '../../records/record-body.ts'
import type { Programme } from '../agreements/programme.ts'
import { withRecords } from '../facts/with-records.ts'
import { postEntries } from '../journal/post-entries.ts'
import { awardPoints } from '../points/award-points.ts'
import type { Period } from './period.ts'
import type { PointsOfPeriod } from './points-of-period.ts'
import { refuseMovedBalances } from './refuse-moved-balances.ts'
import type { StatementRule } from './statement.ts'
import { entriesOfStatement } from './statement-entries.ts'
import { holdRun, type LookedBack, lockRun, type Run } from './store/periods.ts'
import { issueDrafts, type StatementToIssue, selectDrafts, selectRules } from './store/statements.ts'

export type LockInput = {
  readonly programme: Programme
  readonly period: Period
  readonly run: Run
  readonly points: PointsOfPeriod
  /** The transactions whose facts count. */
  readonly factsCut: string
  readonly lookedBack: LookedBack
}

/** A period that is locked, and what was issued with it. */
export type LockedPeriod = {
  readonly period: Period
  readonly statements: readonly StatementToIssue[]
  /** Points that were given. */
  readonly points: bigint
}

/**
 * Locks a calculated period in one transaction: its statements are issued, each with its record, the journal is posted, points
 * are awarded, and the period takes no more facts. All of it or nothing. Throws `WRONG_STATE` when another run has taken over.
 */
export async function lockPeriod(context: Context, input: LockInput): Promise<LockedPeriod> {
  const { programme, period, run, lookedBack } = input
  return context.database.transaction(async (tx) => {
    await holdRun(tx, run, 'REVIEW')
    const statements = await selectDrafts(tx, run)
    await refuseMovedBalances(tx, period, statements)
    await issue(context, tx, input, statements)
    const entries = statements.flatMap((statement) =>
      entriesOfStatement({ ...statement, programmeCode: programme.code }, period.endsAt),
    )
    await postEntries(context, tx, entries)
    const lastMoment = new Date(period.endsAt.getTime() - 1)
    const { points } = await awardPoints(context, tx, { ...input.points, entry: { at: lastMoment, period: period.id } })
    // behind its entries also in the log: whoever takes it over meets them while the period is still open
    const [record] = await appendRecords(context, tx, [periodRecord(input, statements)])
    invariant(record, 'a record was appended')
    const locked = await lockRun(tx, { ...run, ...lookedBack, lockedAt: record.at, record: record.id })
    return { period: locked, statements, points }
  })
}

/** Issues statements with their records. */
async function issue(
  context: Context,
  tx: Transaction,
  input: LockInput,
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

/**
 * What the partner can prove: all amounts, and for each rule the commitment to its lines. The records that hold the lines
 * are named; the partner may not have them, but they are those that count.
 */
function statementRecord(
  { programme, period, run: { run } }: LockInput,
  statement: StatementToIssue,
  rules: readonly StatementRule[],
): NewRecord {
  const { id, number, agreement, partner, month, asset, terms, releaseMonth, createdAt } = statement
  const { opening, earned, holdback, released, clawbacks, payout, vat, withholding, transfer, closing, held } =
    statement
  return {
    kind: 'statement',
    partner,
    data: {
      event: 'ISSUED',
      statement: id,
      number,
      programme: programme.code,
      programmeId: programme.id,
      agreement,
      ...placeOf(period),
      run: BigInt(run),
      createdAt: createdAt.toISOString(),
      month,
      asset,
      terms: { version: BigInt(terms.version), hash: terms.hash },
      amounts: { opening, earned, holdback, released, clawbacks, payout, vat, withholding, transfer, closing, held },
      releaseMonth,
      rules: rules.map(
        ({ ruleNo, kind, originPeriod, adjustment, minor, forgone, lineCount, commitment, explanation, records }) => ({
          rule: BigInt(ruleNo),
          kind,
          originPeriod,
          adjustment,
          terms: { version: BigInt(explanation.terms.version), hash: explanation.terms.hash },
          place: BigInt(explanation.rule.place),
          minor,
          forgone,
          lines: BigInt(lineCount),
          commitment,
          earnings: records,
        }),
      ),
    },
  }
}

function placeOf({ id, startsAt, endsAt }: Period): RecordData {
  return { period: id, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
}

function periodRecord(
  { programme, period, run: { run }, factsCut, lookedBack }: LockInput,
  statements: readonly StatementToIssue[],
): NewRecord {
  const sum = (of: 'earned' | 'clawbacks' | 'payout'): bigint =>
    statements.reduce((all, statement) => all + statement[of], 0n)
  return {
    kind: 'period',
    data: {
      event: 'LOCKED',
      ...placeOf(period),
      programme: programme.code,
      programmeId: programme.id,
      month: period.month,
      run: BigInt(run),
      factsUntil: period.cutAt?.toISOString(),
      factsCut,
      asset: programme.asset,
      statements: BigInt(statements.length),
      notAccruing: lookedBack.notAccruing,
      uncorrected: lookedBack.uncorrected,
      earned: sum('earned'),
      clawbacks: sum('clawbacks'),
      payout: sum('payout'),
    },
  }
}
