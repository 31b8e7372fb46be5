import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'

/** What stands on an agreement beside what its statements pay; minor units. */
export type AgreementBalance = {
  readonly agreement: Id<'agr'>
  readonly asset: Asset
  /** Above zero we owe it, below zero the partner does. */
  readonly carried: bigint
  readonly held: bigint
}

/** What stands now on each agreement of a partner, by what was issued, written off, paid back and brought along. */
export async function selectAgreementBalances(sql: Reader, partner: Id<'ptr'>): Promise<readonly AgreementBalance[]> {
  const id = uuidOf(partner)
  const rows = await sql<{ agreement_id: string; asset: Asset; carried: string; held: string }[]>`
    select m.agreement_id, m.asset, sum(m.carried)::text as carried, sum(m.held)::text as held from (
      select s.agreement_id, s.asset, s.closing - s.opening as carried, s.holdback - s.released as held
      from statements s where s.partner_id = ${id} and s.issued_at is not null
      union all
      select b.agreement_id, b.asset, b.amount, 0 from balance_changes b where b.partner_id = ${id}
      union all
      select o.agreement_id, o.asset, 0, o.amount from approved_opening_lines o
      where o.partner_id = ${id} and o.kind = 'HOLDBACK'
    ) m group by m.agreement_id, m.asset order by m.agreement_id, m.asset`
  return rows.map(({ agreement_id, asset, carried, held }) => ({
    ...{ agreement: idOf('agr', agreement_id), asset },
    ...{ carried: BigInt(carried), held: BigInt(held) },
  }))
}
