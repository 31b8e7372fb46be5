import type { Month } from '../../kernel/month.ts'
import type { Programme } from '../agreements/programme.ts'
import type { Rule } from '../agreements/terms.ts'

/** An amount under today's terms, under those that are tried, and the difference; minor units of the programme's asset. */
export type Outcome = { readonly today: bigint; readonly tried: bigint; readonly change: bigint }

/** What one rule gives a partner in all of the months: a rule is known by its version of the terms and its place in them. */
export type SimulatedRule = {
  readonly version: number
  /** From 0. */
  readonly place: number
  readonly kind: Rule['kind']
  readonly total: bigint
  /** What caps and limits took. */
  readonly forgone: bigint
  readonly lines: number
}

export type SimulatedPartner = Outcome & {
  readonly partner: string
  /** By version and place. */
  readonly rules: { readonly today: readonly SimulatedRule[]; readonly tried: readonly SimulatedRule[] }
}

export type SimulatedMonth = Outcome & { readonly month: Month }

/** What terms would have earned partners over some months, beside what they earn by the terms in force. */
export type Simulation = {
  readonly programme: Programme
  /** Of the terms that were tried. */
  readonly hash: string
  readonly months: readonly SimulatedMonth[]
  /** Those who earn anything under either; by partner's code, bytewise. */
  readonly partners: readonly SimulatedPartner[]
  readonly total: Outcome
  /** Facts that were read: each twice, once for either terms. */
  readonly facts: number
}

/** The terms under which facts are split. */
export type Side = 'today' | 'tried'

export function outcomeOf({ today, tried }: Omit<Outcome, 'change'>): Outcome {
  return { today, tried, change: tried - today }
}
