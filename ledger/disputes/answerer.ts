import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { requireStaff } from '../../kernel/require-staff.ts'

/** Who answers to statements: a partner to its own alone, or a member of the staff on a partner's behalf. */
export type Answerer = {
  readonly partner: Id<'ptr'> | undefined
  /** Begins the scope of its idempotency keys. */
  readonly scope: string
}

/**
 * The caller as one who may answer to statements; without a caller, the member of the staff who acts. Throws `FORBIDDEN`
 * for a client without the scope `statements:answer`, and for what is no person.
 */
export function answererOf(context: Context, caller: PartnerCaller | undefined): Answerer {
  if (caller === undefined) {
    requireStaff(context)
    return { partner: undefined, scope: context.actor }
  }
  if (!caller.scopes.has('statements:answer')) {
    throw new Fault('FORBIDDEN', 'this needs the scope statements:answer')
  }
  return { partner: caller.partner, scope: caller.partner }
}
