import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, parseId } from '../../kernel/ids.ts'
import { parseWith } from '../../kernel/parse.ts'
import type { Consent } from '../consent.ts'
import { consentId, idempotencyKey } from '../consent-input.ts'
import { revokeConsent } from '../revoke-consent.ts'
import { selectSyntheticGiver } from './store/sandbox.ts'

const revokeSandboxConsentInput = z.strictObject({ consentId, idempotencyKey })

export type RevokeSandboxConsentInput = z.input<typeof revokeSandboxConsentInput> & { readonly partner: Id<'ptr'> }

/**
 * Ends a consent that a synthetic customer gave to a partner in the sandbox, in that customer's place. Throws `NOT_FOUND` for any
 * other, and what {@link revokeConsent} throws.
 */
export async function revokeSandboxConsent(
  context: Context,
  { partner, ...input }: RevokeSandboxConsentInput,
): Promise<Consent> {
  const { consentId: text, idempotencyKey: key } = parseWith(revokeSandboxConsentInput, input, 'revocation')
  const consent = parseId('cns', text)
  const giver = await selectSyntheticGiver(context.database.reads, { partner, consent })
  if (giver === undefined) {
    throw new Fault('NOT_FOUND', 'you have no such consent of a synthetic customer in the sandbox', {
      field: 'consentId',
    })
  }
  return revokeConsent(context, { ...giver, consentId: consent, idempotencyKey: key })
}
