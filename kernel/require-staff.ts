import type { Actor } from './actor.ts'
import { Fault } from './fault.ts'

/** A member of the staff, as records name one. */
export type Staff = Extract<Actor, `staff:${string}`>

/** The member of the staff who acts. Throws `FORBIDDEN` for anybody else: where a person is asked for, a system is none. */
export function requireStaff({ actor }: { readonly actor: Actor }): Staff {
  if (isStaff(actor)) return actor
  throw new Fault('FORBIDDEN', 'this is for a member of the staff')
}

/** Whether a member of the staff acts. */
export function isStaff(actor: Actor): actor is Staff {
  return actor.startsWith('staff:')
}
