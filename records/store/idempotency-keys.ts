import type { Transaction } from '../../database/client.ts'
import { invariant } from '../../kernel/invariant.ts'

/** The key of one request: unique within its scope. */
export type RequestKey = { readonly scope: string; readonly key: string }

/**
 * Takes a key for this transaction; false when a committed request has it. While another transaction holds it
 * uncommitted, this waits until that one ends.
 */
export async function takeKey(tx: Transaction, { scope, key }: RequestKey, fingerprint: string): Promise<boolean> {
  const rows = await tx`
    insert into idempotency_keys (scope, key, fingerprint) values (${scope}, ${key}, ${fingerprint})
    on conflict on constraint idempotency_keys_pkey do nothing returning true`
  return rows.length === 1
}

/** Keeps the answer of the request that took the key. Returns it as it will be read again: the database orders its members. */
export async function keepAnswer(tx: Transaction, { scope, key }: RequestKey, answer: string): Promise<string> {
  const [row] = await tx<{ answer: string }[]>`
    update idempotency_keys set answer = ${answer}::jsonb where scope = ${scope} and key = ${key}
    returning answer::text as answer`
  invariant(row, 'an idempotency key that was taken is there')
  return row.answer
}

/** The request that has the key, as it was answered. `answer` is JSON. */
export async function readAnswer(
  tx: Transaction,
  { scope, key }: RequestKey,
): Promise<{ readonly fingerprint: string; readonly answer: string } | undefined> {
  const [row] = await tx<{ fingerprint: string; answer: string }[]>`
    select fingerprint, answer::text as answer from idempotency_keys where scope = ${scope} and key = ${key}`
  return row
}

/** Takes away the keys of scopes that begin so. */
export async function deleteKeys(tx: Transaction, scopePrefix: string): Promise<void> {
  await tx`delete from idempotency_keys where starts_with(scope, ${scopePrefix})`
}
