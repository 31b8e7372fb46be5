import { readdir, readFile } from 'node:fs/promises'
import { sha256Hex } from '../kernel/digest.ts'
import { Fault } from '../kernel/fault.ts'
import { type DatabaseAddress, openPool, type Pool } from './client.ts'

const FOLDER = new URL('./migrations/', import.meta.url)
/** Any two processes that migrate one database take turns by this advisory lock. */
const MIGRATION_LOCK = 7_215_001

type Migration = { readonly number: number; readonly name: string; readonly text: string; readonly digest: string }

/**
 * Brings the schema up to date: numbered SQL files, each run once in a transaction of its own, forward only.
 * Two processes that start together take turns. Returns how many were run.
 * Throws `CONFIG_INVALID` when a migration that has been run was changed since, or when the database is newer than this code.
 */
export async function migrate(owner: DatabaseAddress): Promise<number> {
  const pool = openPool(owner, 'tributary:migrate', 1)
  try {
    await pool`select pg_advisory_lock(${MIGRATION_LOCK})`
    return await runMissing(pool, await readMigrations())
  } finally {
    await pool.end({ timeout: 5 })
  }
}

async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, FOLDER), 'utf8')
      return { number: Number.parseInt(name, 10), name, text, digest: sha256Hex(text) }
    }),
  )
}

async function runMissing(pool: Pool, migrations: readonly Migration[]): Promise<number> {
  await pool`create table if not exists schema_migrations (
    number integer constraint schema_migrations_pkey primary key, name text not null, digest text not null,
    applied_at timestamptz not null default now())`
  const rows = await pool<{ number: number; name: string; digest: string }[]>`
    select number, name, digest from schema_migrations order by number`
  const applied = new Map(rows.map((row) => [row.number, row]))
  refuseForeign(applied, migrations)
  const missing = migrations.filter(({ number }) => !applied.has(number))
  for (const migration of missing) await run(pool, migration)
  // whatever the migrations made: no guard of theirs may be passed by as a replica
  if (missing.length > 0) await pool`select enable_guards_always()`
  return missing.length
}

function refuseForeign(
  applied: ReadonlyMap<number, { readonly name: string; readonly digest: string }>,
  migrations: readonly Migration[],
): void {
  const known = new Map(migrations.map((migration) => [migration.number, migration.digest]))
  for (const [number, { name, digest }] of applied) {
    if (known.get(number) !== digest) {
      throw new Fault(
        'CONFIG_INVALID',
        `the database was migrated by another version: ${name} is not the one in this code`,
      )
    }
  }
}

async function run(pool: Pool, { number, name, text, digest }: Migration): Promise<void> {
  await pool.begin(async (tx) => {
    await tx.unsafe(text).simple()
    await tx`insert into schema_migrations (number, name, digest) values (${number}, ${name}, ${digest})`
  })
}
