import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { type JsonValue, type OnceInput, once } from './once.ts'

/**
 * Does the work in one transaction: once for a key (`once.ts`), or as often as it is asked for by a caller without one, whose
 * work is refused the second time by what it finds.
 */
export async function onceIfKeyed<T extends JsonValue>(
  context: Context,
  { key, ...input }: Omit<OnceInput, 'key'> & { readonly key: string | undefined },
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  if (key === undefined) return context.database.transaction(work)
  return (await once(context, { ...input, key }, work)).answer
}
