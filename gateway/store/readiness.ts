import type { Reader } from '../../database/client.ts'

/** Whether the database answers, and the number of the last migration that it has had. */
export async function lastMigration(sql: Reader): Promise<number> {
  const rows = await sql<{ last: number }[]>`select coalesce(max(number), 0)::int as last from schema_migrations`
  return rows[0]?.last ?? 0
}
