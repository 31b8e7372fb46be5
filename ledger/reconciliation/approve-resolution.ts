import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { accountPath } from '../journal/chart.ts'
import { postEntries } from '../journal/post-entries.ts'
import { requireSecondPerson } from '../second-person.ts'
import { actOnBreak, type HeldBreak } from './act-on-break.ts'
import { type BankBreak, PROPOSALS, type Proposal } from './bank-break.ts'
import { bookingPath, isBookingAccount } from './booking-accounts.ts'
import { bookingTime, concludeEntry } from './conclude-entry.ts'
import { concludeGap } from './conclude-gap.ts'
import { differenceOf } from './difference-of.ts'
import { payByEntry } from './pay-by-entry.ts'
import { refuseBeyondRewards } from './refuse-beyond-rewards.ts'
import { requireUnmatched } from './require-unmatched.ts'
import { selectPostings } from './store/matches.ts'

const approveResolutionInput = z.strictObject({
  break: z.string().max(60),
  /** The proposal as this person looked at it: its kind, and the account for `BOOKED`. */
  kind: z.enum(PROPOSALS, `it is one of ${PROPOSALS.join(', ')}`),
  account: z.string().max(60).nullish(),
  idempotencyKey: z.string(),
})

export type ApproveResolutionInput = z.input<typeof approveResolutionInput>

/**
 * Approves what another person proposed for a break, and does it. Who approves says what, so that nothing is slipped in
 * between looking and approving. Throws `NOT_FOUND`, `INVALID_INPUT`, `WRONG_STATE` (resolved; nothing, or something else, is
 * proposed; the payout moved on meanwhile; more than is due for rewards), `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` for the person who
 * proposed it, or unless a member of the staff acts. Source: ADR 0024.
 */
export async function approveResolution(context: Context, input: ApproveResolutionInput): Promise<BankBreak> {
  const { kind, account: given, ...which } = parseExactly(approveResolutionInput, input, 'approval')
  const account = given ?? undefined
  const request = { kind, account: account ?? null }
  return actOnBreak(context, { ...which, verb: 'approve', request }, async (tx, held) => {
    const { proposal } = held.found
    if (proposal === undefined) throw new Fault('WRONG_STATE', 'nothing is proposed for this break')
    requireSecondPerson(context, proposal.by)
    if (proposal.kind !== kind || proposal.account !== account) {
      throw new Fault('WRONG_STATE', `something else is proposed by now: ${proposal.kind}`, { field: 'kind' })
    }
    switch (proposal.kind) {
      case 'BOOKED':
        return held.found.kind === 'BALANCE_GAP'
          ? bookGap(context, tx, held, proposal)
          : bookEntry(context, tx, held, proposal)
      case 'WRITTEN_OFF':
        return writeOff(context, tx, held, proposal)
      case 'SET_ASIDE':
        return setAside(context, tx, held, proposal)
      default:
        return proposal.kind satisfies never
    }
  })
}

/** Money at the bank is a debit of ours. */
type Booking = {
  readonly reference: string
  readonly at: Date
  readonly minor: bigint
  readonly against: Proposal['account']
}

async function book(
  context: Context,
  tx: Transaction,
  { found, account }: HeldBreak,
  { reference, at, minor, against }: Booking,
): Promise<void> {
  invariant(isBookingAccount(against), 'what is booked has an account')
  await refuseBeyondRewards(tx, found, against)
  const { asset } = found
  const postings = [
    { account: accountPath('Bank', account.code), asset, minor },
    { account: bookingPath(against), asset, minor: -minor },
  ]
  await postEntries(context, tx, [{ at, reference, description: 'Booked by hand from the bank', postings }])
}

async function bookEntry(context: Context, tx: Transaction, held: HeldBreak, proposal: Proposal): Promise<void> {
  const entry = await requireUnmatched(tx, held.found)
  const reference = `bank:${entry.id}:booked`
  const { account: against, reason, by: proposedBy } = proposal
  await book(context, tx, held, { reference, at: bookingTime(entry), minor: entry.minor, against })
  const posted = { references: [reference] }
  await concludeEntry(context, tx, {
    ...{ entry, account: held.account, how: 'BOOKED', payouts: [], against, reason, proposedBy, posted },
  })
}

async function bookGap(
  context: Context,
  tx: Transaction,
  held: HeldBreak,
  { account: against }: Proposal,
): Promise<void> {
  const { found, account } = held
  const reference = `bank:${found.id}:booked`
  const at = new Date(`${found.gapOn}T00:00:00Z`)
  await book(context, tx, held, { reference, at, minor: found.minor, against })
  const [posting] = await selectPostings(tx, accountPath('Bank', account.code), [reference])
  invariant(posting, 'a gap that was booked is posted')
  await concludeGap(context, tx, found, { resolution: 'BOOKED', posting })
}

async function writeOff(context: Context, tx: Transaction, held: HeldBreak, proposal: Proposal): Promise<void> {
  const { found, account } = held
  const entry = await requireUnmatched(tx, found)
  const { payout, minor } = await differenceOf(context, tx, found, entry)
  const paid = await payByEntry(context, tx, { entry, account, payouts: [payout] })
  const reference = `bank:${entry.id}:difference`
  await book(context, tx, held, { reference, at: bookingTime(entry), minor, against: 'Expenses:BankDifferences' })
  const { reason, by: proposedBy } = proposal
  const posted = { references: [...paid, reference] }
  await concludeEntry(context, tx, {
    ...{ entry, account, how: 'WRITTEN_OFF', payouts: [payout], against: 'Expenses:BankDifferences' },
    ...{ reason, proposedBy, posted },
  })
}

async function setAside(
  context: Context,
  tx: Transaction,
  { found, account }: HeldBreak,
  proposal: Proposal,
): Promise<void> {
  const entry = await requireUnmatched(tx, found)
  const { reason, by: proposedBy } = proposal
  const posted = { postings: [] }
  await concludeEntry(context, tx, { entry, account, how: 'SET_ASIDE', payouts: [], reason, proposedBy, posted })
}
