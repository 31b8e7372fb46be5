import type { Context } from '../database/context.ts'
import type { Actor } from '../kernel/actor.ts'
import { Fault } from '../kernel/fault.ts'

/** Throws `FORBIDDEN` unless a member of the staff acts: where two persons are asked for, a system is none. */
export function requirePerson({ actor }: Context): void {
  if (!actor.startsWith('staff:')) throw new Fault('FORBIDDEN', 'this is for a member of the staff')
}

/** Throws `FORBIDDEN` unless another person acts than the one who began. */
export function requireSecondPerson(context: Context, first: Actor): void {
  requirePerson(context)
  if (context.actor === first) throw new Fault('FORBIDDEN', 'this needs a second person: you began it yourself')
}
