import { type Id, newId } from '../../kernel/ids.ts'
import { addMonths } from '../../kernel/month.ts'
import { type Agreement, runsIn } from '../agreements/agreement.ts'
import type { Programme } from '../agreements/programme.ts'
import type { TermsVersion } from '../agreements/terms.ts'
import type { StatedSplit } from '../splits/stated-split.ts'
import type { StatedSplits } from './open-rules.ts'
import type { Period } from './period.ts'
import { settleAgreement } from './settle-agreement.ts'
import type { Balance, DraftStatement } from './store/drafts.ts'

/** What the statements of a period are drafted from. */
export type DraftingInput = {
  readonly programme: Programme
  readonly period: Period
  /** The terms in force in the period. */
  readonly terms: TermsVersion
  /** By partner's code and start. */
  readonly agreements: readonly Agreement[]
  readonly splits: StatedSplits
  readonly balances: ReadonlyMap<Id<'agr'>, Balance>
}

const NO_BALANCE: Balance = { closing: 0n, held: 0n, due: 0n, reserve: 0n }

/**
 * Drafts one statement for each agreement that runs in the period, still earns, or has something carried or held.
 * The number is `<programme>-<partner>-<month>`; a second agreement of the partner in the month has `-2` after it.
 */
export function draftStatements(input: DraftingInput): readonly DraftStatement[] {
  const { agreements, splits, balances, period } = input
  const drafts: DraftStatement[] = []
  const numbered = new Map<string, number>()
  for (const agreement of agreements) {
    const rules = splits.get(agreement.id) ?? []
    const balance = balances.get(agreement.id) ?? NO_BALANCE
    if (
      !runsIn(agreement, { from: period.startsAt, to: period.endsAt }) &&
      rules.length === 0 &&
      balance.closing === 0n &&
      balance.held === 0n
    )
      continue
    const ordinal = (numbered.get(agreement.partnerCode) ?? 0) + 1
    numbered.set(agreement.partnerCode, ordinal)
    drafts.push(draftOf(input, { agreement, rules, balance, ordinal }))
  }
  return drafts
}

type Drafted = {
  readonly agreement: Agreement
  readonly rules: readonly StatedSplit[]
  readonly balance: Balance
  readonly ordinal: number
}

function draftOf(
  { programme, period, terms }: DraftingInput,
  { agreement, rules, balance, ordinal }: Drafted,
): DraftStatement {
  const brought = { opening: balance.closing, heldBefore: balance.held, released: balance.due }
  const suffix = ordinal === 1 ? '' : `-${ordinal}`
  const ended = agreement.endsAt !== undefined && agreement.endsAt <= period.endsAt
  return {
    ...settleAgreement({ ...brought, ...sumsOf(rules), ended, reserve: ended ? balance.reserve : 0n }, terms.terms),
    id: newId('sta'),
    number: `${programme.code}-${agreement.partnerCode}-${period.month}${suffix}`,
    period: period.id,
    programme: programme.id,
    agreement: agreement.id,
    partner: agreement.partner,
    month: period.month,
    asset: terms.terms.asset,
    terms: { version: terms.version, hash: terms.hash },
    releaseMonth: addMonths(period.month, terms.terms.holdback.periods),
    lineCount: rules.reduce((all, { amounts }) => all + amounts.length, 0),
  }
}

/**
 * What rules earned in the month, and what locked months are corrected by: for each month in all, up is earned and down is
 * clawed back. Source: RULES §6.
 */
function sumsOf(rules: readonly StatedSplit[]): { readonly earned: bigint; readonly clawbacks: bigint } {
  const byMonth = Map.groupBy(rules, ({ correction }) => correction?.month)
  let [earned, clawbacks] = [0n, 0n]
  for (const [month, some] of byMonth) {
    const sum = some.reduce((all, { total }) => all + total, 0n)
    if (month !== undefined && sum < 0n) clawbacks += sum
    else earned += sum
  }
  return { earned, clawbacks }
}
