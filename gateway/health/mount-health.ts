import { readdir } from 'node:fs/promises'
import type { IRouter } from 'express'
import type { Context } from '../../database/context.ts'
import { lastMigration } from '../store/readiness.ts'

const MIGRATIONS = new URL('../../database/migrations/', import.meta.url)

/** Whether requests may come here, and if not, why. */
export type Readiness = { readonly ready: boolean; readonly reason?: string }

/** `/livez`: the process turns. `/readyz`: it can serve: the database answers and is migrated, and no end is near. */
export function mountHealth(router: IRouter, context: Context, isShuttingDown: () => boolean): void {
  router.get('/livez', (_request, response) => {
    response.set('cache-control', 'no-store').json({ live: true })
  })
  router.get('/readyz', async (_request, response) => {
    const readiness = await readinessOf(context, isShuttingDown)
    response
      .status(readiness.ready ? 200 : 503)
      .set('cache-control', 'no-store')
      .json(readiness)
  })
}

/** Asks whether this process can serve now. */
export async function readinessOf(context: Context, isShuttingDown: () => boolean): Promise<Readiness> {
  if (isShuttingDown()) return { ready: false, reason: 'shutting down' }
  try {
    const [last, newest] = [await lastMigration(context.database.reads), await newestMigration()]
    return last < newest ? { ready: false, reason: 'the database is not migrated' } : { ready: true }
  } catch (error) {
    context.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'not ready')
    return { ready: false, reason: 'the database does not answer' }
  }
}

async function newestMigration(): Promise<number> {
  const names = await readdir(MIGRATIONS)
  return Math.max(0, ...names.filter((name) => name.endsWith('.sql')).map((name) => Number.parseInt(name, 10)))
}
