import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { onceIfKeyed } from './once-if-keyed.ts'
import { parseExactly } from './parse-exactly.ts'
import { holdTermsProposal, selectTermsProposal } from './store/terms-proposals.ts'
import { takeStep } from './take-step.ts'
import type { TermsProposal } from './terms-proposal.ts'

const withdrawTermsInput = z.strictObject({
  /** Id of the draft or proposal. */
  proposal: z.string().max(60),
  /** Why; whoever it was proposed to reads it. */
  reason: lineOfText(300),
  idempotencyKey: z.string().nullish(),
})

export type WithdrawTermsInput = z.input<typeof withdrawTermsInput>

/**
 * Takes a draft or a proposal back, for good: nobody can sign it any more. The same again changes nothing. Throws
 * `INVALID_INPUT`, `NOT_FOUND`, `WRONG_STATE` for terms that are in force. Source: ADR 0016.
 */
export async function withdrawTerms(context: Context, input: WithdrawTermsInput): Promise<TermsProposal> {
  const { idempotencyKey: key, ...request } = parseExactly(withdrawTermsInput, input, 'withdrawal')
  const id = await onceIfKeyed(context, { scope: `${context.actor}:terms.withdraw`, key, request }, (tx) =>
    withdraw(context, tx, request),
  )
  const withdrawn = await selectTermsProposal(context.database.reads, id)
  invariant(withdrawn, 'terms that were withdrawn are there')
  return withdrawn
}

async function withdraw(
  context: Context,
  tx: Transaction,
  { proposal: named, reason }: Omit<z.output<typeof withdrawTermsInput>, 'idempotencyKey'>,
): Promise<Id<'tpr'>> {
  const known = await holdTermsProposal(tx, named)
  if (known.status === 'ACTIVATED') {
    throw new Fault('WRONG_STATE', `${known.id} is in force: the next version supersedes it`, { field: 'proposal' })
  }
  if (known.status !== 'WITHDRAWN') await takeStep(context, tx, known, { event: 'WITHDRAWN', reason })
  return known.id
}
