import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import type { Id } from '../kernel/ids.ts'
import type { OpenPersonal } from './personal-data.ts'
import type { RecordBody, RecordKind } from './record-body.ts'

/** A record on its way into the tables. */
export type ProjectedRecord = {
  readonly body: RecordBody
  /** What was personal in it, while the customer's key exists. */
  readonly personal: OpenPersonal | undefined
  /** Whose personal data it holds, also when the key was destroyed. */
  readonly owner: Id<'cus'> | undefined
}

/**
 * A table that is a projection of records: what stands in it follows from the log alone. `key` names the columns that tell
 * its rows apart; `free` those that the log does not decide, such as ids of rows that nobody outside ever sees.
 */
export type ProjectedTable = {
  readonly name: string
  readonly key: readonly string[]
  readonly free?: readonly string[]
  /**
   * Which of its rows are facts, as a condition of SQL; all unless given. Names in it stand for the tables among which the
   * row is looked at: drafts, say, are in no record, and so neither are their parts.
   */
  readonly where?: string
}

/**
 * Writes what records say into the tables of one domain: what its verbs wrote when they appended them. Replaying the log
 * uses it, and so does the check that tables say what records say.
 */
export type Projector = {
  readonly kinds: readonly RecordKind[]
  readonly tables: readonly ProjectedTable[]
  /**
   * Applies records of its kinds, in the order of the log. It returns those that cannot be applied yet, because another
   * record must come first: of two transactions that ran at once, the later one in the log may have been the first to
   * commit. They are given again later.
   */
  readonly project: (
    context: Context,
    tx: Transaction,
    records: readonly ProjectedRecord[],
  ) => Promise<readonly ProjectedRecord[]>
}
