import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type DatabaseAddress, openDatabase } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { startEmbedded, stopEmbedded } from '../../database/embedded/start-embedded.ts'
import { migrate } from '../../database/migrate.ts'
import { systemClock } from '../../kernel/clock.ts'
import { keyringOf } from '../../kernel/keyring.ts'
import { silentLog } from '../../kernel/log.ts'
import { cloneDatabase } from '../import/copy-tables.ts'

/** A server of one's own with its durability as shipped, and databases on it. */
export type BenchWorld = {
  readonly server: DatabaseAddress
  /** A migrated database, as its owner. */
  readonly migrated: (name: string) => Promise<DatabaseAddress>
  readonly empty: (name: string) => Promise<DatabaseAddress>
}

/** Runs the work on a server that is gone afterwards; `flags` are more arguments of `postgres`. */
export async function withServer<T>(
  work: (world: BenchWorld) => Promise<T>,
  flags: readonly string[] = [],
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-bench-'))
  const dataDir = path.join(folder, 'server')
  try {
    const { host, port } = await startEmbedded({ dataDir, flags })
    const server: DatabaseAddress = { host, port, user: 'postgres', database: 'postgres' }
    await migrate(await cloneDatabase(server, 'template1', 'migrated'))
    return await work({
      server,
      migrated: (name) => cloneDatabase(server, 'migrated', name),
      empty: (name) => cloneDatabase(server, 'template1', name),
    })
  } finally {
    await stopEmbedded({ dataDir })
    await rm(folder, { recursive: true, force: true })
  }
}

/** A context as the application's role. */
export function openContext(owner: DatabaseAddress): {
  readonly context: Context
  readonly close: () => Promise<void>
} {
  const database = openDatabase({ ...owner, role: 'tributary_app' }, 'tributary:bench')
  const context: Context = {
    clock: systemClock,
    log: silentLog,
    database,
    keyring: keyringOf(Buffer.alloc(32, 1)),
    actor: 'system:bench',
  }
  return { context, close: database.close }
}
