import type { Id } from '../../kernel/ids.ts'

/** That a member agrees to proposed terms, by their hash: with a client of its own, or on a paper that is attached. */
export type TermsSignature = {
  readonly proposal: Id<'tpr'>
  readonly partner: Id<'ptr'>
  /** The membership for which it signed. */
  readonly agreement: Id<'agr'>
  readonly hash: string
  readonly client: Id<'cli'> | undefined
  readonly document: Id<'doc'> | undefined
  readonly signedAt: Date
  readonly record: Id<'rec'>
}
