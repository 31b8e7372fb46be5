import type { Consent } from './consent.ts'

/** A consent as it is kept for a request that comes again: its times as text. */
export type ConsentAnswer = Omit<Consent, 'grantedAt' | 'expiresAt' | 'endedAt' | 'revokedAt'> & {
  readonly grantedAt: string
  readonly expiresAt: string
  readonly endedAt?: string | undefined
  readonly revokedAt?: string | undefined
}

/** Writes a consent as an answer. */
export function answerOf(consent: Consent): ConsentAnswer {
  return {
    ...consent,
    grantedAt: consent.grantedAt.toISOString(),
    expiresAt: consent.expiresAt.toISOString(),
    endedAt: consent.endedAt?.toISOString(),
    revokedAt: consent.revokedAt?.toISOString(),
  }
}

/** Reads an answer back. */
export function consentOf(answer: ConsentAnswer): Consent {
  return {
    ...answer,
    grantedAt: new Date(answer.grantedAt),
    expiresAt: new Date(answer.expiresAt),
    endedAt: answer.endedAt === undefined ? undefined : new Date(answer.endedAt),
    revokedAt: answer.revokedAt === undefined ? undefined : new Date(answer.revokedAt),
  }
}
