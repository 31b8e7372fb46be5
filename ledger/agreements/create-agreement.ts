import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { instant } from '../../kernel/instant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import type { Agreement } from './agreement.ts'
import { appendAgreement } from './append-agreement.ts'
import { dataScope, refuseUnknownScope } from './data-scope.ts'
import { parseExactly } from './parse-exactly.ts'
import { requireJoining } from './store/agreements.ts'
import { requireProgramme } from './store/programmes.ts'

const createAgreementInput = z
  .strictObject({
    /** Code or id. */
    programme: lineOfText(60),
    /** Code or id. */
    partner: lineOfText(60),
    from: instant,
    to: instant.optional(),
    /** Which data it is about. */
    dataScope: dataScope.optional(),
  })
  .refine(({ from, to }) => to === undefined || to > from, { path: ['to'], error: 'it ends before it begins' })

export type CreateAgreementInput = z.input<typeof createAgreementInput>

/**
 * Joins a partner to a programme from a date (inclusive) until another (exclusive), or for good, as an act of the broker
 * alone: the partner is not asked (`proposeAgreement` asks it).
 * Throws `INVALID_INPUT`, `NOT_FOUND` for the programme or the partner, `WRONG_STATE` for one that leaves, and `OVERLAP` when the partner is a member of
 * this programme in a part of that time already. Source: RULES §2.
 */
export async function createAgreement(context: Context, input: CreateAgreementInput): Promise<Agreement> {
  const {
    from: startsAt,
    to: endsAt,
    dataScope: scope,
    ...names
  } = parseExactly(createAgreementInput, input, 'agreement')
  return context.database.transaction(async (tx) => {
    const { id: programme } = await requireProgramme(tx, names.programme)
    const { partner, code: partnerCode } = await requireJoining(tx, names.partner)
    await refuseUnknownScope(tx, scope)
    const agreed = { programme, partner, startsAt, endsAt, ...(scope && { dataScope: scope }) }
    const id = await appendAgreement(context, tx, agreed)
    return { id, ...agreed, partnerCode, status: 'ACTIVE' }
  })
}
