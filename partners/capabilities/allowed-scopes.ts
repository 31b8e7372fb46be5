import type { Context } from '../../database/context.ts'
import type { Scope } from '../../kernel/caller.ts'
import type { Id } from '../../kernel/ids.ts'
import { selectAllowed } from './store/capabilities.ts'

/** Those of a client's scopes that its partner may use now. Each request asks again: a token outlives a restriction. */
export async function allowedScopes(
  context: Context,
  { partner, scopes }: { readonly partner: Id<'ptr'>; readonly scopes: readonly Scope[] },
): Promise<readonly Scope[]> {
  const allowed = await selectAllowed(context.database.reads, { partner, kind: 'GRAPH', keys: scopes })
  return scopes.filter((scope) => allowed.has(scope))
}
