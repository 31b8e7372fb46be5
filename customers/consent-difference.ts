import type { Limits } from './consent.ts'
import type { SharedTag } from './granularity.ts'

/** What a consent or a request lets a partner do, as far as it can be compared. */
export type Extent = Limits & {
  readonly tags: readonly SharedTag[]
  readonly expiresAt: Date
  readonly noticeVersion: number
}

/** A member that is not the same. */
export type Change<T> = { readonly from: T; readonly to: T }

/** What is new in one consent against another, as a customer is shown it; absent members are the same. */
export type ConsentDifference = {
  readonly added: readonly SharedTag[]
  readonly removed: readonly SharedTag[]
  /** Tags that both have, at another granularity; `from` is that of the earlier one. */
  readonly changed: readonly { readonly key: string; readonly granularity: Change<SharedTag['granularity']> }[]
  readonly expiresAt: Change<Date> | undefined
  readonly usage: Change<Limits['usage']> | undefined
  readonly maxPerDay: Change<number | undefined> | undefined
  readonly retentionDays: Change<number | undefined> | undefined
  readonly noticeVersion: Change<number> | undefined
}

/** Compares what was agreed to with what takes its place. */
export function differenceBetween(before: Extent, after: Extent): ConsentDifference {
  const earlier = new Map(before.tags.map((tag) => [tag.key, tag.granularity]))
  const later = new Set(after.tags.map(({ key }) => key))
  return {
    added: after.tags.filter(({ key }) => !earlier.has(key)),
    removed: before.tags.filter(({ key }) => !later.has(key)),
    changed: after.tags.flatMap(({ key, granularity: to }) => {
      const from = earlier.get(key)
      return from === undefined || from === to ? [] : [{ key, granularity: { from, to } }]
    }),
    expiresAt:
      before.expiresAt.getTime() === after.expiresAt.getTime()
        ? undefined
        : { from: before.expiresAt, to: after.expiresAt },
    usage: changeOf(before.usage, after.usage),
    maxPerDay: changeOf(before.maxPerDay, after.maxPerDay),
    retentionDays: changeOf(before.retentionDays, after.retentionDays),
    noticeVersion: changeOf(before.noticeVersion, after.noticeVersion),
  }
}

function changeOf<T extends string | number | undefined>(from: T, to: T): Change<T> | undefined {
  return from === to ? undefined : { from, to }
}
