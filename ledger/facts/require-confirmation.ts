import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { appendRecords } from '../../records/append-records.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { findMember } from '../agreements/store/agreements.ts'
import { CONFIRMATIONS } from './confirmation.ts'
import type { ConfirmationRequirement } from './confirmation-requirement.ts'
import { CONTRIBUTION_KINDS } from './contribution.ts'
import { requirementRecord } from './decision-record.ts'
import { insertRequirements, selectRequirements } from './store/confirmation-requirements.ts'
import { takeFactLocks } from './store/fact-locks.ts'

const requireConfirmationInput = z.strictObject({
  /** Code or id. */
  partner: lineOfText(60),
  kind: z.enum(CONTRIBUTION_KINDS),
  confirmation: z.enum(CONFIRMATIONS),
})

export type RequireConfirmationInput = z.input<typeof requireConfirmationInput>

/**
 * Says what a kind of a partner's contributions waits for from now on; what was reported before keeps what it was reported
 * with. What is so already is left as it is. Throws `INVALID_INPUT`, and `NOT_FOUND` for the partner. Source: ADR 0017.
 */
export async function requireConfirmation(
  context: Context,
  input: RequireConfirmationInput,
): Promise<ConfirmationRequirement> {
  const { partner: named, ...wanted } = parseExactly(requireConfirmationInput, input, 'requirement')
  return context.database.transaction(async (tx) => {
    const member = await findMember(tx, named)
    if (member === undefined) throw new Fault('NOT_FOUND', 'there is no such partner', { field: 'partner' })
    const { partner } = member
    await takeFactLocks(tx, [`partner:${partner}`])
    const before = await requirementNow(tx, partner, wanted.kind)
    if (before.confirmation === wanted.confirmation) return before
    const requirement = { partner, ...wanted, version: before.version + 1 }
    const [record] = await appendRecords(context, tx, [requirementRecord(requirement)])
    invariant(record, 'a record was appended')
    await insertRequirements(tx, [{ ...requirement, record }])
    return requirement
  })
}

async function requirementNow(
  tx: Transaction,
  partner: Id<'ptr'>,
  kind: ConfirmationRequirement['kind'],
): Promise<ConfirmationRequirement> {
  const known = (await selectRequirements(tx, partner)).find((one) => one.kind === kind)
  return { partner, kind, confirmation: known?.confirmation ?? 'NONE', version: known?.version ?? 0 }
}
