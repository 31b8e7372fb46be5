import type { Asset } from '../../kernel/money.ts'
import type { NewEntry } from '../journal/post-entries.ts'
import type { Round } from './round.ts'
import type { ClaimToPost } from './store/claims.ts'

type AccountPath = NewEntry['postings'][number]['account']
type Leg = readonly [account: AccountPath, minor: bigint]

const CLEARING: AccountPath = 'Clearing:Payouts'

/**
 * What is posted when the contract has a round's money: for each statement its tax, once however often it is given out, and
 * the payment. Positive is debit. Source: RULES §6.
 */
export function entriesOfFunding(round: Round, claims: readonly ClaimToPost[], at: Date): readonly NewEntry[] {
  return claims.flatMap((claim) => {
    const payable = payableOf(claim)
    const { vat, withholding, amount, statement } = claim
    const tax = (step: string, description: string, legs: readonly Leg[]): readonly NewEntry[] =>
      entryOf(round.asset, {
        at,
        reference: `statement:${statement}:${step}`,
        description: of(claim, description),
        legs,
      })
    return [
      ...tax('vat', 'Self-billed VAT', [
        ['Tax:InputVAT', vat],
        [payable, -vat],
      ]),
      ...tax('withholding', 'Tax withheld', [
        [payable, withholding],
        ['Tax:Withholding', -withholding],
      ]),
      ...step(round, claim, { at, step: 'instruct', description: 'Payment put up on chain' }, [
        [payable, amount],
        [CLEARING, -amount],
      ]),
    ]
  })
}

/** What is posted when a leaf was paid: the contract's money is ours until then. */
export function entriesOfClaim(round: Round, claim: ClaimToPost, at: Date): readonly NewEntry[] {
  return step(round, claim, { at, step: 'claimed', description: 'Payment claimed on chain' }, [
    [CLEARING, claim.amount],
    [`Bank:Chain:${round.contract}`, -claim.amount],
  ])
}

/** What is posted when nobody claimed in time: we owe it again. */
export function entriesOfReturn(round: Round, claim: ClaimToPost, at: Date): readonly NewEntry[] {
  return step(round, claim, { at, step: 'returned', description: 'Payment not claimed' }, [
    [CLEARING, claim.amount],
    [payableOf(claim), -claim.amount],
  ])
}

function payableOf({ partnerCode }: ClaimToPost): AccountPath {
  return `Partner:Payable:${partnerCode}`
}

function of({ statementNumber }: ClaimToPost, what: string): string {
  return `${what}: ${statementNumber}`
}

type Wording = { readonly at: Date; readonly step: string; readonly description: string }

function step(round: Round, claim: ClaimToPost, { at, step: name, description }: Wording, legs: readonly Leg[]) {
  const reference = `payout-round:${round.id}:${claim.statement}:${name}`
  return entryOf(round.asset, { at, reference, description: of(claim, description), legs })
}

function entryOf(
  asset: Asset,
  { at, reference, description, legs }: Omit<NewEntry, 'postings'> & { readonly legs: readonly Leg[] },
): readonly NewEntry[] {
  const postings = legs.filter(([, minor]) => minor !== 0n).map(([account, minor]) => ({ account, asset, minor }))
  return postings.length === 0 ? [] : [{ at, reference, description, postings }]
}
