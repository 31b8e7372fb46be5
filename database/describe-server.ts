import { type DatabaseAddress, openPool } from './client.ts'

/** What a database is, for those who copy it. */
export type ServerDescription = {
  /** Version of PostgreSQL, such as `18.4`. */
  readonly postgresql: string
  /** File of the last migration. */
  readonly migration: string
  /** About how much there is to copy. */
  readonly bytes: number
}

/** Says what runs at an address. */
export async function describeServer(owner: DatabaseAddress): Promise<ServerDescription> {
  const pool = openPool(owner, 'tributary:describe', 1)
  try {
    const [row] = await pool<{ postgresql: string; migration: string | null; bytes: string | null }[]>`
      select split_part(current_setting('server_version'), ' ', 1) as postgresql,
        (select name from schema_migrations order by number desc limit 1) as migration,
        (select sum(pg_database_size(oid)) from pg_database where has_database_privilege(oid, 'connect'))::text as bytes`
    return {
      postgresql: row?.postgresql ?? '',
      migration: row?.migration ?? '',
      bytes: Number(row?.bytes ?? 0),
    }
  } finally {
    await pool.end({ timeout: 5 })
  }
}
