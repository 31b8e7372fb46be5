import type { Context } from '../database/context.ts'
import type { Caller, CustomerCaller, PartnerCaller } from '../kernel/caller.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'

/** What every resolver is given: the world on behalf of the caller, who that is, and under which origin the world reaches us. */
export type GraphContext = { readonly context: Context; readonly caller: Caller; readonly origin: string }

/** The caller as a partner. Throws `FORBIDDEN` for anybody else. */
export function partnerOf({ caller }: GraphContext): PartnerCaller {
  if (caller.kind === 'partner') return caller
  throw new Fault('FORBIDDEN', 'this is for partners')
}

/** The partner whose things alone are read; the staff alone may read all. Throws `FORBIDDEN` for anybody else. */
export function readerOf(graph: GraphContext): Id<'ptr'> | undefined {
  return graph.caller.kind === 'staff' ? undefined : partnerOf(graph).partner
}

/** The caller as a customer. Throws `FORBIDDEN` for anybody else. */
export function customerOf({ caller }: GraphContext): CustomerCaller {
  if (caller.kind === 'customer') return caller
  throw new Fault('FORBIDDEN', 'this is for customers')
}
