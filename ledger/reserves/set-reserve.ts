import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { believable, parseDecimal } from '../../kernel/money.ts'
import { addMonths, type Month, monthOf, parseMonth } from '../../kernel/month.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import type { Agreement } from '../agreements/agreement.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import type { Programme } from '../agreements/programme.ts'
import { holdAgreement } from '../agreements/store/agreements.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import { holdBalances } from '../receivables/store/agreement-owes.ts'
import { selectLastLocked } from '../settlement/store/periods.ts'
import type { Reserve } from './reserve.ts'
import { insertReserve, selectReserve } from './store/reserves.ts'

/** Nobody waits for longer than refunds can be believed to come. */
const MOST_MONTHS = 24

const setReserveInput = z.strictObject({
  /** Id of an agreement that has an end. */
  agreement: z.string().max(60),
  /** A decimal in the programme's asset; 0 lifts the reserve. */
  amount: z.string().max(60),
  /** The first month whose statement keeps nothing back any more. */
  until: z.string().transform(parseMonth),
  /** Why; its partner reads it. */
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type SetReserveInput = z.input<typeof setReserveInput>

/**
 * Keeps a part of what an ended agreement's balance comes to from being paid until a month, in place of what was said before:
 * refunds take from it, and what is left is paid by that month's statement. Statements that are issued stay. Throws `NOT_FOUND`
 * (agreement), `INVALID_INPUT` (an amount below zero, a month more than two years after the end), `WRONG_STATE` for an agreement
 * that has no end, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts. Source: ADR 0047.
 */
export async function setReserve(context: Context, input: SetReserveInput): Promise<Reserve> {
  requireStaff(context)
  const { idempotencyKey: key, ...request } = parseExactly(setReserveInput, input, 'reserve')
  const { answer } = await once(context, { scope: `${context.actor}:reserves.set`, key, request }, (tx) =>
    setIn(context, tx, request),
  )
  const reserve = await selectReserve(context.database.reads, answer)
  invariant(reserve, 'a reserve that was set is there')
  return reserve
}

type Wanted = Omit<z.output<typeof setReserveInput>, 'idempotencyKey'>

async function setIn(context: Context, tx: Transaction, wanted: Wanted): Promise<Id<'agr'>> {
  const known = isId('agr', wanted.agreement) ? await holdAgreement(tx, wanted.agreement) : undefined
  if (known === undefined) throw new Fault('NOT_FOUND', 'there is no such agreement', { field: 'agreement' })
  const programme = await requireProgramme(tx, known.programme)
  // the lock of a month reads it with the balances
  await holdBalances(tx, programme.id)
  const minor = fitting(known, programme, wanted)
  await refusePast(tx, programme, { minor, until: wanted.until })
  const change = ((await selectReserve(tx, known.id))?.change ?? 0) + 1
  const said = {
    ...{ agreement: known.id, programme: programme.id, partner: known.partner },
    ...{ minor, until: wanted.until, reason: wanted.reason },
  }
  const data = { ...said, change: BigInt(change) }
  const [record] = await appendRecords(context, tx, [{ kind: 'reserve', partner: known.partner, data }])
  invariant(record, 'a record was appended')
  await insertReserve(tx, { ...said, change, setBy: context.actor, setAt: record.at, record: record.id })
  return known.id
}

/** A reserve until a month that is settled would reserve nothing, and lift the one before. */
async function refusePast(
  tx: Transaction,
  { id }: Programme,
  { minor, until }: { readonly minor: bigint; readonly until: Month },
): Promise<void> {
  const locked = await selectLastLocked(tx, id)
  if (minor === 0n || locked === undefined || until > addMonths(locked, 1)) return
  throw new Fault('INVALID_INPUT', `until: ${locked} is settled: it reserves nothing before ${addMonths(locked, 2)}`, {
    field: 'until',
  })
}

/** The amount in minor units, if all of it may be. */
function fitting({ id, endsAt }: Agreement, { asset, timeZone }: Programme, { amount, until }: Wanted): bigint {
  if (endsAt === undefined) {
    throw new Fault('WRONG_STATE', `${id} has no end: there is nothing to reserve before that`, {
      field: 'agreement',
    })
  }
  const minor = believable(parseDecimal(amount, asset), 'amount')
  if (minor < 0n) throw new Fault('INVALID_INPUT', 'amount: it is not below zero', { field: 'amount' })
  const latest = addMonths(monthOf(endsAt, timeZone), MOST_MONTHS)
  if (until <= latest) return minor
  throw new Fault('INVALID_INPUT', `until: ${latest} at the latest, two years after the end`, { field: 'until' })
}
