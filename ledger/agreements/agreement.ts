import type { Id } from '../../kernel/ids.ts'
import type { Span } from '../../kernel/month.ts'
import type { DataScope } from './data-scope.ts'

/** Whether an agreement stands as it was signed, or was ended; `ENDED` may lie ahead, `endsAt` says when. */
export const AGREEMENT_STATUSES = ['ACTIVE', 'ENDED'] as const
export type AgreementStatus = (typeof AGREEMENT_STATUSES)[number]

/** One partner's membership of a programme, `[startsAt, endsAt)`; without an end it goes on. */
export type Agreement = {
  readonly id: Id<'agr'>
  readonly programme: Id<'prg'>
  readonly partner: Id<'ptr'>
  readonly partnerCode: string
  readonly startsAt: Date
  readonly endsAt: Date | undefined
  readonly status: AgreementStatus
  /** Which data the partner may ask customers for; absent where the agreement says nothing of data. */
  readonly dataScope?: DataScope | undefined
  /** How it came to end, where that was not agreed from the first. */
  readonly end?: AgreementEnd | undefined
}

/** That an agreement was ended: when that was stored, why, and its record. */
export type AgreementEnd = { readonly reason: string; readonly endedAt: Date; readonly record: Id<'rec'> }

/** Whether an agreement runs at some time of a span. */
export function runsIn({ startsAt, endsAt }: Agreement, { from, to }: Span): boolean {
  return startsAt < to && (endsAt === undefined || endsAt > from)
}
