import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords, type NewRecord } from '../../records/append-records.ts'
import type { Programme } from '../agreements/programme.ts'
import { postEntries } from '../journal/post-entries.ts'
import type { Period } from './period.ts'
import type { StatementRule } from './statement.ts'
import { entriesOfStatement } from './statement-entries.ts'
import { holdRun, lockRun, type Run } from './store/periods.ts'
import { issueDrafts, type StatementToIssue, selectDrafts, selectRules } from './store/statements.ts'

export type LockInput = { readonly programme: Programme; readonly period: Period; readonly run: Run }

/** A period that is locked, and what was issued with it. */
export type LockedPeriod = { readonly period: Period; readonly statements: readonly StatementToIssue[] }

/**
 * Locks a calculated period in one transaction: its statements are issued, each with its record, the journal is posted,
 * and the period takes no more facts. All of it or nothing. Throws `WRONG_STATE` when another run has taken over.
 */
export async function lockPeriod(context: Context, { programme, period, run }: LockInput): Promise<LockedPeriod> {
  return context.database.transaction(async (tx) => {
    await holdRun(tx, run, 'REVIEW')
    const statements = await selectDrafts(tx, run)
    const record = await issue(context, tx, { programme, period, statements })
    const entries = statements.flatMap((statement) =>
      entriesOfStatement({ ...statement, programmeCode: programme.code }, period.endsAt),
    )
    await postEntries(context, tx, entries)
    return { period: await lockRun(tx, { ...run, lockedAt: context.clock.now(), record }), statements }
  })
}

type IssueInput = {
  readonly programme: Programme
  readonly period: Period
  readonly statements: readonly StatementToIssue[]
}

/** Issues statements with their records, and appends the period's; gives the period's. */
async function issue(
  context: Context,
  tx: Transaction,
  { programme, period, statements }: IssueInput,
): Promise<Id<'rec'>> {
  const rules = await selectRules(
    tx,
    statements.map(({ id }) => id),
  )
  const records = await appendRecords(context, tx, [
    ...statements.map((statement) => statementRecord(programme, statement, rules.get(statement.id) ?? [])),
    periodRecord(programme, period, statements),
  ])
  const issued = statements.flatMap(({ id }, index) => {
    const record = records[index]?.id
    return record === undefined ? [] : [{ id, record }]
  })
  const count = await issueDrafts(tx, issued, context.clock.now())
  const last = records.at(-1)?.id
  invariant(last && count === statements.length, 'every statement is issued with its record')
  return last
}

/** What the partner can prove: all amounts, and for each rule the commitment to its lines. */
function statementRecord(
  programme: Programme,
  statement: StatementToIssue,
  rules: readonly StatementRule[],
): NewRecord {
  const { id, number, agreement, partner, month, asset, terms, releaseMonth } = statement
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
      agreement,
      month,
      asset,
      terms: { version: BigInt(terms.version), hash: terms.hash },
      amounts: { opening, earned, holdback, released, clawbacks, payout, vat, withholding, transfer, closing, held },
      releaseMonth,
      rules: rules.map(({ ruleNo, kind, minor, forgone, lineCount, commitment, explanation }) => ({
        rule: BigInt(ruleNo),
        kind,
        terms: { version: BigInt(explanation.terms.version), hash: explanation.terms.hash },
        place: BigInt(explanation.rule.place),
        minor,
        forgone,
        lines: BigInt(lineCount),
        commitment,
      })),
    },
  }
}

function periodRecord(programme: Programme, period: Period, statements: readonly StatementToIssue[]): NewRecord {
  const sum = (of: 'earned' | 'payout'): bigint => statements.reduce((all, statement) => all + statement[of], 0n)
  return {
    kind: 'period',
    data: {
      event: 'LOCKED',
      period: period.id,
      programme: programme.code,
      month: period.month,
      startsAt: period.startsAt.toISOString(),
      endsAt: period.endsAt.toISOString(),
      factsUntil: period.cutAt?.toISOString(),
      asset: programme.asset,
      statements: BigInt(statements.length),
      earned: sum('earned'),
      payout: sum('payout'),
    },
  }
}
