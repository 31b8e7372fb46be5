import { type DatabaseAddress, openPool } from './client.ts'
import { startEmbedded, stopEmbedded } from './embedded/start-embedded.ts'

/** Which server: an address, or the folder of the embedded one. */
export type ServerChoice = { readonly databaseUrl: string | undefined; readonly dataDir: string }

/** The PostgreSQL that we use: as owner of the schema, and as the application. */
export type Server = {
  readonly owner: DatabaseAddress
  readonly application: DatabaseAddress
  /** Stops an embedded server, unless another process still works with it. */
  readonly close: () => Promise<void>
}

const DATABASE = 'tributary'

/** The server of `databaseUrl`, else the embedded one, started or adopted. Throws `DATABASE_UNAVAILABLE`. */
export async function openServer({ databaseUrl, dataDir }: ServerChoice): Promise<Server> {
  if (databaseUrl !== undefined) {
    const owner = { url: databaseUrl }
    return { owner, application: { ...owner, role: 'tributary_app' }, close: async () => {} }
  }
  const { host, port } = await startEmbedded({ dataDir })
  const superuser = { host, port, user: 'postgres', database: 'postgres' }
  await makeDatabase(superuser)
  return {
    owner: { ...superuser, database: DATABASE },
    application: { host, port, user: 'tributary_app', database: DATABASE },
    close: () => stopUnlessUsed(superuser, dataDir),
  }
}

async function makeDatabase(superuser: DatabaseAddress): Promise<void> {
  const pool = openPool(superuser, 'tributary:open', 1)
  try {
    const [found] = await pool`select 1 from pg_database where datname = ${DATABASE}`
    if (found === undefined) await pool.unsafe(`create database ${DATABASE}`).catch(ignoreDuplicate)
  } finally {
    await pool.end()
  }
}

/** Another process made the database in the same moment. */
function ignoreDuplicate(error: { readonly code?: string }): void {
  if (error.code !== '42P04' && error.code !== '23505') throw error
}

async function stopUnlessUsed(superuser: DatabaseAddress, dataDir: string): Promise<void> {
  const pool = openPool(superuser, 'tributary:close', 1)
  const [others] = await pool<{ count: number }[]>`
    select count(*)::integer as count from pg_stat_activity where datname = ${DATABASE}`.finally(() => pool.end())
  if (others?.count === 0) await stopEmbedded({ dataDir })
}
