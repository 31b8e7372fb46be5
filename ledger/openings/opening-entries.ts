import type { Id } from '../../kernel/ids.ts'
import { accountPath } from '../journal/chart.ts'
import type { AccountPath } from '../journal/entry.ts'
import type { NewEntry } from '../journal/post-entries.ts'
import type { Opening, OpeningLine } from './opening.ts'

/**
 * An entry for each line against `Equity:Opening`, dated at the last millisecond before the cut-over. What is carried is
 * owed, below zero by the partner. Source: RULES §6.
 */
export function entriesOfOpening(
  { id, cutOver, lines }: Opening,
  codes: ReadonlyMap<Id<'agr'>, string>,
): readonly NewEntry[] {
  const at = new Date(cutOver.getTime() - 1)
  return lines.map((line, place) => {
    const { asset } = line
    const { account, minor } = standing(line, codes)
    return {
      at,
      reference: `opening:${id}:${place + 1}`,
      description: `Brought along: ${account}`,
      postings: [
        { account, asset, minor },
        { account: accountPath('Equity:Opening'), asset, minor: -minor },
      ],
    }
  })
}

/** The account of a line, and what stands on it; positive is debit. */
function standing(
  line: OpeningLine,
  codes: ReadonlyMap<Id<'agr'>, string>,
): { readonly account: AccountPath; readonly minor: bigint } {
  if (line.kind === 'ACCOUNT') return line
  const code = codes.get(line.agreement) ?? ''
  const minor = -line.minor
  if (line.kind === 'HOLDBACK') return { account: accountPath('Partner:Holdback', code), minor }
  return { account: accountPath(minor > 0n ? 'Receivable:Partner' : 'Partner:Payable', code), minor }
}
