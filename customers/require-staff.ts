import type { Context } from '../database/context.ts'
import type { Actor } from '../kernel/actor.ts'
import { Fault } from '../kernel/fault.ts'

/** A member of the staff, as records name one. */
export type Staff = Extract<Actor, `staff:${string}`>

/** The member of the staff who acts. Throws `FORBIDDEN` for anybody else: where a person is asked for, a system is none. */
export function requireStaff({ actor }: Context): Staff {
  if (isStaff(actor)) return actor
  throw new Fault('FORBIDDEN', 'this is for a member of the staff')
}

function isStaff(actor: Actor): actor is Staff {
  return actor.startsWith('staff:')
}
