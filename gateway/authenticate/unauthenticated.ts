import { Fault } from '../../kernel/fault.ts'

/** What is wrong with the credentials, in the words of RFC 6750 and RFC 9449; nothing when there were none. */
export type ChallengeError = 'invalid_token' | 'invalid_dpop_proof'

/** How to come back with better credentials. */
export type Challenge = {
  readonly scheme: 'DPoP' | 'Bearer'
  readonly error?: ChallengeError
  /** Where the resource says which authorization server it trusts (RFC 9728 §5.1). */
  readonly metadata?: string
}

/** The request's credentials do not say who calls: `UNAUTHENTICATED`, with the value of its `WWW-Authenticate`. */
export class Unauthenticated extends Fault {
  readonly challenge: string

  constructor(message: string, challenge: Challenge, cause?: unknown) {
    super('UNAUTHENTICATED', message, { cause })
    this.challenge = headerOf(challenge, message)
  }
}

function headerOf({ scheme, error, metadata }: Challenge, message: string): string {
  const parameters = [
    ...(error ? [['error', error] as const, ['error_description', message] as const] : []),
    ...(scheme === 'DPoP' ? [['algs', 'ES256 PS256'] as const] : []),
    ...(metadata ? [['resource_metadata', metadata] as const] : []),
  ]
  return `${scheme} ${parameters.map(([name, value]) => `${name}="${value.replace(/["\\]/g, "'")}"`).join(', ')}`.trim()
}
