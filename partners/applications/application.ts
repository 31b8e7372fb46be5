import type { Id } from '../../kernel/ids.ts'
import type { PartnerKind, PartnerStatus } from '../partner.ts'

/** What an applicant says of the company: nothing of it is about a person. */
export type ApplicationDetails = {
  readonly name: string
  readonly kind: PartnerKind
  readonly jurisdiction: string
  /** What it would do with us. */
  readonly about: string
}

/** Who is to be written to. Personal: sealed in its row, in no record, in no line of the log. */
export type Contact = { readonly name: string; readonly email: string }

/** An application whose mail address was shown to be the applicant's. */
export type Application = {
  readonly id: Id<'app'>
  readonly partner: Id<'ptr'>
  readonly code: string
  readonly status: PartnerStatus
  /** Free text, which is in no record; nothing after a replay. */
  readonly about: string | undefined
  readonly receivedAt: Date
  readonly record: Id<'rec'>
  /** Nothing once the application was refused. */
  readonly contact: Contact | undefined
}

/** A mail in one language, to one address. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string }

/** Sends a mail, or throws. */
export type SendMail = (mail: Mail) => Promise<void>
