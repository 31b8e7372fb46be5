import type { Reader } from '../../database/client.ts'
import type { Programme } from '../agreements/programme.ts'
import { agreementsOfProgramme } from '../agreements/store/agreements.ts'
import type { Period } from './period.ts'
import type { OtherAssets, PeriodRun } from './period-run.ts'
import { sumDraftedPoints } from './store/drafted-points.ts'
import { selectLastRun } from './store/period-runs.ts'
import { sumStatements } from './store/statement-sums.ts'

/** What a month comes to, be it drafted or locked. Amounts are sums over the statements in minor units of its asset. */
export type PeriodFigures = {
  readonly period: Period
  readonly programme: Programme
  readonly statements: number
  /** Facts that were read. */
  readonly facts: number
  readonly earned: bigint
  /** What corrections of locked months take back; not above zero. */
  readonly clawbacks: bigint
  readonly payout: bigint
  /** Points that its referrals give, and earlier ones that came late. */
  readonly points: bigint
  /** Codes of members who do not accrue in their status (in the sandbox, suspended): they have no statement. */
  readonly notAccruing: readonly string[]
  /** Facts that came too late for a locked period, and refunds of events of one: this one's statements correct that. */
  readonly lateFacts: number
  readonly otherAssets: OtherAssets
}

/** What a month comes to by its last calculation; of one without drafts nothing yet. */
export async function figuresOfPeriod(sql: Reader, programme: Programme, period: Period): Promise<PeriodFigures> {
  const run = await selectLastRun(sql, period.id)
  const { facts = 0, lateFacts = 0, otherAssets = [] } = run?.outcome ?? {}
  return {
    period,
    programme,
    ...(await sumStatements(sql, period.id)),
    ...{ facts, lateFacts, otherAssets },
    points: run === undefined ? 0n : await sumDraftedPoints(sql, run),
    notAccruing: await codesOf(sql, programme, run),
  }
}

async function codesOf(sql: Reader, { id }: Programme, run: PeriodRun | undefined): Promise<readonly string[]> {
  const silent = new Set(run?.outcome?.lookedBack.notAccruing)
  if (silent.size === 0) return []
  const agreements = await agreementsOfProgramme(sql, id)
  const codes = agreements.filter((agreement) => silent.has(agreement.id)).map(({ partnerCode }) => partnerCode)
  return [...new Set(codes)]
}
