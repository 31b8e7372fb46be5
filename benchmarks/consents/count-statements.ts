import { pageCustomers } from '../../customers/page-customers.ts'
import { type DatabaseAddress, openPool } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type BenchResult, compare } from '../harness.ts'
import type { Party } from './population.ts'

const PAGES = 20
const ROWS = 100

/** Statements that the application sent for each page of 100 customers, counted by the server (pg_stat_statements). */
export async function countStatements(
  context: Context,
  owner: DatabaseAddress,
  { caller, purpose }: Party,
): Promise<BenchResult> {
  const pool = openPool(owner, 'tributary:bench', 1)
  try {
    await pool`create extension pg_stat_statements`
    // the first page makes the connection ready
    await pageCustomers(context, { caller, purpose, page: { first: ROWS } })
    await pool`select pg_stat_statements_reset()`
    let after: string | undefined
    for (let page = 0; page < PAGES; page++) {
      const { edges } = await pageCustomers(context, { caller, purpose, page: { first: ROWS, after } })
      if (edges.length !== ROWS) throw new Error(`a page has ${edges.length} customers`)
      after = edges.at(-1)?.cursor
    }
    const [counted] = await pool<{ calls: string }[]>`
      select sum(calls) as calls from pg_stat_statements
      where dbid = (select oid from pg_database where datname = current_database())
        and userid = 'tributary_app'::regrole`
    return compare({
      name: `statements for a page of ${ROWS} customers`,
      ours: Number(counted?.calls) / PAGES,
      peer: 1,
      unit: 'statements (peer: one)',
      target: 1,
      better: 'lower',
    })
  } finally {
    await pool.end()
  }
}
