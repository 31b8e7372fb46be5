import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { onceIfKeyed } from './once-if-keyed.ts'
import { parseExactly } from './parse-exactly.ts'
import { parseTermsOf } from './parse-terms-of.ts'
import type { Programme } from './programme.ts'
import { requireProgramme } from './store/programmes.ts'
import { holdTermsProposal, insertTermsProposal, selectTermsProposal } from './store/terms-proposals.ts'
import { stepData, takeStep } from './take-step.ts'
import { bodyOf, hashOfBody } from './terms-body.ts'
import { NEW_DRAFT, type TermsContent, type TermsProposal } from './terms-proposal.ts'

const draftTermsInput = z.strictObject({
  /** Code or id. */
  programme: z.string().max(60),
  /** As they came from outside. */
  terms: z.unknown(),
  /** Id of the draft whose content this replaces; a new draft without it. */
  proposal: z.string().max(60).nullish(),
  idempotencyKey: z.string().nullish(),
})

export type DraftTermsInput = z.input<typeof draftTermsInput>

/**
 * Keeps terms as a draft of a programme, or replaces the content of a draft; only the broker sees it. To replace it by the
 * same content changes nothing. Throws `INVALID_INPUT` with the path of the fault, `NOT_FOUND` (programme, proposal),
 * `WRONG_STATE` for what is no draft any more, `IDEMPOTENCY_CONFLICT`. Source: ADR 0016.
 */
export async function draftTerms(context: Context, input: DraftTermsInput): Promise<TermsProposal> {
  const { programme: named, terms, proposal, idempotencyKey: key } = parseExactly(draftTermsInput, input, 'draft')
  const programme = await requireProgramme(context.database.reads, named)
  const admitted = parseTermsOf(programme, terms)
  const { version, effectiveFrom } = admitted
  const body = bodyOf(admitted)
  const content = { version, effectiveFrom, body, hash: hashOfBody(body) }
  const request = { programme: programme.id, proposal: proposal ?? undefined, hash: content.hash }
  const id = await onceIfKeyed(context, { scope: `${context.actor}:terms.draft`, key, request }, (tx) =>
    proposal === undefined || proposal === null
      ? begin(context, tx, programme, content)
      : replace(context, tx, { programme, proposal, content }),
  )
  const drafted = await selectTermsProposal(context.database.reads, id)
  invariant(drafted, 'terms that were drafted are there')
  return drafted
}

async function begin(
  context: Context,
  tx: Transaction,
  programme: Programme,
  content: TermsContent,
): Promise<Id<'tpr'>> {
  const of = { id: newId('tpr'), programme: programme.id, step: 1, hash: content.hash }
  const data = stepData(of, { event: 'DRAFTED', content })
  const [record] = await appendRecords(context, tx, [{ kind: 'terms_proposal', data }])
  invariant(record, 'a record was appended')
  const times = { draftedAt: record.at, changedAt: record.at, record: record.id }
  await insertTermsProposal(tx, { ...of, ...content, ...NEW_DRAFT, ...times })
  return of.id
}

type Replacing = { readonly programme: Programme; readonly proposal: string; readonly content: TermsContent }

async function replace(
  context: Context,
  tx: Transaction,
  { programme, proposal: named, content }: Replacing,
): Promise<Id<'tpr'>> {
  const proposal = await holdTermsProposal(tx, named)
  if (proposal.programme !== programme.id || proposal.status !== 'DRAFT') {
    throw new Fault('WRONG_STATE', `${proposal.id} is no draft of ${programme.code}: draft it anew`, {
      field: 'proposal',
    })
  }
  if (proposal.hash !== content.hash) await takeStep(context, tx, proposal, { event: 'DRAFTED', content })
  return proposal.id
}
