import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { databaseTime } from '../../database/database-time.ts'
import { clockAt } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId, parseId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { accountKey } from '../consent-input.ts'
import { requireCustomer } from '../store/customers.ts'
import { caseRecord } from './case-records.ts'
import { CASE_HOURS, type StaffCase } from './staff-case.ts'
import { holdCase, keepCase, selectCase } from './store/cases.ts'

const openCaseInput = z.strictObject({ accountKey, reason: lineOfText(500), idempotencyKey: z.string() })
const closeCaseInput = z.strictObject({ case: z.string(), idempotencyKey: z.string() })

/** Of whom, and why: the reason is kept with the record, under the customer's key. */
export type OpenCaseInput = z.input<typeof openCaseInput>
export type CloseCaseInput = z.input<typeof closeCaseInput>

/**
 * Opens a case: whoever opens it may look at this customer's data for an hour, by the database's clock, and each look is
 * shown to the customer. Throws `FORBIDDEN` unless a member of the staff acts, `NOT_FOUND`, `INVALID_INPUT` and
 * `IDEMPOTENCY_CONFLICT`. Source: ADR 0046.
 */
export async function openCase(context: Context, input: OpenCaseInput): Promise<StaffCase> {
  const by = requireStaff(context)
  const { idempotencyKey: key, accountKey: account, reason } = parseWith(openCaseInput, input, 'case')
  const request = { account, reason }
  const { answer } = await once<Id<'cas'>>(context, { scope: `${by}:cases.open`, key, request }, async (tx) => {
    const { id: customer } = await requireCustomer(tx, account)
    const openedAt = await databaseTime(tx)
    const endsAt = new Date(openedAt.getTime() + CASE_HOURS * 3_600_000)
    const id = newId('cas')
    await keep(
      context,
      tx,
      { id, customer, openedBy: by, reason, openedAt, endsAt, closedAt: undefined, version: 1 },
      openedAt,
    )
    return id
  })
  return requireKept(context, answer)
}

/**
 * Closes a case before its hour is over: no look that begins afterwards sees anything. Throws `NOT_FOUND` for one that is not
 * open or not one's own, and what {@link openCase} throws.
 */
export async function closeCase(context: Context, input: CloseCaseInput): Promise<StaffCase> {
  const by = requireStaff(context)
  const { idempotencyKey: key, case: named } = parseWith(closeCaseInput, input, 'case')
  const id = parseId('cas', named)
  await once(context, { scope: `${by}:cases.close`, key, request: { id } }, async (tx) => {
    const held = await holdCase(tx, { id, by }, 'no key update')
    if (held === undefined) throw noCase()
    const at = await databaseTime(tx)
    await keep(context, tx, { ...held, closedAt: at, version: held.version + 1 }, at)
    return null
  })
  return requireKept(context, id)
}

/** One refusal for a case that there is not, that is somebody else's, and that is over. */
export function noCase(): Fault {
  return new Fault('NOT_FOUND', 'there is no open case of yours by this id', { field: 'case' })
}

async function keep(context: Context, tx: Transaction, told: Omit<StaffCase, 'record'>, at: Date): Promise<void> {
  const [record] = await appendRecords({ ...context, clock: clockAt(at) }, tx, [caseRecord(told)])
  invariant(record, 'a record was appended')
  await keepCase(tx, { ...told, record: record.id })
}

async function requireKept({ database }: Context, id: Id<'cas'>): Promise<StaffCase> {
  const kept = await selectCase(database.reads, id)
  invariant(kept, 'a case that was opened is there')
  return kept
}
