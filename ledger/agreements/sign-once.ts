import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { type JsonValue, once } from '../../records/once.ts'
import { parseExactly } from './parse-exactly.ts'
import { sha256Text } from './refuse-other-hash.ts'
import { requireSigner } from './require-signer.ts'

const signatureInput = z.strictObject({
  /** Id of the proposal. */
  proposal: z.string().max(60),
  /** SHA-256 of the canonical JSON that the partner read. */
  hash: sha256Text,
  idempotencyKey: z.string(),
})

/** What a partner's client signs. */
export type SignatureInput = z.input<typeof signatureInput> & { readonly caller: PartnerCaller }

/** Who signs which proposal, by which hash. */
export type Signing = { readonly caller: PartnerCaller; readonly proposal: string; readonly hash: string }

/**
 * Has a partner's client sign a proposal in one transaction, once for its key. `what` keeps keys of other verbs apart.
 * Throws `FORBIDDEN` for a client without `agreements:sign`, `INVALID_INPUT`, and as `once` and the signing do.
 */
export async function signOnce<T extends JsonValue>(
  context: Context,
  { what, input: { caller, ...input } }: { readonly what: string; readonly input: SignatureInput },
  sign: (tx: Transaction, signing: Signing) => Promise<T>,
): Promise<T> {
  requireSigner(caller)
  const { idempotencyKey: key, ...request } = parseExactly(signatureInput, input, 'signature')
  const scope = `${caller.partner}:${what}`
  return (await once(context, { scope, key, request }, (tx) => sign(tx, { caller, ...request }))).answer
}
