import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { Month } from '../../kernel/month.ts'
import type { LineExplanation, RuleExplanation } from '../splits/explanation.ts'
import type { AnyRule } from '../splits/manual-adjustment.ts'
import type { Settlement } from './settle-agreement.ts'

/** Source: RULES §6. A draft or superseded statement is shown to nobody. */
export const STATEMENT_STATUSES = ['DRAFT', 'ISSUED', 'ACCEPTED', 'DISPUTED', 'SUPERSEDED'] as const
export type StatementStatus = (typeof STATEMENT_STATUSES)[number]

/** What one agreement earned in one period and is paid. Amounts are minor units of the asset. */
export type Statement = Settlement & {
  readonly id: Id<'sta'>
  /** For people: programme, partner, month. */
  readonly number: string
  readonly period: Id<'per'>
  readonly programme: Id<'prg'>
  readonly agreement: Id<'agr'>
  readonly partner: Id<'ptr'>
  readonly month: Month
  readonly asset: Asset
  /** The terms that settle the period; rules are governed by those of their own facts. */
  readonly terms: { readonly version: number; readonly hash: string }
  /** The month whose statement releases this one's holdback. */
  readonly releaseMonth: Month
  readonly lineCount: number
  readonly status: StatementStatus
  readonly issuedAt: Date | undefined
  /** The record in the log that whoever has it can prove. */
  readonly record: Id<'rec'> | undefined
}

/** What one rule gives in a statement. */
export type StatementRule = {
  /** Place within the statement, from 1. */
  readonly ruleNo: number
  readonly kind: AnyRule['kind']
  /** The locked month that it corrects; without one it is of the statement's own month. */
  readonly originPeriod?: Month | undefined
  /** Of what is given by hand: what two persons decided. */
  readonly adjustment?: Id<'adj'> | undefined
  readonly minor: bigint
  /** What caps and limits took away. */
  readonly forgone: bigint
  readonly lineCount: number
  /** `SHA-256(salt ‖ lines)`; an auditor opens it with the salt (`lines-commitment.ts`). */
  readonly commitment: string
  readonly explanation: RuleExplanation
  /** The records in the log in which its lines stand, in their order. */
  readonly records: readonly Id<'rec'>[]
}

/** One line: the partner's own contribution (none where a rule looks at what others earn), what it earned, and why. */
export type StatementLine = {
  readonly id: Id<'pol'>
  readonly ruleNo: number
  /** Place within the rule, from 1, in the order of the facts' keys. */
  readonly lineNo: number
  readonly contribution: Id<'ctr'> | undefined
  readonly contributionExternalId: string | undefined
  /** The pseudonym under which the partner knows the customer; none before the first consent. */
  readonly subject: string | undefined
  readonly minor: bigint
  readonly explanation: LineExplanation
}
