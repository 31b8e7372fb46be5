import type { Reader } from '../../database/client.ts'

/** The place of the last record that is sealed; 0 in an empty log. */
export async function selectHeadSeq(sql: Reader): Promise<number> {
  const [row] = await sql<{ seq: string | null }[]>`select max(seq) as seq from seals`
  return Number(row?.seq ?? 0)
}

/** Records of partners of some kinds that are sealed behind one place and up to another, in their order. */
export async function selectKindsOn(
  sql: Reader,
  { from, to, kinds }: { readonly from: number; readonly to: number; readonly kinds: readonly string[] },
): Promise<readonly { readonly seq: number; readonly body: string }[]> {
  const rows = await sql<{ seq: string; body: string }[]>`
    select s.seq, r.body from seals s join records r on r.id = s.record_id
    where s.seq > ${from}::bigint and s.seq <= ${to}::bigint and r.kind = any (${[...kinds]})
      and r.partner_id is not null
    order by s.seq`
  return rows.map(({ seq, body }) => ({ seq: Number(seq), body }))
}
