import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import type { AgreementProposal } from './agreement-proposal.ts'
import { concludeProposal } from './conclude-proposal.ts'
import { onceIfKeyed } from './once-if-keyed.ts'
import { parseExactly } from './parse-exactly.ts'
import { holdAgreementProposal, selectAgreementProposal } from './store/agreement-proposals.ts'

const withdrawAgreementInput = z.strictObject({
  /** Id of the proposal. */
  proposal: z.string().max(60),
  /** Why; its partner reads it. */
  reason: lineOfText(300),
  idempotencyKey: z.string().nullish(),
})

export type WithdrawAgreementInput = z.input<typeof withdrawAgreementInput>

/**
 * Takes an offered membership back, for good. The same again changes nothing. Throws `INVALID_INPUT`, `NOT_FOUND`,
 * `WRONG_STATE` for one that the partner signed: an agreement is ended. Source: ADR 0016.
 */
export async function withdrawAgreement(context: Context, input: WithdrawAgreementInput): Promise<AgreementProposal> {
  const { idempotencyKey: key, ...request } = parseExactly(withdrawAgreementInput, input, 'withdrawal')
  const id = await onceIfKeyed(context, { scope: `${context.actor}:agreements.withdraw`, key, request }, (tx) =>
    withdraw(context, tx, request),
  )
  const withdrawn = await selectAgreementProposal(context.database.reads, id)
  invariant(withdrawn, 'an agreement that was withdrawn is there')
  return withdrawn
}

async function withdraw(
  context: Context,
  tx: Transaction,
  { proposal: named, reason }: { readonly proposal: string; readonly reason: string },
): Promise<Id<'apr'>> {
  const known = await holdAgreementProposal(tx, named)
  if (known.status === 'ACTIVATED') {
    throw new Fault('WRONG_STATE', `${known.id} is signed: end ${known.agreement} instead`, { field: 'proposal' })
  }
  if (known.status === 'PROPOSED') await concludeProposal(context, tx, known, { status: 'WITHDRAWN', reason })
  return known.id
}
