import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { type Asset, believable, parseDecimal } from '../../kernel/money.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { keepProposal } from '../adjustments/keep-proposal.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { closeDispute, closedDispute } from './close-dispute.ts'
import type { Dispute } from './dispute.ts'
import type { Standing } from './store/standing.ts'

const answerDisputeInput = z.strictObject({
  dispute: z.string().max(60),
  upheld: z.boolean(),
  /** A decimal above zero: what the partner is to be given; only of what is upheld. */
  amount: z.string().max(60).nullish(),
  /** The partner reads it. */
  answer: lineOfText(300),
  idempotencyKey: z.string(),
})

export type AnswerDisputeInput = z.input<typeof answerDisputeInput>

/**
 * Answers an open dispute, for good. The statement stays as it is, and what was held of it can be paid; it is accepted when
 * no other dispute is open. One that is upheld with an amount proposes an adjustment, which counts once another person
 * approves it: the next month that is closed gives it. Throws `NOT_FOUND`, `WRONG_STATE` for one that is closed,
 * `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts. Source: ADR 0021.
 */
export async function answerDispute(context: Context, input: AnswerDisputeInput): Promise<Dispute> {
  requireStaff(context)
  const { idempotencyKey: key, amount = null, ...given } = parseExactly(answerDisputeInput, input, 'answer')
  if (amount !== null && !given.upheld) throw badAmount('what is not upheld gives nothing')
  const { dispute, upheld, answer: text } = given
  const request = { ...given, amount }
  const { answer } = await once(context, { scope: `${context.actor}:disputes.answer`, key, request }, (tx) =>
    closeDispute(context, tx, { dispute }, async (_, standing) => ({
      status: upheld ? 'UPHELD' : 'REJECTED',
      answer: text,
      adjustment: amount === null ? undefined : await propose(context, tx, standing, { amount, text }),
    })),
  )
  return closedDispute(context, answer)
}

async function propose(
  context: Context,
  tx: Transaction,
  { number, agreement, programme, partner, asset }: Standing,
  { amount, text }: { readonly amount: string; readonly text: string },
): Promise<Id<'adj'>> {
  const minor = amountOf(amount, asset)
  const reason = `${number}: ${text}`
  return keepProposal(context, tx, { id: newId('adj'), agreement, programme, partner, asset, minor, reason })
}

function amountOf(text: string, asset: Asset): bigint {
  const minor = believable(parseDecimal(text, asset), 'amount')
  if (minor > 0n) return minor
  throw badAmount('what is given is above zero')
}

function badAmount(why: string): Fault {
  return new Fault('INVALID_INPUT', `amount: ${why}`, { field: 'amount' })
}
