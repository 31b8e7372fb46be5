/** What came of a step: an id and a status, or the stable code with which it was refused. */
export type Said = {
  readonly id?: string | undefined
  readonly status?: string | undefined
  readonly refused?: string | undefined
}

/** An application, as a partner manager sees it. */
export type Applied = { readonly code: string; readonly status: string; readonly email: string | undefined }

/** What staff do with a partner, whichever door they come by; each step is one person's. */
export type Manager = {
  readonly applications: (who: string) => Promise<readonly Applied[]>
  readonly reject: (who: string, partner: string) => Promise<Said>
  readonly open: (who: string, partner: string) => Promise<Said>
  readonly score: (who: string, assessment: string, criterion: string, points: number) => Promise<Said>
  readonly propose: (who: string, assessment: string) => Promise<Said>
  readonly approve: (who: string, assessment: string) => Promise<Said>
  readonly createClient: (who: string, partner: string, jwks: object) => Promise<Said>
  readonly revokeClient: (who: string, client: string) => Promise<Said>
  readonly goLive: (who: string, partner: string) => Promise<Said>
  readonly allow: (who: string, partner: string, permille: number) => Promise<Said>
  readonly suspend: (who: string, partner: string, key: string) => Promise<Said>
  readonly resume: (who: string, partner: string) => Promise<Said>
  readonly leave: (who: string, partner: string, at: string) => Promise<Said>
  readonly attest: (who: string, partner: string) => Promise<Said>
  readonly close: (who: string, partner: string) => Promise<Said>
}

export const CLIENT_SCOPES = ['customers:read', 'contributions:write']
export const PAPER = { text: 'We deleted all of it.', name: 'deleted.txt' }
