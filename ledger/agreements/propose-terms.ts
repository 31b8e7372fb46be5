import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { onceIfKeyed } from './once-if-keyed.ts'
import { parseExactly } from './parse-exactly.ts'
import { refuseOtherHash, sha256Text } from './refuse-other-hash.ts'
import { refuseUntimely } from './refuse-untimely.ts'
import { requireProgramme } from './store/programmes.ts'
import { lockTermsOf } from './store/terms.ts'
import { holdTermsProposal, selectLastRound, selectTermsProposal } from './store/terms-proposals.ts'
import { takeStep } from './take-step.ts'
import { readTerms } from './terms-body.ts'
import type { TermsProposal } from './terms-proposal.ts'

const proposeTermsInput = z.strictObject({
  /** Id of the draft. */
  proposal: z.string().max(60),
  /** SHA-256 of the content that is meant, in case somebody changes the draft meanwhile. */
  hash: sha256Text.nullish(),
  idempotencyKey: z.string().nullish(),
})

export type ProposeTermsInput = z.input<typeof proposeTermsInput>

/**
 * Puts a draft before the members whom it would govern; its content is fixed from then on. The same again changes nothing.
 * Throws `NOT_FOUND`, `HASH_MISMATCH`, `WRONG_STATE` for what is no draft any more, while another version is proposed
 * and while a period is being closed, and what keeps terms from being the next version: `INVALID_INPUT`, `OVERLAP`,
 * `PERIOD_LOCKED`. Source: ADR 0016.
 */
export async function proposeTerms(context: Context, input: ProposeTermsInput): Promise<TermsProposal> {
  const { idempotencyKey: key, ...wanted } = parseExactly(proposeTermsInput, input, 'proposal')
  const request = { proposal: wanted.proposal, hash: wanted.hash ?? undefined }
  const id = await onceIfKeyed(context, { scope: `${context.actor}:terms.propose`, key, request }, (tx) =>
    propose(context, tx, wanted),
  )
  const proposed = await selectTermsProposal(context.database.reads, id)
  invariant(proposed, 'terms that were proposed are there')
  return proposed
}

async function propose(
  context: Context,
  tx: Transaction,
  { proposal: named, hash }: z.output<typeof proposeTermsInput>,
): Promise<Id<'tpr'>> {
  const known = await holdTermsProposal(tx, named)
  refuseOtherHash(known, hash ?? undefined)
  if (known.status === 'PROPOSED') return known.id
  if (known.status !== 'DRAFT') throw new Fault('WRONG_STATE', `${known.id} is ${known.status}: draft it anew`)
  await lockTermsOf(tx, known.programme)
  const programme = await requireProgramme(tx, known.programme)
  const last = await selectLastRound(tx, programme.id)
  if (last?.status === 'PROPOSED') {
    throw new Fault('WRONG_STATE', `a version of ${programme.code} is proposed already: withdraw or activate it first`)
  }
  await refuseUntimely(tx, programme, readTerms(known.body))
  await takeStep(context, tx, known, { event: 'PROPOSED', round: (last?.round ?? 0) + 1 })
  return known.id
}
