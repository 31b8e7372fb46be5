import { describe, expect, test } from 'vitest'
import { openPool } from '../../../database/client.ts'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { useWorld } from '../../support/database.ts'
import { post, someEntry } from './scene.ts'

const world = useWorld()

const REFUSED = 'never changed'
/** What each guarded table can be asked to change: any column, on no row at all. */
const GUARDED = [
  ['accounts', 'path'],
  ['journal_entries', 'description'],
  ['postings', 'asset'],
  ['records', 'body'],
  ['seals', 'seq'],
  ['checkpoints', 'size'],
  ['tree_tiles', 'level'],
  ['programmes', 'name'],
  ['terms', 'body'],
  ['terms_signatures', 'hash'],
  ['contract_documents', 'name'],
  ['revenue_events', 'asset'],
  ['lead_bindings', 'external_id'],
  ['consent_tags', 'granularity'],
  ['disclosures', 'purpose'],
  ['earnings', 'minor'],
  ['statement_lines', 'minor'],
] as const

type Role = { readonly who: string; readonly begin: string }

const ROLES: readonly Role[] = [
  { who: 'the owner, a superuser', begin: 'select 1' },
  { who: 'a superuser as a replica', begin: 'set session_replication_role = replica' },
  { who: 'the application', begin: 'set role tributary_app' },
  { who: 'a role that was granted everything', begin: 'set role guard_tester' },
]

async function asRole<T>(
  { begin }: Role,
  work: (run: (statement: string) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const pool = openPool(world.ownerAddress, 'tributary:tests:guards', 1)
  try {
    await pool.unsafe(`
      do $$ begin
        if not exists (select from pg_roles where rolname = 'guard_tester') then create role guard_tester; end if;
      exception when duplicate_object or unique_violation then null; end $$;
      grant all on all tables in schema public to guard_tester`)
    await pool.unsafe(begin)
    return await work((statement) => pool.unsafe(statement))
  } finally {
    await pool.end()
  }
}

describe.each(ROLES)('$who', (role) => {
  test.each(GUARDED)('is refused a change of %s', async (table, column) => {
    // without a grant PostgreSQL refuses before the guard is asked
    const refused = role.who === 'the application' ? /permission denied|never changed/ : REFUSED
    await asRole(role, async (run) => {
      await expect(run(`update ${table} set ${column} = ${column} where false`)).rejects.toThrow(refused)
      await expect(run(`delete from ${table} where false`)).rejects.toThrow(refused)
      await expect(run(`truncate ${table} cascade`)).rejects.toThrow(refused)
    })
  })

  test('cannot post an entry that does not balance, nor one without postings', async () => {
    await asRole(role, async (run) => {
      const entry = newId('jre')
      await expect(run(`begin; ${entrySql(entry)}; ${linesSql(entry, [5, -4])}; commit`)).rejects.toThrow(
        'does not balance',
      )
      await run('rollback')
      await expect(run(entrySql(newId('jre')))).rejects.toThrow('has no postings')
      const sound = newId('jre')
      await run(`begin; ${entrySql(sound)}; ${linesSql(sound, [5, -5])}; commit`)
    })
  })
})

test('every table that is append-only has its guard enabled always', async () => {
  const weak = await world.owner`
    select t.tgrelid::regclass::text as guarded, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and t.tgenabled <> 'A' and c.relnamespace = 'public'::regnamespace`
  expect(weak).toEqual([])
  await world.owner.unsafe(`create table guarded_later (x integer); select guard_append_only('guarded_later')`)
  await world.owner.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await expect(tx.savepoint((inner) => inner`delete from guarded_later`)).rejects.toThrow(REFUSED)
  })
  await world.owner`drop table guarded_later`
})

describe('the database refuses', () => {
  const run = (statement: string): Promise<unknown> => world.owner.begin((tx) => tx.unsafe(statement))
  const refused = async (statement: string, message: string): Promise<void> => {
    await expect(run(statement)).rejects.toThrow(message)
  }

  test('postings that come later, even when they balance', async () => {
    const [posted] = await post(world.context, someEntry())
    await refused(linesSql(posted?.id ?? newId('jre'), [5, -5], 10), 'complete already')
    await refused(linesSql(posted?.id ?? newId('jre'), [5, -5]), 'postings_pkey')
  })

  test('postings of an entry or on an account that is not there', async () => {
    const entry = newId('jre')
    await refused(linesSql(entry, [5, -5]), 'not there')
    const account = uuidOf(newId('acc'))
    await refused(`${entrySql(entry)}; ${linesSql(entry, [5, -5], 0, `'${account}'`)}`, 'there is no account')
  })

  test('postings at another time than their entry', async () => {
    const entry = newId('jre')
    await refused(`${entrySql(entry)}; ${linesSql(entry, [5, -5], 0, undefined, "'2026-01-02Z'")}`, 'at another time')
  })

  test('a posting of zero', async () => {
    const entry = newId('jre')
    await refused(`${entrySql(entry)}; ${linesSql(entry, [0])}`, 'postings_move_something')
  })

  test('an entry without postings at commit, not before, and also when its postings were taken back', async () => {
    const entry = newId('jre')
    await refused(entrySql(entry), 'has no postings')
    await refused(`${entrySql(entry)}; savepoint s; ${linesSql(entry, [5, -5])}; rollback to s`, 'has no postings')
    expect(await world.owner`select from journal_entries where id = ${uuidOf(entry)}`).toHaveLength(0)
  })
})

function entrySql(entry: string): string {
  const id = entry.slice(4)
  return `insert into journal_entries (id, reference, at, description, record_id, posted_at)
    values ('${id}', '${id}', '2026-01-01Z', '', gen_random_uuid(), now())`
}

function linesSql(
  entry: string,
  amounts: readonly number[],
  from = 0,
  account = "(select id from accounts where path = 'Raw:One')",
  at = "'2026-01-01Z'",
): string {
  const lines = amounts.map((amount, n) => `('${entry.slice(4)}', ${from + n}, ${account}, 'CNY/2', ${amount}, ${at})`)
  return `insert into accounts (id, path) values (gen_random_uuid(), 'Raw:One') on conflict do nothing;
    insert into postings (entry_id, line, account_id, asset, amount, at) values ${lines.join(', ')}`
}
