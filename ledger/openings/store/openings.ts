import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Month } from '../../../kernel/month.ts'
import type { AccountPath } from '../../journal/entry.ts'
import { type Act, type ProposalRow, proposalOf } from '../../store/proposals.ts'
import type { Opening, OpeningLine } from '../opening.ts'
import type { ProposedOpening } from '../opening-record.ts'

export async function insertOpening(tx: Transaction, proposed: ProposedOpening, { by, record }: Act): Promise<void> {
  const { id, cutOver, reason, lines } = proposed
  await tx`
    insert into openings (id, cut_over, reason, proposed_by, proposed_at, record_id)
    values (${uuidOf(id)}, ${cutOver.toISOString()}, ${reason}, ${by}, ${record.at.toISOString()}, ${uuidOf(record.id)})`
  await tx`
    insert into opening_lines (opening_id, line, kind, account, agreement_id, programme_id, partner_id, asset, amount,
      release_month)
    select ${uuidOf(id)}::uuid, l.line, l.kind, l.account, l.agreement_id, l.programme_id, l.partner_id, l.asset, l.amount,
      l.release_month
    from jsonb_to_recordset(${JSON.stringify(lines.map(rowOfLine))}::jsonb) as l (line integer, kind text, account text,
      agreement_id uuid, programme_id uuid, partner_id uuid, asset text, amount numeric, release_month text)`
}

function rowOfLine(line: OpeningLine, place: number): object {
  const { kind, asset, minor } = line
  const common = { line: place + 1, kind, asset, amount: `${minor}` }
  if (line.kind === 'ACCOUNT') return { ...common, account: line.account }
  const { agreement, programme, partner } = line
  return {
    ...common,
    ...{ agreement_id: uuidOf(agreement), programme_id: uuidOf(programme), partner_id: uuidOf(partner) },
    release_month: line.kind === 'HOLDBACK' ? line.releaseMonth : undefined,
  }
}

export async function selectOpening(sql: Reader, id: Id<'opn'>): Promise<Opening | undefined> {
  const [found] = await selectOpenings(sql, { id, limit: 1 })
  return found
}

type OpeningRow = ProposalRow & {
  readonly id: string
  readonly cut_over: Date
  readonly reason: string
  readonly lines: readonly LineRow[]
}

type LineRow = {
  readonly kind: OpeningLine['kind']
  readonly account: AccountPath
  readonly agreement_id: string
  readonly programme_id: string
  readonly partner_id: string
  readonly asset: Asset
  readonly amount: string
  readonly release_month: Month
}

/** Those that were proposed last, with their lines; or that of one id. */
export async function selectOpenings(
  sql: Reader,
  { id, limit }: { readonly id?: Id<'opn'>; readonly limit: number },
): Promise<readonly Opening[]> {
  const rows = await sql<OpeningRow[]>`
    select o.id, o.cut_over, o.reason, o.status, o.proposed_by, o.proposed_at, o.decided_by, o.decided_at,
      o.decision_reason, (
        select json_agg(json_build_object('kind', l.kind, 'account', l.account, 'agreement_id', l.agreement_id,
          'programme_id', l.programme_id, 'partner_id', l.partner_id, 'asset', l.asset, 'amount', l.amount::text,
          'release_month', l.release_month) order by l.line)
        from opening_lines l where l.opening_id = o.id
      ) as lines
    from openings o where ${id === undefined ? sql`true` : sql`o.id = ${uuidOf(id)}`}
    order by o.id desc limit ${limit}`
  return rows.map((row) => ({
    id: idOf('opn', row.id),
    cutOver: row.cut_over,
    reason: row.reason,
    lines: row.lines.map(lineOf),
    ...proposalOf(row),
  }))
}

function lineOf(row: LineRow): OpeningLine {
  const amount = { asset: row.asset, minor: BigInt(row.amount) }
  if (row.kind === 'ACCOUNT') return { kind: row.kind, account: row.account, ...amount }
  const whose = {
    agreement: idOf('agr', row.agreement_id),
    programme: idOf('prg', row.programme_id),
    partner: idOf('ptr', row.partner_id),
  }
  if (row.kind === 'CARRIED') return { kind: row.kind, ...whose, ...amount }
  return { kind: row.kind, ...whose, ...amount, releaseMonth: row.release_month }
}
