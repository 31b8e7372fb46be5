import pg from 'pg'
import { Fault } from '../../kernel/fault.ts'
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

/** What a database that gives no backup says to the caller. */
export function refusalOf(error: unknown): Fault {
  const reason = error instanceof Error ? error.message : 'unknown'
  // the server's own refusals have a severity; a connection that broke has none
  const code = error instanceof Error && 'severity' in error ? 'UNSUPPORTED' : 'DATABASE_UNAVAILABLE'
  return new Fault(code, `the database does not give a backup: ${reason}`, { cause: error })
}
