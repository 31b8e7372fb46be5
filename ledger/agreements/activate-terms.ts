import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendTerms } from './append-terms.ts'
import { onceIfKeyed } from './once-if-keyed.ts'
import { parseExactly } from './parse-exactly.ts'
import { requireProgramme } from './store/programmes.ts'
import { lockTermsOf } from './store/terms.ts'
import { holdTermsProposal, selectTermsProposal } from './store/terms-proposals.ts'
import { type Awaited, selectAwaited } from './store/terms-signatures.ts'
import { takeStep } from './take-step.ts'
import { readTerms } from './terms-body.ts'
import type { TermsProposal } from './terms-proposal.ts'

const activateTermsInput = z.strictObject({
  /** Id of the proposal. */
  proposal: z.string().max(60),
  idempotencyKey: z.string().nullish(),
})

export type ActivateTermsInput = z.input<typeof activateTermsInput>

/** How many of those who have not signed a refusal names. */
const NAMED = 5

/**
 * Puts proposed terms into force from their start on, once every member whom they will govern has signed exactly them.
 * They become the next version, which is never changed, and end the one before it. The same again changes nothing, and of
 * several at once one does it. Throws `NOT_FOUND`, `NOT_READY` with the codes of partners whose signature is awaited,
 * `WRONG_STATE` for what is not proposed and while a period is being closed, and what keeps terms from being the next
 * version: `INVALID_INPUT`, `OVERLAP`, `PERIOD_LOCKED`. Source: RULES §2, ADR 0016.
 */
export async function activateTerms(context: Context, input: ActivateTermsInput): Promise<TermsProposal> {
  const { proposal, idempotencyKey: key } = parseExactly(activateTermsInput, input, 'activation')
  const scope = `${context.actor}:terms.activate`
  const id = await onceIfKeyed(context, { scope, key, request: { proposal } }, (tx) => activate(context, tx, proposal))
  const activated = await selectTermsProposal(context.database.reads, id)
  invariant(activated, 'terms that were activated are there')
  return activated
}

async function activate(context: Context, tx: Transaction, named: string): Promise<Id<'tpr'>> {
  const known = await holdTermsProposal(tx, named)
  if (known.status === 'ACTIVATED') return known.id
  if (known.status !== 'PROPOSED') {
    throw new Fault('WRONG_STATE', `${known.id} is ${known.status}: what comes into force is proposed before`)
  }
  await lockTermsOf(tx, known.programme)
  refuseUnsigned(known, await selectAwaited(tx, [known.id]))
  const programme = await requireProgramme(tx, known.programme)
  const { id: terms, hash } = await appendTerms(context, tx, {
    programme,
    terms: readTerms(known.body),
    proposal: known.id,
  })
  invariant(hash === known.hash, 'what comes into force is what was signed')
  await takeStep(context, tx, known, { event: 'ACTIVATED', terms })
  return known.id
}

function refuseUnsigned({ id }: TermsProposal, awaited: readonly Awaited[]): void {
  if (awaited.length === 0) return
  const named = awaited.slice(0, NAMED).map(({ code }) => code)
  const more = awaited.length > NAMED ? ` and ${awaited.length - NAMED} more` : ''
  const codes = `${named.join(', ')}${more}`
  throw new Fault('NOT_READY', `${id} waits for the signature of ${codes}`, { field: 'proposal' })
}
