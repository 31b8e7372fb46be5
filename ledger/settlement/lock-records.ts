import type { NewRecord } from '../../records/append-records.ts'
import type { RecordData } from '../../records/record-body.ts'
import type { Programme } from '../agreements/programme.ts'
import type { AcknowledgeableCode } from './checklist-code.ts'
import type { Period } from './period.ts'
import type { Run, RunOutcome } from './period-run.ts'
import type { StatementRule } from './statement.ts'
import type { StatementToIssue } from './store/statements.ts'

/** A calculated period that is about to be locked. */
export type PeriodToLock = {
  readonly programme: Programme
  readonly period: Period
  readonly run: Run
  readonly outcome: RunOutcome
  /** The transactions whose facts count. */
  readonly factsCut: string
  /** What of the checklist is open and was acknowledged, and how much of it. */
  readonly acknowledged: readonly { readonly code: AcknowledgeableCode; readonly count: number }[]
  /** Facts that came since those were read. */
  readonly factsSince: number
}

/**
 * What the partner can prove: all amounts, and for each rule the commitment to its lines. The records that hold the lines
 * are named; the partner may not have them, but they are those that count.
 */
export function statementRecord(
  { programme, period, run: { run } }: PeriodToLock,
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
      ...spanOf(period),
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

function spanOf({ id, startsAt, endsAt }: Period): RecordData {
  return { period: id, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
}

/** That a period is locked: by which facts, who did not accrue, what was open, and what it comes to. */
export function periodRecord(
  { programme, period, run: { run }, outcome: { lookedBack }, factsCut, acknowledged, factsSince }: PeriodToLock,
  statements: readonly StatementToIssue[],
): NewRecord {
  const sum = (of: 'earned' | 'clawbacks' | 'payout'): bigint =>
    statements.reduce((all, statement) => all + statement[of], 0n)
  return {
    kind: 'period',
    data: {
      event: 'LOCKED',
      ...spanOf(period),
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
      acknowledged: acknowledged.map(({ code, count }) => ({ code, count: BigInt(count) })),
      factsSince: BigInt(factsSince),
    },
  }
}

/** That nothing of a locked period is left to pay or to dispute. */
export function closingRecord(programme: Programme, { id, month }: Period): NewRecord {
  return {
    kind: 'period',
    data: { event: 'CLOSED', period: id, programme: programme.code, programmeId: programme.id, month },
  }
}
