import pg from 'pg'
import { Fault } from '../../kernel/fault.ts'
import type { DatabaseAddress } from '../client.ts'
import { errorCode } from '../embedded/error-code.ts'

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
  // a refusal has the server's severity; a connection that broke has none, or the words of a server that is ending (57P…)
  const refused = error instanceof Error && 'severity' in error && errorCode(error)?.startsWith('57P') !== true
  const code = refused ? 'UNSUPPORTED' : 'DATABASE_UNAVAILABLE'
  return new Fault(code, `the database does not give a backup: ${reason}`, { cause: error })
}
