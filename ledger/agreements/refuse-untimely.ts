import type { Transaction } from '../../database/client.ts'
import { Fault } from '../../kernel/fault.ts'
import { invalid } from './parse-exactly.ts'
import type { Programme } from './programme.ts'
import { holdOffClosing, selectLockedSince } from './store/locked-periods.ts'
import { selectLastTerms } from './store/terms.ts'
import type { Terms, TermsVersion } from './terms.ts'

/**
 * Refuses terms that cannot be the programme's next version now, and gives the version before, if there is one. The
 * transaction holds the programme's terms (`lockTermsOf`). Throws `INVALID_INPUT` for another version than the next one,
 * `OVERLAP` when they do not begin after the version before, `PERIOD_LOCKED` when they begin in or before a locked
 * period, `WRONG_STATE` while a period of the programme is being closed.
 */
export async function refuseUntimely(
  tx: Transaction,
  programme: Programme,
  terms: Terms,
): Promise<TermsVersion | undefined> {
  const last = await selectLastTerms(tx, programme.id)
  refuseOutOfTurn(terms, last)
  await refuseSettled(tx, programme, terms)
  return last
}

function refuseOutOfTurn({ version, effectiveFrom }: Terms, last: TermsVersion | undefined): void {
  const next = (last?.version ?? 0) + 1
  if (version !== next) throw invalid('terms', ['version'], `the next version is ${next}`)
  if (last !== undefined && effectiveFrom.getTime() <= last.effectiveFrom.getTime()) {
    const why = `terms: effectiveFrom: version ${last.version} begins at ${last.effectiveFrom.toISOString()}`
    throw new Fault('OVERLAP', `${why}, the next one begins later`, { field: 'effectiveFrom' })
  }
}

/** Terms in force in a locked period are those it was settled by, for good. */
async function refuseSettled(tx: Transaction, { id, code }: Programme, { effectiveFrom }: Terms): Promise<void> {
  if (!(await holdOffClosing(tx, id))) throw new Fault('WRONG_STATE', `a period of ${code} is being closed right now`)
  const month = await selectLockedSince(tx, id, effectiveFrom)
  if (month === undefined) return
  throw new Fault('PERIOD_LOCKED', `terms: effectiveFrom: ${month} of ${code} is settled, a version begins after it`, {
    field: 'effectiveFrom',
  })
}
