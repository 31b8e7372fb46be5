import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'
import type { RecordKind } from '../record-body.ts'

export type RecordRow = {
  readonly id: Id<'rec'>
  readonly kind: RecordKind
  readonly body: string
  /** Hexadecimal. */
  readonly salt: string
  readonly partner: Id<'ptr'> | undefined
}

/** Appends records in one statement. */
export async function insertRecords(tx: Transaction, rows: readonly RecordRow[], at: Date): Promise<void> {
  await tx`${insertionOf(tx, rows, { at })}`
}

/** Facts that are ready for the log, for a statement that writes them together with what they are about. */
export type PreparedRecords = {
  readonly at: Date
  /** The clause that inserts those of them whose ids a subquery gives. */
  readonly insertAmong: (sql: Reader, ids: Fragment) => Fragment
}

/** Records for such a statement. */
export function preparedRecords(rows: readonly RecordRow[], at: Date): PreparedRecords {
  return { at, insertAmong: (sql, ids) => insertionOf(sql, rows, { at, among: ids }) }
}

/**
 * The clause that inserts records, all or those whose ids a subquery gives. Columns travel as one text each, joined by line
 * breaks, which canonical JSON never holds: as array literals every quote of every body would be escaped here and taken
 * out again there. The transaction's place in the log's order is asked for in a subquery, which is run once; the column's
 * default would be for each row.
 */
function insertionOf(
  sql: Reader,
  rows: readonly RecordRow[],
  { at, among }: { readonly at: Date; readonly among?: Fragment },
): Fragment {
  const column = (value: (row: RecordRow) => string): string => rows.map(value).join('\n')
  return sql`
    insert into records (id, tx_id, kind, body, salt, partner_id, recorded_at)
    select id::uuid, (select log_tx_id()), kind, body, decode(salt, 'hex'), partner::uuid, ${at.toISOString()}::timestamptz
    from unnest(
      string_to_array(${column(({ id }) => uuidOf(id))}, E'\\n'),
      string_to_array(${column(({ kind }) => kind)}, E'\\n'),
      string_to_array(${column(({ body }) => body)}, E'\\n'),
      string_to_array(${column(({ salt }) => salt)}, E'\\n'),
      string_to_array(${column(({ partner }) => (partner === undefined ? '' : uuidOf(partner)))}, E'\\n', '')
    ) as r (id, kind, body, salt, partner)
    ${among === undefined ? sql`` : sql`where r.id::uuid in (${among})`}`
}
