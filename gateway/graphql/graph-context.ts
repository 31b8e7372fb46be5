import type { Context } from '../../database/context.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Caller, CustomerCaller } from '../../kernel/caller.ts'

/** What every resolver is given: the world on behalf of the caller, who that is, and under which origin the world reaches us. */
export type GraphContext = { readonly context: Context; readonly caller: Caller; readonly origin: string }

/** A caller, as far as records name one: of a customer, nothing. */
type Acting = Exclude<Caller, CustomerCaller> | Pick<CustomerCaller, 'kind'>

/** The world on behalf of a caller. */
export function onBehalfOf(context: Context, caller: Acting): Context {
  return { ...context, actor: actorOf(caller) }
}

function actorOf(caller: Acting): Actor {
  switch (caller.kind) {
    case 'partner':
      return `partner:${caller.partner}`
    case 'staff':
      return `staff:${caller.name}`
    case 'customer':
      // an account key in a record that partners may have would join what they know: the verbs put a subject here
      return 'customer:self'
  }
}
