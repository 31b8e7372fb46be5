import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import type { CanonicalValue } from '../kernel/canonical-json.ts'
import { fingerprintOf } from '../kernel/digest.ts'
import { Fault } from '../kernel/fault.ts'
import { invariant } from '../kernel/invariant.ts'
import { deleteKeys, keepAnswer, type RequestKey, readAnswer, takeKey } from './store/idempotency-keys.ts'

/** What survives a round trip through JSON; an answer is one, so that its replay is the same. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined }

export type OnceInput = {
  /** Who asks for what, e.g. `ptr_…:consents.revoke`: keys of different callers never meet. */
  readonly scope: string
  /** The caller's idempotency key, 1 to 200 characters. */
  readonly key: string
  /** The request itself: the same key with another one is refused. */
  readonly request: CanonicalValue
}

/**
 * Does the work once for a key, in one transaction with its effect: the same request again gets the answer of the first.
 * Of requests that run at once, on whatever processes, one works and the others wait for its answer; when it fails, its
 * key is free again and the next one works. Throws `IDEMPOTENCY_CONFLICT` for the same key with another request, and
 * `INVALID_INPUT` for a key that is none. Source: DESIGN invariant 4.
 */
export async function once<T extends JsonValue>(
  context: Context,
  { scope, key, request }: OnceInput,
  work: (tx: Transaction) => Promise<T>,
): Promise<{ readonly answer: T; readonly replayed: boolean }> {
  refuseUnfit(key)
  const requestKey = { scope, key }
  const fingerprint = fingerprintOf(request)
  return context.database.transaction(async (tx) => {
    const replayed = !(await takeKey(tx, requestKey, fingerprint))
    const answer = replayed
      ? await answerOf(tx, requestKey, fingerprint)
      : await keepAnswer(tx, requestKey, JSON.stringify(await work(tx)))
    return { answer: parseAnswer<T>(answer), replayed }
  })
}

/** Forgets the answers that were kept in scopes which begin so: they may hold what is personal. */
export async function forgetAnswers(tx: Transaction, scopePrefix: string): Promise<void> {
  await deleteKeys(tx, scopePrefix)
}

function refuseUnfit(key: string): void {
  if (key.length === 0 || key.length > 200 || key.includes('\u0000') || !key.isWellFormed()) {
    throw new Fault('INVALID_INPUT', 'an idempotency key has from 1 to 200 characters', { field: 'idempotencyKey' })
  }
}

async function answerOf(tx: Transaction, requestKey: RequestKey, fingerprint: string): Promise<string> {
  const known = await readAnswer(tx, requestKey)
  invariant(known, 'an idempotency key that is taken has an answer')
  if (known.fingerprint !== fingerprint) {
    throw new Fault('IDEMPOTENCY_CONFLICT', 'this idempotency key was used for another request', {
      field: 'idempotencyKey',
    })
  }
  return known.answer
}

/** Safe because the fingerprint says that it is the same request, whose work returned a T. */
function parseAnswer<T>(answer: string): T {
  return JSON.parse(answer) as T
}
