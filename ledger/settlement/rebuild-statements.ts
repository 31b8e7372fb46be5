import type { Transaction } from '../../database/client.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { type EarningPart, readEarning } from './earning-record.ts'
import { earningId, lineId } from './part-ids.ts'
import { keepLines, type ToldLine } from './store/draft-lines.ts'
import { type DraftEarning, insertDrafts, insertEarnings } from './store/drafts.ts'
import { selectEarningBodies } from './store/earning-records.ts'
import { issueDrafts } from './store/statements.ts'
import { keepPeriods } from './store/told-periods.ts'
import type { ToldStatement } from './told-settlement.ts'

/** A line names a contribution that is not there, or whose customer is not known though it is to be, yet. */
export class ContributionMissing extends Error {
  override readonly name = 'ContributionMissing'
}

/** Lines that are held at once, about. */
const LINES_AT_ONCE = 2500

/**
 * Writes issued statements with their earnings and lines, as their records and those of the lines tell them, which are all
 * in the log. Memory does not grow with the lines. Throws {@link ContributionMissing} with some of it written: the caller
 * takes it back.
 */
export async function writeStatements(tx: Transaction, statements: readonly ToldStatement[]): Promise<void> {
  await keepPeriods(
    tx,
    statements.map(({ period }) => period),
  )
  await insertDrafts(
    tx,
    statements.map(({ draft }) => draft),
  )
  for (const records of batchesOf(statements)) await writeParts(tx, records)
  const count = await issueDrafts(
    tx,
    statements.map(({ draft: { id }, record }) => ({ id, record })),
  )
  invariant(count === statements.length, 'every statement that was written is issued')
}

/** A record of lines, and all those of its rule. */
type Named = { readonly record: Id<'rec'>; readonly ofRule: readonly Id<'rec'>[] }

/** Records in the order of statements and rules, some lines together. */
function* batchesOf(statements: readonly ToldStatement[]): Iterable<readonly Named[]> {
  let batch: Named[] = []
  let held = 0
  for (const { rules } of statements) {
    for (const { lines, earnings } of rules) {
      for (const record of earnings) {
        batch.push({ record, ofRule: earnings })
        held += lines / earnings.length
        if (held < LINES_AT_ONCE) continue
        yield batch
        batch = []
        held = 0
      }
    }
  }
  if (batch.length > 0) yield batch
}

async function writeParts(tx: Transaction, records: readonly Named[]): Promise<void> {
  const bodies = await selectEarningBodies(
    tx,
    records.map(({ record }) => record),
  )
  const parts = bodies.map(readEarning)
  const lines = parts.flatMap(linesOf)
  if ((await keepLines(tx, lines)) !== lines.length) throw new ContributionMissing()
  await insertEarnings(
    tx,
    parts.flatMap((part, index) => earningOf(part, records[index]?.ofRule ?? [])),
  )
}

function linesOf({ statement, rule: ruleNo, lines }: EarningPart): readonly ToldLine[] {
  return lines.map(({ line: lineNo, contribution, externalId, minor, explanation }) => ({
    id: lineId(statement, ruleNo, lineNo),
    statement,
    ruleNo,
    lineNo,
    contribution,
    contributionExternalId: externalId,
    minor,
    explanation: canonicalJson(explanation),
  }))
}

function earningOf({ statement, rule: ruleNo, total }: EarningPart, records: readonly Id<'rec'>[]): DraftEarning[] {
  return total === undefined ? [] : [{ ...total, id: earningId(statement, ruleNo), statement, ruleNo, records }]
}
