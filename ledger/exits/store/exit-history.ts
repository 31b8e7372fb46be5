import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { ExitFact } from '../exit-fact.ts'

type Row = {
  readonly at: Date
  readonly kind: ExitFact['kind']
  readonly about: string
  readonly status: string
  readonly asset: Asset | null
  readonly minor: string | null
  readonly record_id: string
}

/** All that happened to a partner's money since an instant, in the order in which it did. */
export async function selectExitHistory(
  sql: Reader,
  { partner, since }: { readonly partner: Id<'ptr'>; readonly since: Date },
): Promise<readonly ExitFact[]> {
  const id = uuidOf(partner)
  const rows = await sql<Row[]>`
    select h.at, h.kind, h.about, h.status, h.asset, h.minor::text as minor, h.record_id from (
      select s.issued_at as at, 'STATEMENT' as kind, s.number as about, s.status, s.asset, s.payout as minor, s.record_id
      from statements s where s.partner_id = ${id} and s.issued_at is not null
      union all
      select a.accepted_at, 'ACCEPTANCE', s.number, a.reason, null, null, a.record_id
      from statement_acceptances a join statements s on s.id = a.statement_id where a.partner_id = ${id}
      union all
      select d.opened_at, 'DISPUTE', s.number, 'OPEN', s.asset, d.held, d.record_id
      from disputes d join statements s on s.id = d.statement_id where d.partner_id = ${id}
      union all
      select d.closed_at, 'DISPUTE_CLOSED', s.number, d.status, s.asset, d.held, d.closing_record_id
      from disputes d join statements s on s.id = d.statement_id where d.partner_id = ${id} and d.closed_at is not null
      union all
      select p.moved_at, 'PAYOUT', s.number || '/' || p.attempt, p.status, p.asset, p.transfer, p.record_id
      from payouts p join statements s on s.id = p.statement_id where p.partner_id = ${id}
      union all
      select coalesce(a.decided_at, a.proposed_at), 'ADJUSTMENT', 'adj_' || replace(a.id::text, '-', ''), a.status, a.asset,
        a.amount, coalesce(a.decision_record_id, a.record_id)
      from adjustments a where a.partner_id = ${id}
      union all
      select coalesce(w.decided_at, w.proposed_at), 'WRITE_OFF', 'wof_' || replace(w.id::text, '-', ''), w.status, w.asset,
        w.amount, coalesce(w.decision_record_id, w.record_id)
      from write_offs w where w.partner_id = ${id}
      union all
      select r.at, 'REPAYMENT', 'agr_' || replace(r.agreement_id::text, '-', ''), 'RECEIVED', r.asset, r.amount, r.record_id
      from repayments r where r.partner_id = ${id}
      union all
      select r.set_at, 'RESERVE', 'agr_' || replace(r.agreement_id::text, '-', ''), 'UNTIL ' || r.until_month, g.asset, r.amount,
        r.record_id
      from agreement_reserves r join programmes g on g.id = r.programme_id where r.partner_id = ${id}
      union all
      select a.ended_at, 'MEMBERSHIP_ENDED', 'agr_' || replace(a.id::text, '-', ''), a.status, null, null, a.end_record_id
      from agreements a where a.partner_id = ${id} and a.ended_at is not null
    ) h where h.at >= ${since.toISOString()}::timestamptz order by h.at, h.record_id`
  return rows.map(({ asset, minor, record_id, ...row }) => ({
    ...row,
    ...{ asset: asset ?? undefined, minor: minor === null ? undefined : BigInt(minor), record: idOf('rec', record_id) },
  }))
}
