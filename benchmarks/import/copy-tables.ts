import { type DatabaseAddress, openPool, type Pool, type Reader } from '../../database/client.ts'

/** Makes a database out of a template on the same server. */
export async function cloneDatabase(server: DatabaseAddress, template: string, name: string): Promise<DatabaseAddress> {
  await withPool(server, (pool) => pool.unsafe(`create database ${name} template ${template}`))
  return { ...server, database: name }
}

/** Has the server write the tables' rows to files of its own, one for each. */
export async function copyOut(database: DatabaseAddress, tables: readonly string[]): Promise<void> {
  await withPool(database, async (pool) => {
    for (const table of tables) await pool.unsafe(`copy ${table} to ${await fileOf(pool, table)}`)
  })
}

/**
 * Has the server copy those files into the tables of another database, in the order given: one COPY for each in one
 * transaction, and no client in its way.
 */
export async function copyIn(database: DatabaseAddress, tables: readonly string[]): Promise<void> {
  await withPool(database, (pool) =>
    pool.begin(async (tx) => {
      for (const table of tables) await tx.unsafe(`copy ${table} from ${await fileOf(tx, table)}`)
    }),
  )
}

/** As an SQL literal. The server can write in its own folder, whichever user it runs as. */
async function fileOf(pool: Reader, table: string): Promise<string> {
  const [row] = await pool<{ file: string }[]>`
    select quote_literal(current_setting('data_directory') || '/bench_' || ${table}::text) as file`
  return row?.file ?? ''
}

/** Brings what was written before to disk, so that it does not weigh on what is measured next. */
export async function settle(server: DatabaseAddress): Promise<void> {
  await withPool(server, (pool) => pool`checkpoint`)
}

async function withPool<T>(address: DatabaseAddress, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = openPool(address, 'tributary:bench', 1)
  try {
    await pool`set statement_timeout = 0`
    return await work(pool)
  } finally {
    await pool.end()
  }
}
