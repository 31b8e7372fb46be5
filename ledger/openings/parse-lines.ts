import { z } from 'zod'
import type { Reader } from '../../database/client.ts'
import { Fault } from '../../kernel/fault.ts'
import { isId } from '../../kernel/ids.ts'
import { type Asset, believable, parseDecimal } from '../../kernel/money.ts'
import { monthOf, parseMonth } from '../../kernel/month.ts'
import type { Agreement } from '../agreements/agreement.ts'
import { assetText } from '../agreements/asset-text.ts'
import { invalid } from '../agreements/parse-exactly.ts'
import type { Programme } from '../agreements/programme.ts'
import { agreementsOfProgramme, selectAgreement } from '../agreements/store/agreements.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import { type ChartName, chartAccount, chartNameOf } from '../journal/chart.ts'
import { isAccountPath } from '../journal/entry.ts'
import type { OpeningLine } from './opening.ts'

/** A line as it comes from outside: an account, or an agreement by its id or by partner and programme. */
export const openingLineInput = z.strictObject({
  account: z.string().max(200).optional(),
  agreement: z.string().max(60).optional(),
  partner: z.string().max(60).optional(),
  programme: z.string().max(60).optional(),
  asset: assetText,
  /** A decimal of the asset, not zero: of an account debit is positive; of an agreement what we owe is. */
  amount: z.string().max(60),
  /** What is held back until then; carried unless given. */
  releaseMonth: z.string().max(10).optional(),
})
type LineInput = z.output<typeof openingLineInput>

/** What other balances prove is brought along as theirs, or begins with us. */
const NOT_BY_ACCOUNT: ReadonlySet<ChartName> = new Set<ChartName>([
  ...(['Partner:Accrued', 'Partner:Payable', 'Partner:Holdback', 'Receivable:Partner'] as const),
  ...(['Liabilities:Points', 'Points:Customer', 'Points:Issued', 'Points:Partner'] as const),
  ...(['Clearing:Payouts', 'Equity:Opening'] as const),
])

/**
 * Reads the lines of opening balances. Throws `INVALID_INPUT` with the path of the fault, `NOT_FOUND` and `ASSET_MISMATCH`.
 * An account or an agreement's month is named once.
 */
export async function parseLines(
  sql: Reader,
  inputs: readonly LineInput[],
  cutOver: Date,
): Promise<readonly OpeningLine[]> {
  const lines: OpeningLine[] = []
  const seen = new Set<string>()
  for (const [place, input] of inputs.entries()) {
    const path = ['lines', place] as const
    const line = input.account === undefined ? await ofAgreement(sql, input, { path, cutOver }) : ofAccount(input, path)
    const about = line.kind === 'ACCOUNT' ? line.account : line.agreement
    const key = `${about} ${line.asset} ${line.kind === 'HOLDBACK' ? line.releaseMonth : ''}`
    if (seen.has(key)) throw invalid('opening', path, 'this balance is named twice')
    seen.add(key)
    lines.push(line)
  }
  return lines
}

type Path = readonly (string | number)[]

function ofAccount(input: LineInput, path: Path): OpeningLine {
  const { account = '', agreement, partner, programme, releaseMonth, asset, amount } = input
  if ([agreement, partner, programme, releaseMonth].some((other) => other !== undefined))
    throw invalid('opening', path, 'it is either of an account or of an agreement')
  const name = chartNameOf(account)
  if (!isAccountPath(account) || name === undefined || !fits(account, name))
    throw invalid('opening', [...path, 'account'], 'it is no account of the chart, such as Bank:house')
  if (NOT_BY_ACCOUNT.has(name))
    throw invalid('opening', [...path, 'account'], `${name} is not brought along by account: name agreements`)
  return { kind: 'ACCOUNT', account, asset, minor: minorOf(amount, asset, path) }
}

/** Where there are several accounts of a name, one is meant. */
function fits(account: string, name: ChartName): boolean {
  const sections = account.split(':').length - name.split(':').length
  return sections === (chartAccount(name).per === undefined ? 0 : 1)
}

async function ofAgreement(
  sql: Reader,
  input: LineInput,
  { path, cutOver }: { readonly path: Path; readonly cutOver: Date },
): Promise<OpeningLine> {
  const { asset, amount, releaseMonth } = input
  const { id: agreement, partner, programme } = await agreementOf(sql, input, path)
  const { asset: own, timeZone, code } = await requireProgramme(sql, programme)
  if (asset !== own) {
    const field = [...path, 'asset'].join('.')
    throw new Fault('ASSET_MISMATCH', `${code} is settled in ${own}, not in ${asset}`, { field })
  }
  const minor = minorOf(amount, asset, path)
  const whose = { agreement, programme, partner, asset, minor }
  if (releaseMonth === undefined) return { kind: 'CARRIED', ...whose }
  const month = parseMonth(releaseMonth)
  if (minor < 0n) throw invalid('opening', [...path, 'amount'], 'what is held back is above zero')
  if (month < monthOf(cutOver, timeZone))
    throw invalid('opening', [...path, 'releaseMonth'], 'it was due before the cut-over: it is part of what is carried')
  return { kind: 'HOLDBACK', ...whose, releaseMonth: month }
}

async function agreementOf(sql: Reader, input: LineInput, path: Path): Promise<Agreement> {
  const { agreement: id, partner, programme } = input
  if (id !== undefined) {
    const named = isId('agr', id) ? await selectAgreement(sql, id) : undefined
    if (named !== undefined) return named
    throw new Fault('NOT_FOUND', 'there is no such agreement', { field: [...path, 'agreement'].join('.') })
  }
  if (partner === undefined || programme === undefined)
    throw invalid('opening', path, 'it names an account, an agreement, or partner and programme')
  return onlyAgreement(sql, { partner, programme: await requireProgramme(sql, programme), path })
}

type Naming = { readonly partner: string; readonly programme: Programme; readonly path: Path }

async function onlyAgreement(sql: Reader, { partner, programme, path }: Naming): Promise<Agreement> {
  const all = await agreementsOfProgramme(sql, programme.id)
  const [only, ...others] = all.filter(({ partnerCode }) => partnerCode === partner)
  if (only === undefined) {
    const field = [...path, 'partner'].join('.')
    throw new Fault('NOT_FOUND', `${partner} has no agreement in ${programme.code}`, { field })
  }
  if (others.length === 0) return only
  throw invalid('opening', [...path, 'partner'], 'it has several agreements: name one by its id')
}

function minorOf(amount: string, asset: Asset, path: Path): bigint {
  const minor = believable(parseDecimal(amount, asset), [...path, 'amount'].join('.'))
  if (minor === 0n) throw invalid('opening', [...path, 'amount'], 'a balance of nothing is not brought along')
  return minor
}
