import type { Id } from '../../kernel/ids.ts'
import type { Staff } from '../../kernel/require-staff.ts'

/** Leave for one member of the staff to look at one customer's data, for an hour at most. */
export type StaffCase = {
  readonly id: Id<'cas'>
  readonly customer: Id<'cus'>
  readonly openedBy: Staff
  /** Why; absent once the customer was erased. */
  readonly reason: string | undefined
  readonly openedAt: Date
  readonly endsAt: Date
  readonly closedAt: Date | undefined
  /** Counts its records. */
  readonly version: number
  readonly record: Id<'rec'>
}

/** That a member of the staff saw something of a customer. */
export type StaffRead = {
  readonly id: Id<'srd'>
  readonly case: Id<'cas'>
  readonly customer: Id<'cus'>
  readonly by: Staff
  readonly at: Date
  /** Keys of the tags that had a value. */
  readonly tags: readonly string[]
  readonly record: Id<'rec'>
}

/** For how long a case lets its opener look. */
export const CASE_HOURS = 1
