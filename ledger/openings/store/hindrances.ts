import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/** Keeps other opening balances from being approved until the transaction ends. */
export async function holdOpenings(tx: Transaction): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('openings', 0))`
}

/** A locked month: any of these programmes, or one of whichever programme that ends after an instant, if one is given. */
export async function selectLocked(
  sql: Reader,
  { programmes, after }: { readonly programmes: readonly Id<'prg'>[]; readonly after: Date | undefined },
): Promise<string | undefined> {
  const [row] = await sql<{ month: string }[]>`
    select p.month || ' of ' || g.code as month from periods p join programmes g on g.id = p.programme_id
    where p.locked_at is not null
      and (p.ends_at > ${after?.toISOString() ?? null}::timestamptz or p.programme_id = any (${programmes.map(uuidOf)}::text[]::uuid[]))
    order by p.ends_at, g.code limit 1`
  return row?.month
}

/** The place of the first line of these whose account or agreement was brought along before, from 1. */
export async function selectOpenedBefore(sql: Reader, opening: Id<'opn'>): Promise<number | undefined> {
  const [row] = await sql<{ line: number }[]>`
    select l.line from opening_lines l
    join approved_opening_lines o on o.opening_id <> l.opening_id and o.asset = l.asset
      and (o.account = l.account or o.agreement_id = l.agreement_id)
    where l.opening_id = ${uuidOf(opening)} order by l.line limit 1`
  return row?.line
}
