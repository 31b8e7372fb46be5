import { drizzle, type PgRemoteDatabase } from 'drizzle-orm/pg-proxy'
import type { Reader } from './client.ts'

/**
 * drizzle over a pool or a transaction, for typed queries on `tables.ts`. It goes through the proxy driver: drizzle's own
 * postgres.js driver changes the parsers of the client given to it. It stands apart from the client because it takes half
 * a second to load, which a thread that needs only a pool should not wait for.
 */
export function orm(sql: Reader): PgRemoteDatabase {
  return drizzle(async (query, parameters) => ({ rows: await sql.unsafe(query, parameters).values() }))
}
