import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { openReference } from './seal-reference.ts'
import { selectReferences } from './store/references.ts'

/** What a partner itself calls its subjects, by subject; those without a reference are missing. */
export async function findReferences(
  { database, keyring }: Context,
  { partner, subjects }: { readonly partner: Id<'ptr'>; readonly subjects: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const rows = await selectReferences(database.reads, partner, subjects)
  return new Map(
    rows.map(({ subject, customer, sealed }) => [subject, openReference(keyring, { partner, customer }, sealed)]),
  )
}
