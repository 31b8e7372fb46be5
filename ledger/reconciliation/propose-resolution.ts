import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { actOnBreak } from './act-on-break.ts'
import { type BankBreak, PROPOSALS, type ProposalKind } from './bank-break.ts'
import { BOOKING_ACCOUNT_NAMES, type BookingAccount, isBookingAccount } from './booking-accounts.ts'
import { differenceOf } from './difference-of.ts'
import { moveBreak } from './move-break.ts'
import { refuseBeyondRewards } from './refuse-beyond-rewards.ts'
import { requireUnmatched } from './require-unmatched.ts'

const proposeResolutionInput = z
  .strictObject({
    break: z.string().max(60),
    kind: z.enum(PROPOSALS, `it is one of ${PROPOSALS.join(', ')}`),
    /** Of the journal; for `BOOKED` alone. */
    account: z
      .string()
      .refine(isBookingAccount, `it is one of ${BOOKING_ACCOUNT_NAMES.join(', ')}`)
      .nullish(),
    reason: lineOfText(300),
    idempotencyKey: z.string(),
  })
  .refine(({ kind, account }) => (kind === 'BOOKED') === (account != null), {
    path: ['account'],
    error: 'an account is named where something is booked, and only there',
  })

export type ProposeResolutionInput = z.input<typeof proposeResolutionInput>

/**
 * Proposes how a break is resolved; nothing moves before another person approves. `BOOKED`: an entry that is no payout, or a
 * gap between balances, is booked against an account of the journal. `WRITTEN_OFF`: the entry settles or returns the payout
 * that it names, and the difference, up to the limit, is an expense. `SET_ASIDE`: the line is no money, such as one that the
 * bank told twice; it counts no more. A new proposal takes the place of the one before.
 *
 * Throws `NOT_FOUND`, `INVALID_INPUT`, `WRONG_STATE` (resolved; not for this kind of break; beyond the limit, or what is due for rewards),
 * `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts. Source: ADR 0024.
 */
export async function proposeResolution(context: Context, input: ProposeResolutionInput): Promise<BankBreak> {
  const { kind, account: given, reason, ...which } = parseExactly(proposeResolutionInput, input, 'proposal')
  const account = given ?? undefined
  const request = { kind, account: account ?? null, reason }
  return actOnBreak(context, { ...which, verb: 'propose', request }, async (tx, { found }) => {
    await refuseUnfit(context, tx, { kind, account }, found)
    await moveBreak(context, tx, found, { event: 'PROPOSED', proposal: kind, account, reason })
  })
}

async function refuseUnfit(
  context: Context,
  tx: Transaction,
  { kind, account }: { readonly kind: ProposalKind; readonly account: BookingAccount | undefined },
  found: BankBreak,
): Promise<void> {
  if (account !== undefined) await refuseBeyondRewards(tx, found, account)
  if (found.kind === 'BALANCE_GAP') {
    if (kind === 'BOOKED') return
    throw new Fault('WRONG_STATE', 'a gap between balances is booked, or goes when the missing file comes')
  }
  const entry = await requireUnmatched(tx, found)
  if (kind === 'WRITTEN_OFF') await differenceOf(context, tx, found, entry)
}
