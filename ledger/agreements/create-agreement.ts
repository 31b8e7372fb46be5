import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { appendRecords, type NewRecord } from '../../records/append-records.ts'
import type { Agreement } from './agreement.ts'
import { instant } from './instant.ts'
import { parseExactly } from './parse-exactly.ts'
import { findMember, insertAgreement } from './store/agreements.ts'
import { requireProgramme } from './store/programmes.ts'

const createAgreementInput = z
  .strictObject({
    /** Code or id. */
    programme: lineOfText(60),
    /** Code or id. */
    partner: lineOfText(60),
    from: instant,
    to: instant.optional(),
  })
  .refine(({ from, to }) => to === undefined || to > from, { path: ['to'], error: 'it ends before it begins' })

export type CreateAgreementInput = z.input<typeof createAgreementInput>

/**
 * Joins a partner to a programme from a date (inclusive) until another (exclusive), or for good.
 * Throws `INVALID_INPUT`, `NOT_FOUND` for the programme or the partner, and `OVERLAP` when the partner is a member of
 * this programme in a part of that time already. Source: RULES §2.
 */
export async function createAgreement(context: Context, input: CreateAgreementInput): Promise<Agreement> {
  const { from, to, ...names } = parseExactly(createAgreementInput, input, 'agreement')
  return context.database.transaction(async (tx) => {
    const programme = await requireProgramme(tx, names.programme)
    const member = await findMember(tx, names.partner)
    if (member === undefined) throw noPartner(names.partner)
    const agreement: Agreement = {
      id: newId('agr'),
      programme: programme.id,
      partner: member.partner,
      partnerCode: member.code,
      startsAt: from,
      endsAt: to,
      status: 'ACTIVE',
    }
    const [record] = await appendRecords(context, tx, [recordOf(agreement, member.partner)])
    invariant(record, 'a record was appended')
    await insertAgreement(tx, { ...agreement, record: record.id, createdAt: record.at })
    return agreement
  })
}

function noPartner(codeOrId: string): Fault {
  return new Fault('NOT_FOUND', `there is no partner ${JSON.stringify(codeOrId)}`, { field: 'partner' })
}

function recordOf({ id, programme, startsAt, endsAt, status }: Agreement, partner: Id<'ptr'>): NewRecord {
  const data = {
    event: 'CREATED',
    agreement: id,
    programme,
    partner,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt?.toISOString(),
    status,
  }
  return { kind: 'agreement', data, partner }
}
