import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { selectAwaited } from './store/terms-signatures.ts'

/** Codes of partners whose signature is awaited, by proposal; one that waits for nobody is not in the map. */
export async function listAwaited(
  context: Context,
  { proposals }: { readonly proposals: readonly Id<'tpr'>[] },
): Promise<ReadonlyMap<Id<'tpr'>, readonly string[]>> {
  const awaited = Map.groupBy(await selectAwaited(context.database.reads, proposals), ({ proposal }) => proposal)
  return new Map([...awaited].map(([proposal, some]) => [proposal, some.map(({ code }) => code)]))
}
