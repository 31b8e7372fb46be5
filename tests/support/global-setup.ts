import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { type DatabaseAddress, openPool } from '../../database/client.ts'
import { migrate } from '../../database/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of this run: a superuser's address, and the database that every test database is cloned from. */
    readonly testServer: { readonly address: DatabaseAddress; readonly template: string }
  }
}

/**
 * One PostgreSQL for the whole run, with a migrated template database. `TRIBUTARY_TEST_DATABASE_URL` (a superuser's)
 * runs the tests on a server of one's own instead, PostgreSQL 15 or later.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env['TRIBUTARY_TEST_DATABASE_URL']
  const server = url === undefined ? await startServer() : { address: { url }, stop: async () => {} }
  const template = `tributary_template_${process.pid}`
  const admin = openPool(server.address, 'tributary:tests', 1)
  await admin.unsafe(`create database ${template}`)
  await migrate(inDatabase(server.address, template))
  project.provide('testServer', { address: server.address, template })
  return async () => {
    await admin.unsafe(`drop database if exists ${template} with (force)`)
    await admin.end()
    await server.stop()
  }
}

async function startServer(): Promise<{ readonly address: DatabaseAddress; readonly stop: () => Promise<void> }> {
  const { startEmbedded, stopEmbedded } = await import('../../database/embedded/start-embedded.ts')
  const dataDir = await mkdtemp(path.join(tmpdir(), 'tributary-tests-'))
  const server = await startEmbedded({ dataDir, flags: ['-c', 'max_connections=300'] })
  return {
    address: { host: server.host, port: server.port, user: 'postgres', database: 'postgres' },
    stop: async () => {
      await stopEmbedded({ dataDir })
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The same server, another database. */
export function inDatabase(address: DatabaseAddress, database: string): DatabaseAddress {
  if (address.url === undefined) return { ...address, database }
  const url = new URL(address.url)
  url.pathname = `/${database}`
  return { ...address, url: url.href }
}
