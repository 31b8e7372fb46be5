import type { Fragment } from 'postgres'
import type { Reader } from '../../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../../kernel/ids.ts'
import type { Month } from '../../../../kernel/month.ts'
import { readBatches } from '../../../facts/store/read-batches.ts'
import type { LineExplanation } from '../../../splits/explanation.ts'

/** What a rule has given an agreement for a month so far: by the month's own statement, and by corrections of it. */
export type SettledRule = {
  readonly agreement: Id<'agr'>
  readonly terms: Id<'trm'>
  readonly place: number
  readonly total: bigint
  readonly forgone: bigint
}

/** What was settled for a month of a programme so far, by issued statements. */
export async function selectSettledRules(
  sql: Reader,
  { programme, month }: { readonly programme: Id<'prg'>; readonly month: Month },
): Promise<readonly SettledRule[]> {
  const rows = await sql<
    { agreement_id: string; terms_id: string; rule_place: number; total: string; forgone: string }[]
  >`
    select s.agreement_id, e.terms_id, e.rule_place, sum(e.minor) as total, sum(e.forgone) as forgone
    from statements s join earnings e on e.statement_id = s.id
    where s.programme_id = ${uuidOf(programme)} and s.month >= ${month} and ${settles(sql, month)}
    group by s.agreement_id, e.terms_id, e.rule_place`
  return rows.map((row) => ({
    agreement: idOf('agr', row.agreement_id),
    terms: idOf('trm', row.terms_id),
    place: row.rule_place,
    total: BigInt(row.total),
    forgone: BigInt(row.forgone),
  }))
}

/** A line as it stands in a statement, with who is behind it. */
export type SettledLine = {
  readonly id: Id<'pol'>
  readonly contribution: { readonly id: Id<'ctr'>; readonly externalId: string } | undefined
  readonly customer: Id<'cus'> | undefined
  readonly minor: bigint
  readonly explanation: LineExplanation
}

/** Lines of a rule that were settled for a month so far, in batches, the month's own first. `sql` is an open transaction. */
export async function* readSettledLines(
  sql: Reader,
  {
    agreement,
    terms,
    place,
    month,
  }: { readonly agreement: Id<'agr'>; readonly terms: Id<'trm'>; readonly place: number; readonly month: Month },
): AsyncGenerator<readonly SettledLine[]> {
  const query = sql`
    select ${columns(sql)} from statements s
    join earnings e on e.statement_id = s.id and e.terms_id = ${uuidOf(terms)} and e.rule_place = ${place}
    join statement_lines l on l.statement_id = s.id and l.rule_no = e.rule_no
    where s.agreement_id = ${uuidOf(agreement)} and s.month >= ${month} and ${settles(sql, month)}
    order by s.month, l.line_no`
  for await (const rows of readBatches<LineRow>(sql, { name: 'settled_lines', query, rowsPerBatch: 2000 })) {
    yield rows.map(lineOf)
  }
}

/** Lines by their ids, in the order given. */
export async function selectSettledLines(sql: Reader, ids: readonly Id<'pol'>[]): Promise<readonly SettledLine[]> {
  const rows = await sql<LineRow[]>`
    select ${columns(sql)} from unnest(${ids.map(uuidOf)}::text[]::uuid[]) with ordinality as q (id, place)
    join statement_lines l on l.id = q.id order by q.place`
  return rows.map(lineOf)
}

function settles(sql: Reader, month: Month): Fragment {
  return sql`s.issued_at is not null and e.adjustment_id is null
    and case when e.origin_month is null then s.month else e.origin_month end = ${month}`
}

function columns(sql: Reader): Fragment {
  return sql`l.id, l.contribution_id, l.contribution_external_id, l.customer_id, l.minor::text as minor, l.explanation`
}

type LineRow = {
  readonly id: string
  readonly contribution_id: string | null
  readonly contribution_external_id: string | null
  readonly customer_id: string | null
  readonly minor: string
  readonly explanation: LineExplanation
}

function lineOf(row: LineRow): SettledLine {
  const { contribution_id: contribution, contribution_external_id: externalId } = row
  return {
    id: idOf('pol', row.id),
    contribution:
      contribution === null || externalId === null ? undefined : { id: idOf('ctr', contribution), externalId },
    customer: row.customer_id === null ? undefined : idOf('cus', row.customer_id),
    minor: BigInt(row.minor),
    explanation: row.explanation,
  }
}
