import pg from 'pg'
import type { DatabaseAddress } from '../client.ts'

/**
 * A connection that speaks the replication protocol beside SQL. postgres.js, which we use elsewhere, loses the errors
 * that come after a copy, and a backup must not. The caller connects and ends it.
 */
export function replicationClient({ url, host, port, user, database }: DatabaseAddress, name: string): pg.Client {
  // an option of the library that its types do not have
  const replication = { replication: 'database' }
  return new pg.Client({
    ...(url === undefined ? { host, port, user, database } : { connectionString: url }),
    ...replication,
    application_name: name,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 0,
  })
}
