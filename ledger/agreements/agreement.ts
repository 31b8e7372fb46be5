import type { Id } from '../../kernel/ids.ts'

/** Whether an agreement runs, or was ended. */
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
}
