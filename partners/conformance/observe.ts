import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { insertObservations, type Observation } from './store/observations.ts'

/** What became of one item of a report of contributions, as far as a run looks at it. */
export type ReportedItem = {
  readonly outcome: string
  readonly externalId?: string | undefined
  readonly id?: string
  readonly code?: string
}

/** Items of one report that are written down: a run needs one. */
const MOST_OF_REPORT = 20

/** Writes down what a door saw of a partner, for the run that is open; without one, nothing. */
export async function observe(
  { database }: Context,
  partner: Id<'ptr'>,
  observations: readonly Observation[],
): Promise<void> {
  if (observations.length > 0) await database.transaction((tx) => insertObservations(tx, partner, observations))
}

/** The same of a report of contributions: what came again, and what was refused because its key had other content. */
export async function observeReport(
  context: Context,
  partner: Id<'ptr'>,
  results: readonly ReportedItem[],
): Promise<void> {
  const seen = new Map(results.flatMap((result) => observationOf(result)).map((one) => [keyOf(one), one]))
  await observe(context, partner, [...seen.values()].slice(0, MOST_OF_REPORT))
}

function observationOf({ outcome, externalId, id = '', code }: ReportedItem): readonly Observation[] {
  if (externalId === undefined) return []
  if (outcome === 'replayed') return [{ what: 'CONTRIBUTION_REPLAYED', about: externalId, detail: id }]
  return code === 'IDEMPOTENCY_CONFLICT' ? [{ what: 'CONFLICT_REFUSED', about: externalId, detail: code }] : []
}

function keyOf({ what, about }: Observation): string {
  return `${what} ${about}`
}
