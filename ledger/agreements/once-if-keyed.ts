import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type JsonValue, type OnceInput, once } from '../../records/once.ts'

/** Who asks for what under which key; without a key the work is done each time, and is to be harmless again. */
type KeyedInput = Pick<OnceInput, 'scope' | 'request'> & { readonly key: string | null | undefined }

/** Does the work in one transaction, once for a key where one is given. Throws as `once` does. */
export async function onceIfKeyed<T extends JsonValue>(
  context: Context,
  { scope, key, request }: KeyedInput,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  if (key === undefined || key === null) return context.database.transaction(work)
  return (await once(context, { scope, key, request }, work)).answer
}
