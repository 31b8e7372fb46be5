import type { Id } from '../kernel/ids.ts'
import type { SharedTag } from './granularity.ts'

/** Whether a read gave a partner anything. */
export type DisclosureOutcome = 'disclosed' | 'nothing'

/** One read of a customer's data, as the customer sees it. */
export type Disclosure = {
  readonly id: Id<'dis'>
  readonly at: Date
  readonly partnerId: Id<'ptr'>
  readonly purpose: string
  readonly consentId: Id<'cns'> | undefined
  /** What the answer held; never the values. */
  readonly tags: readonly SharedTag[]
  readonly outcome: DisclosureOutcome
}
