import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import type { Id } from '../../kernel/ids.ts'
import type { StatementLine } from './statement.ts'
import { discloseLines, selectLines } from './store/lines.ts'

/** Lines that are held at once. */
const LINES_AT_ONCE = 1000

export type StreamStatementLinesInput = {
  readonly statement: Id<'sta'>
  /** The partner who reads; without one all lines are read, for the broker. */
  readonly caller?: PartnerCaller | undefined
  /** No more than so many; all when absent. */
  readonly most?: number | undefined
}

/**
 * All lines of an issued statement as `listStatementLines` shows them to whoever reads, some at a time as they are asked
 * for: each is disclosed before it is given, and consent is looked at anew for the next ones. Memory does not grow.
 */
export async function* streamStatementLines(
  context: Context,
  { statement, caller, most = Number.POSITIVE_INFINITY }: StreamStatementLinesInput,
): AsyncGenerator<StatementLine> {
  let cursor: readonly string[] | undefined
  for (let left = most; left > 0; left -= LINES_AT_ONCE) {
    const page = { cursor, direction: 'forward', limit: Math.min(left, LINES_AT_ONCE) } as const
    const rows =
      caller === undefined
        ? await selectLines(context.database.reads, statement, page)
        : await discloseLines(context.database.disclosures, { statement, caller }, page)
    // one more than the page holds was read, and is not disclosed
    yield* rows.slice(0, page.limit)
    const last = rows[page.limit - 1]
    if (last === undefined || rows.length <= page.limit) return
    cursor = [`${last.ruleNo}`, `${last.lineNo}`]
  }
}
