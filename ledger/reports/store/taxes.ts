import type { Reader } from '../../../database/client.ts'
import type { Asset } from '../../../kernel/money.ts'
import { instantText, type ReportMoment } from '../report-moment.ts'
import { statementsUntil, taxPostedUntil } from './fragments.ts'

/**
 * Tax that is posted with the payment of a statement, or by an entry that is of none: a remittance, say, which is below
 * zero. Minor units; value added tax is to be claimed, what was withheld is to be remitted.
 */
export type TaxRow = {
  /** The statement's number, or the entry's reference. */
  readonly cause: string
  readonly partner: string | undefined
  readonly asset: Asset
  readonly vat: bigint
  readonly withholding: bigint
  /** Whether it is more than the statement says. */
  readonly tooMuch: boolean
}

type Row = Omit<TaxRow, 'partner' | 'vat' | 'withholding' | 'tooMuch'> & {
  readonly partner: string | null
  readonly vat: string
  readonly withholding: string
  readonly too_much: boolean
}

/** Tax posted, by statement; then what moved otherwise, but for balances that were brought along. */
export async function selectTaxes(sql: Reader, moment: ReportMoment): Promise<readonly TaxRow[]> {
  const at = instantText(moment)
  const ofStatements = await sql<Row[]>`
    select s.number as cause, d.code as partner, s.asset, tax.vat::text as vat, tax.withholding::text as withholding,
      (tax.vat > s.vat or tax.withholding > s.withholding) as too_much
    from ${statementsUntil(sql, at)} s
    join partner_duties d on d.partner_id = s.partner_id
    cross join ${taxPostedUntil(sql, at)} tax
    where s.payout > 0 and (tax.vat <> 0 or tax.withholding <> 0)
    order by d.code, s.asset, s.month, s.number`
  const others = await sql<Row[]>`
    select e.reference as cause, null as partner, p.asset,
      coalesce(sum(p.amount) filter (where a.path = 'Tax:InputVAT'), 0)::text as vat,
      coalesce(-sum(p.amount) filter (where a.path = 'Tax:Withholding'), 0)::text as withholding, false as too_much
    from accounts a join postings p on p.account_id = a.id join journal_entries e on e.id = p.entry_id
    where a.path in ('Tax:InputVAT', 'Tax:Withholding') and p.at <= ${at}::text::timestamptz
      and not starts_with(e.reference, 'statement:') and not starts_with(e.reference, 'opening:')
    group by e.reference, e.at, p.asset order by e.at, e.reference`
  return [...ofStatements, ...others].map(({ partner, vat, withholding, too_much: tooMuch, ...row }) => ({
    ...row,
    partner: partner ?? undefined,
    vat: BigInt(vat),
    withholding: BigInt(withholding),
    tooMuch,
  }))
}
