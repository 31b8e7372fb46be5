import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import { accountPath } from '../journal/chart.ts'
import type { AccountPath } from '../journal/entry.ts'
import type { NewEntry } from '../journal/post-entries.ts'
import type { Settlement } from './settle-agreement.ts'

/** A statement as the journal sees it. */
export type StatementToPost = Settlement & {
  readonly id: Id<'sta'>
  readonly period: Id<'per'>
  readonly asset: Asset
  readonly month: string
  readonly programmeCode: string
  readonly partnerCode: string
}

type Leg = readonly [account: AccountPath, minor: bigint]

/**
 * The entries of one statement's lock: accrual, lock, release of holdback, clawback, and a negative balance or its
 * recovery. Positive is debit. Entries in which nothing moves are left out. VAT, withholding and the payment are posted
 * with the payout. After them `Payable` holds what is carried and to be paid, `Receivable` what the partner owes.
 * `at` is the last millisecond of the period, so that their date in the programme's zone is its last day; they are
 * recorded when they are posted. Source: RULES §6.
 */
export function entriesOfStatement(statement: StatementToPost, periodEnd: Date): readonly NewEntry[] {
  const { earned, holdback, released, clawbacks, opening, closing, partnerCode, programmeCode } = statement
  const expense = accountPath('Expenses:PartnerShare', programmeCode)
  const accrued = accountPath('Partner:Accrued', partnerCode)
  const payable = accountPath('Partner:Payable', partnerCode)
  const held = accountPath('Partner:Holdback', partnerCode)
  const receivable = accountPath('Receivable:Partner', partnerCode)
  const owed = owedIn(closing) - owedIn(opening)
  const steps: readonly (readonly [step: string, description: string, legs: readonly Leg[]])[] = [
    [
      'accrue',
      'Share accrued',
      [
        [expense, earned],
        [accrued, -earned],
      ],
    ],
    [
      'lock',
      'Period locked',
      [
        [accrued, earned],
        [payable, holdback - earned],
        [held, -holdback],
      ],
    ],
    [
      'release',
      'Holdback released',
      [
        [held, released],
        [payable, -released],
      ],
    ],
    [
      'clawback',
      'Clawback',
      [
        [payable, -clawbacks],
        [expense, clawbacks],
      ],
    ],
    [
      'receivable',
      owed > 0n ? 'Negative balance' : 'Negative balance recovered',
      [
        [receivable, owed],
        [payable, -owed],
      ],
    ],
  ]
  return steps.flatMap(([step, description, legs]) => {
    const postings = legs
      .filter(([, minor]) => minor !== 0n)
      .map(([account, minor]) => ({ account, asset: statement.asset, minor }))
    return postings.length === 0 ? [] : [entryOf(statement, { step, description, postings }, periodEnd)]
  })
}

/** What the partner owes at a balance. */
function owedIn(balance: bigint): bigint {
  return balance < 0n ? -balance : 0n
}

function entryOf(
  { id, period, partnerCode, month }: StatementToPost,
  { step, description, postings }: Pick<NewEntry, 'description' | 'postings'> & { readonly step: string },
  periodEnd: Date,
): NewEntry {
  return {
    at: new Date(periodEnd.getTime() - 1),
    description: `${description}: ${partnerCode}, ${month}`,
    reference: `statement:${id}:${step}`,
    period,
    postings,
  }
}
