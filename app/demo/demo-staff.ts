import type { Context } from '../../database/context.ts'

/** The two persons of the demonstration: Alice enters and prepares. */
export function asAlice(context: Context): Context {
  return { ...context, actor: 'staff:alice' }
}

/** Bob verifies and approves. */
export function asBob(context: Context): Context {
  return { ...context, actor: 'staff:bob' }
}
