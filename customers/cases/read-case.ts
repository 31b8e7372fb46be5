import type { Context } from '../../database/context.ts'
import { databaseTime } from '../../database/database-time.ts'
import { clockAt } from '../../kernel/clock.ts'
import { newId, parseId, uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { parseUuidCursor } from '../../kernel/uuid-cursor.ts'
import { appendRecords } from '../../records/append-records.ts'
import { requireCustomer } from '../store/customers.ts'
import { openerOf } from '../store/kept-values.ts'
import { readRecord } from './case-records.ts'
import { noCase } from './open-case.ts'
import type { StaffRead } from './staff-case.ts'
import { holdCase, readCase, selectStaffReads } from './store/cases.ts'

/** A tag of a customer, exactly. */
export type KnownTag = { readonly key: string; readonly value: string }

/**
 * All that is known of the customer of one's own open case. The statement that reads writes down that it was read, its record
 * is in the log in the same transaction, and no answer leaves before both are durable. Throws `NOT_FOUND` for a case that is
 * not open now, or not one's own, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function lookAtCustomer(
  context: Context,
  { case: named }: { readonly case: string },
): Promise<readonly KnownTag[]> {
  const by = requireStaff(context)
  const id = parseId('cas', named)
  return context.database.transaction(async (tx) => {
    const held = await holdCase(tx, { id, by }, 'share')
    if (held === undefined) throw noCase()
    const at = await databaseTime(tx)
    const read = { id: newId('srd'), case: id, by, at, record: newId('rec') }
    const rows = await readCase(tx, held, read)
    const tags = rows.map(({ key }) => key)
    await appendRecords({ ...context, clock: clockAt(at) }, tx, [
      readRecord({ ...read, customer: held.customer, tags }),
    ])
    const open = openerOf(context, rows[0]?.keys)
    return rows.flatMap(({ key, value }) => {
      const opened = open({ customer: held.customer, key }, value)
      return opened === undefined ? [] : [{ key, value: opened.value }]
    })
  })
}

/**
 * Who of the staff looked at a customer's data, or at anybody's, the latest first. Throws `NOT_FOUND` for an unknown account
 * and `INVALID_INPUT` for a page that is none.
 */
export async function listStaffReads(
  { database: { reads } }: Context,
  { accountKey, page: asked }: { readonly accountKey?: string | null | undefined; readonly page: PageInput },
): Promise<PageResult<StaffRead>> {
  const page = parseUuidCursor(parsePage(asked, 1))
  const customer = accountKey == null ? undefined : (await requireCustomer(reads, accountKey)).id
  const rows = await selectStaffReads(reads, customer, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
