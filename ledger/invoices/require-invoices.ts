import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { type Month, parseMonth } from '../../kernel/month.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import type { InvoiceRequirement } from './invoice.ts'
import { requirementRecord } from './invoice-records.ts'
import { holdRequirement, insertRequirement } from './store/requirements.ts'

const requireInvoicesInput = z.strictObject({
  /** Code or id. */
  programme: lineOfText(60),
  /** The first month whose payouts wait for one; none is asked for when absent. */
  from: z.string().nullish(),
})

export type RequireInvoicesInput = z.input<typeof requireInvoicesInput>

/**
 * Says from which month on a programme's payouts wait for an invoice, in place of what was said before; also for months that
 * are locked and not paid yet. What is so already is left as it is. Throws `NOT_FOUND`, `INVALID_INPUT`, and `FORBIDDEN`
 * unless a member of the staff acts. Source: RULES §6, ADR 0022.
 */
export async function requireInvoices(context: Context, input: RequireInvoicesInput): Promise<InvoiceRequirement> {
  requireStaff(context)
  const { programme: named, from: text } = parseExactly(requireInvoicesInput, input, 'requirement')
  const from: Month | undefined = text == null ? undefined : parseMonth(text)
  const { id: programme } = await requireProgramme(context.database.reads, named)
  return context.database.transaction(async (tx) => {
    const before = await holdRequirement(tx, programme)
    if (before.from === from) return before
    const requirement = { programme, version: before.version + 1, from }
    const [record] = await appendRecords(context, tx, [requirementRecord(requirement)])
    invariant(record, 'a record was appended')
    await insertRequirement(tx, requirement, { by: context.actor, record })
    return requirement
  })
}
