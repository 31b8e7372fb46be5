import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'

/**
 * Rows of a query in batches, through a cursor of the open transaction: several may be open at once, and all see its one
 * snapshot. Only one cursor of a name can be open in a transaction.
 */
export async function* readBatches<Row>(
  sql: Reader,
  { name, query, rowsPerBatch }: { readonly name: string; readonly query: Fragment; readonly rowsPerBatch: number },
): AsyncGenerator<readonly Row[]> {
  // all rows will be fetched: a plan for the first tenth, which is what a cursor gets otherwise, is the wrong one
  await sql`set local cursor_tuple_fraction = 1`
  await sql`declare ${sql(name)} no scroll cursor for ${query}`
  const fetch = `fetch forward ${Math.trunc(rowsPerBatch)} from "${name}"`
  let failed = false
  try {
    for (;;) {
      const rows = rowsOf<Row>(await sql.unsafe(fetch))
      if (rows.length > 0) yield rows
      if (rows.length < rowsPerBatch) return
    }
  } catch (error) {
    failed = true
    throw error
  } finally {
    // a failed transaction takes no statement, and takes its cursors with it
    if (!failed) await sql`close ${sql(name)}`
  }
}

/** The query's author knows what its rows are, as with any query of postgres.js. */
function rowsOf<Row>(rows: readonly unknown[]): readonly Row[] {
  return rows as readonly Row[]
}
