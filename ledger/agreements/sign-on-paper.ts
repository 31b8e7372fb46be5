import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { appendDocument } from './append-document.ts'
import { documentContent } from './contract-document.ts'
import { onceIfKeyed } from './once-if-keyed.ts'
import { parseExactly } from './parse-exactly.ts'
import { refuseOtherHash, sha256Text } from './refuse-other-hash.ts'
import { signProposal } from './sign-proposal.ts'
import { requireMember } from './store/agreements.ts'
import { holdTermsProposal, selectTermsProposal } from './store/terms-proposals.ts'
import { selectSignatory, selectSignatures } from './store/terms-signatures.ts'
import type { TermsProposal } from './terms-proposal.ts'

const signOnPaperInput = z.strictObject({
  /** Id of the proposal. */
  proposal: z.string().max(60),
  /** SHA-256 of the terms, as it stands on the paper. */
  hash: sha256Text,
  /** Code or id of the partner that signed. */
  partner: lineOfText(60),
  /** The signed paper. */
  document: z.strictObject(documentContent),
  idempotencyKey: z.string().nullish(),
})

export type SignOnPaperInput = z.input<typeof signOnPaperInput>

/**
 * Records, by the word of the member of the staff who acts, that a partner signed proposed terms on paper, and attaches that
 * paper to the proposal by its hash. It counts as the partner's own signature would; the record says who entered it. One
 * who signed already changes nothing. Throws `INVALID_INPUT`, `NOT_FOUND` for the proposal, the partner, or one whom the
 * terms would not govern, `HASH_MISMATCH`, `WRONG_STATE` for what is not proposed. Source: ADR 0016.
 */
export async function signOnPaper(context: Context, input: SignOnPaperInput): Promise<TermsProposal> {
  const { idempotencyKey: key, ...request } = parseExactly(signOnPaperInput, input, 'signature')
  const id = await onceIfKeyed(context, { scope: `${context.actor}:terms.paper`, key, request }, (tx) =>
    sign(context, tx, request),
  )
  const signed = await selectTermsProposal(context.database.reads, id)
  invariant(signed, 'terms that were signed are there')
  return signed
}

async function sign(
  context: Context,
  tx: Transaction,
  { proposal: named, hash, partner: member, document }: Omit<z.output<typeof signOnPaperInput>, 'idempotencyKey'>,
): Promise<Id<'tpr'>> {
  const known = await holdTermsProposal(tx, named)
  refuseOtherHash(known, hash)
  if (known.status !== 'PROPOSED') {
    throw new Fault('WRONG_STATE', `${known.id} is ${known.status}: what is proposed is signed`, { field: 'proposal' })
  }
  const { partner, code } = await requireMember(tx, member)
  const signatory = await selectSignatory(tx, known, partner)
  if (signatory === undefined) {
    throw new Fault('NOT_FOUND', `these terms would not govern ${code}`, { field: 'partner' })
  }
  if ((await selectSignatures(tx, [known.id], partner)).length > 0) return known.id
  const paper = await appendDocument(context, tx, { to: known.id, content: document, partner: undefined })
  const { agreement } = signatory
  await signProposal(context, tx, {
    ...{ proposal: known.id, partner, agreement, hash },
    ...{ client: undefined, document: paper.id },
  })
  return known.id
}
