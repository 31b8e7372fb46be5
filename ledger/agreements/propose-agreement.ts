import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { instant } from '../../kernel/instant.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { appendRecords } from '../../records/append-records.ts'
import { type AgreementProposal, offerContent } from './agreement-proposal.ts'
import { type DataScope, dataScope, refuseUnknownScope } from './data-scope.ts'
import { onceIfKeyed } from './once-if-keyed.ts'
import { parseExactly } from './parse-exactly.ts'
import { insertAgreementProposal, selectAgreementProposal } from './store/agreement-proposals.ts'
import { isMemberIn, requireJoining } from './store/agreements.ts'
import { requireProgramme } from './store/programmes.ts'
import { selectTermsAt } from './store/terms.ts'

const proposeAgreementInput = z
  .strictObject({
    /** Code or id. */
    programme: lineOfText(60),
    /** Code or id. */
    partner: lineOfText(60),
    from: instant,
    to: instant.nullish(),
    /** Which data it is about; it is signed with it. */
    dataScope: dataScope.nullish(),
    idempotencyKey: z.string().nullish(),
  })
  .refine(({ from, to }) => to == null || to > from, { path: ['to'], error: 'it ends before it begins' })

export type ProposeAgreementInput = z.input<typeof proposeAgreementInput>

/**
 * Offers a partner the membership of a programme from a date (inclusive) until another (exclusive), or for good, under the
 * terms that are in force when it begins. It is no agreement before the partner countersigns. Throws `INVALID_INPUT`,
 * `NOT_FOUND` (programme, partner), `WRONG_STATE` for a partner that leaves, `OVERLAP` when the partner is a member in a part of that time, `IDEMPOTENCY_CONFLICT`.
 * Source: ADR 0016.
 */
export async function proposeAgreement(context: Context, input: ProposeAgreementInput): Promise<AgreementProposal> {
  const {
    idempotencyKey: key,
    from,
    to,
    dataScope: scope,
    ...names
  } = parseExactly(proposeAgreementInput, input, 'agreement')
  const span = { startsAt: from, endsAt: to ?? undefined, dataScope: scope ?? undefined }
  const request = { ...names, from: from.toISOString(), to: to?.toISOString(), dataScope: scope ?? undefined }
  const id = await onceIfKeyed(context, { scope: `${context.actor}:agreements.propose`, key, request }, (tx) =>
    propose(context, tx, { ...names, ...span }),
  )
  const proposed = await selectAgreementProposal(context.database.reads, id)
  invariant(proposed, 'an agreement that was proposed is there')
  return proposed
}

type Wanted = {
  readonly programme: string
  readonly partner: string
  readonly startsAt: Date
  readonly endsAt: Date | undefined
  readonly dataScope: DataScope | undefined
}

async function propose(context: Context, tx: Transaction, wanted: Wanted): Promise<Id<'apr'>> {
  const programme = await requireProgramme(tx, wanted.programme)
  const { partner, code: partnerCode } = await requireJoining(tx, wanted.partner)
  const { startsAt, endsAt, dataScope: scope } = wanted
  await refuseUnknownScope(tx, scope)
  const span = { programme: programme.id, partner, startsAt, endsAt }
  if (await isMemberIn(tx, span)) {
    throw new Fault('OVERLAP', `${partnerCode} is a member of ${programme.code} in a part of that time already`, {
      field: 'from',
    })
  }
  const terms = await selectTermsAt(tx, programme.id, startsAt)
  const content = offerContent({
    programmeCode: programme.code,
    partnerCode,
    startsAt,
    endsAt,
    terms,
    dataScope: scope,
  })
  const id = newId('apr')
  const times = { startsAt: startsAt.toISOString(), endsAt: endsAt?.toISOString() }
  const data = { event: 'PROPOSED', proposal: id, programme: programme.id, partner, ...times, ...content }
  const [record] = await appendRecords(context, tx, [{ kind: 'agreement_proposal', partner, data }])
  invariant(record, 'a record was appended')
  const open = { status: 'PROPOSED', agreement: undefined, client: undefined, reason: undefined } as const
  await insertAgreementProposal(tx, {
    ...{ id, ...span, ...content, ...open },
    ...{ proposedAt: record.at, changedAt: record.at, record: record.id },
  })
  return id
}
