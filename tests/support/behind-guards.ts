import type { Pool } from '../../database/client.ts'

/**
 * Runs statements as a superuser would who takes the guards away and puts them back: every trigger of ours off, foreign
 * keys too. What they did stays, and so do the guards, as they were.
 */
export async function behindGuards(owner: Pool, ...statements: readonly string[]): Promise<void> {
  await owner.begin(async (tx) => {
    const guards = await tx<{ guarded: string; name: string; mode: string }[]>`
      select t.tgrelid::regclass::text as guarded, quote_ident(t.tgname) as name, t.tgenabled as mode
      from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where not t.tgisinternal and t.tgenabled <> 'D' and c.relnamespace = 'public'::regnamespace`
    for (const { guarded, name } of guards) await tx.unsafe(`alter table ${guarded} disable trigger ${name}`)
    await tx`set local session_replication_role = replica`
    for (const statement of statements) await tx.unsafe(statement)
    for (const { guarded, name, mode } of guards) {
      await tx.unsafe(`alter table ${guarded} enable ${mode === 'A' ? 'always ' : ''}trigger ${name}`)
    }
  })
}
