import { z } from 'zod'
import type { Id } from '../../kernel/ids.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText, wholeNumber } from '../../records/parse-record-data.ts'
import { assetText } from '../agreements/asset-text.ts'
import { minorText } from '../minor-text.ts'
import { BREAK_KINDS, type BreakSubject, PROPOSALS, RESOLUTIONS } from './bank-break.ts'

/** What happens to a break. */
export type BreakEvent =
  | ({ readonly event: 'OPENED' | 'CHANGED' } & BreakSubject)
  | { readonly event: 'ASSIGNED'; readonly owner?: string | undefined }
  | {
      readonly event: 'PROPOSED'
      readonly proposal: (typeof PROPOSALS)[number]
      readonly account?: string | undefined
      readonly reason: string
    }
  | { readonly event: 'DECLINED'; readonly reason: string }
  | { readonly event: 'RESOLVED'; readonly resolution: (typeof RESOLUTIONS)[number] }

/** The record of what happens to a break; `step` counts them, from 0. */
export function breakRecord(id: Id<'brk'>, step: number, event: BreakEvent): NewRecord {
  return { kind: 'bank_break', data: { break: id, step: BigInt(step), ...event } }
}

const subject = {
  kind: z.enum(BREAK_KINDS),
  ownAccount: idText('obk'),
  asset: assetText,
  entry: idText('bke').optional(),
  payout: idText('pyt').optional(),
  gapOn: z.string().optional(),
  minor: minorText,
  about: z.string(),
}
const which = { break: idText('brk'), step: wholeNumber }

/** What a record of the kind `bank_break` says. */
export const breakEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('OPENED'), ...which, ...subject }),
  z.object({ event: z.literal('CHANGED'), ...which, ...subject }),
  z.object({ event: z.literal('ASSIGNED'), ...which, owner: z.string().optional() }),
  z.object({
    event: z.literal('PROPOSED'),
    ...which,
    proposal: z.enum(PROPOSALS),
    account: z.string().optional(),
    reason: z.string(),
  }),
  z.object({ event: z.literal('DECLINED'), ...which, reason: z.string() }),
  z.object({ event: z.literal('RESOLVED'), ...which, resolution: z.enum(RESOLUTIONS) }),
])
