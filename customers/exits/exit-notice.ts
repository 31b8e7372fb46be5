import type { Id } from '../../kernel/ids.ts'

/** What one customer is to be told of: a consent that ended because its partner leaves. */
export type ExitNotice = {
  readonly accountKey: string
  readonly consent: Id<'cns'>
  readonly partnerCode: string
  readonly partnerName: string
  readonly purpose: string
  /** When it ended. */
  readonly at: Date
}
