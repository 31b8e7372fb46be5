import { z } from 'zod'
import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { believable, parseDecimal } from '../../kernel/money.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { selectAgreement } from '../agreements/store/agreements.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import { refuseMoreThanOwed } from './refuse-more-than-owed.ts'
import { selectOwed } from './store/agreement-owes.ts'
import { insertWriteOff, selectWriteOff } from './store/write-offs.ts'
import type { WriteOff } from './write-off.ts'
import { type ProposedWriteOff, proposalRecord } from './write-off-record.ts'

const proposeWriteOffInput = z.strictObject({
  /** Id of the agreement by which it is owed. */
  agreement: z.string().max(60),
  /** A decimal in the programme's asset, above zero; all that is owed unless given. */
  amount: z.string().max(60).nullish(),
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type ProposeWriteOffInput = z.input<typeof proposeWriteOffInput>

/**
 * Proposes to give up what a partner owes by an agreement, or a part of it. Nothing moves before another person approves it.
 * Throws `NOT_FOUND` (agreement), `INVALID_INPUT`, `WRONG_STATE` for more than is owed, `IDEMPOTENCY_CONFLICT`, and
 * `FORBIDDEN` unless a member of the staff acts. Source: ADR 0025.
 */
export async function proposeWriteOff(context: Context, input: ProposeWriteOffInput): Promise<WriteOff> {
  requireStaff(context)
  const { idempotencyKey: key, ...request } = parseExactly(proposeWriteOffInput, input, 'write-off')
  const { answer } = await once(
    context,
    { scope: `${context.actor}:write-offs.propose`, key, request: { ...request, amount: request.amount ?? null } },
    async (tx): Promise<Id<'wof'>> => {
      const proposed = await proposalOf(tx, request)
      const [record] = await appendRecords(context, tx, [proposalRecord(proposed)])
      invariant(record, 'a record was appended')
      await insertWriteOff(tx, proposed, { by: context.actor, record })
      return proposed.id
    },
  )
  const writeOff = await selectWriteOff(context.database.reads, answer)
  invariant(writeOff, 'a write-off that was proposed is there')
  return writeOff
}

async function proposalOf(
  sql: Reader,
  { agreement: named, amount, reason }: Omit<z.output<typeof proposeWriteOffInput>, 'idempotencyKey'>,
): Promise<ProposedWriteOff> {
  const agreement = isId('agr', named) ? await selectAgreement(sql, named) : undefined
  if (agreement === undefined) throw new Fault('NOT_FOUND', 'there is no such agreement', { field: 'agreement' })
  const { id: programme, asset } = await requireProgramme(sql, agreement.programme)
  const owed = await selectOwed(sql, agreement.id)
  const minor = amount == null ? owed : believable(parseDecimal(amount, asset), 'amount')
  refuseMoreThanOwed({ asset, minor, owed })
  return { id: newId('wof'), agreement: agreement.id, programme, partner: agreement.partner, asset, minor, reason }
}
