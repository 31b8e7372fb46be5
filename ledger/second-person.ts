import type { Context } from '../database/context.ts'
import type { Actor } from '../kernel/actor.ts'
import { Fault } from '../kernel/fault.ts'
import { requireStaff } from '../kernel/require-staff.ts'

/** Throws `FORBIDDEN` unless another person acts than the one who began. */
export function requireSecondPerson(context: Context, first: Actor): void {
  if (requireStaff(context) === first) throw new Fault('FORBIDDEN', 'this needs a second person: you began it yourself')
}
