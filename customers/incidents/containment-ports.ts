import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'

/** What other folders do to contain an incident. Each does again what was done already without harm: nothing. */
export type ContainmentPorts = {
  /** Suspends the partner from its next request on; says whether it is suspended now. The partner can read the reason. */
  readonly suspendPartner: (
    context: Context,
    input: { readonly partner: Id<'ptr'>; readonly reason: string },
  ) => Promise<boolean>
  /** Ends the partner's clients, or those of them that are named, and returns how many are ended now. */
  readonly revokeClients: (
    context: Context,
    input: { readonly partner: Id<'ptr'>; readonly clients: readonly Id<'cli'>[]; readonly reason: string },
  ) => Promise<number>
  /** Puts another key in the place of the one that signs our tokens; absent where a process cannot. */
  readonly rotateKeys?: (context: Context) => Promise<unknown>
}
