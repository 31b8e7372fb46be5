import { z } from 'zod'
import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText } from '../../records/parse-record-data.ts'
import { minorText } from '../minor-text.ts'
import type { BankEntry } from './bank-entry.ts'

/** By what it is known what an entry is. The last three need two persons. */
export const MATCH_WAYS = [
  ...(['END_TO_END', 'REFERENCE', 'BATCH', 'AMOUNT', 'BY_HAND', 'CHARGE', 'LINKED'] as const),
  ...(['BOOKED', 'WRITTEN_OFF', 'SET_ASIDE'] as const),
] as const
export type MatchWay = (typeof MATCH_WAYS)[number]

/** An entry of the journal on an account of ours, and how much it moved there. */
export type BankPosting = { readonly journalEntry: Id<'jre'>; readonly minor: bigint }

/** What became of an entry. What is posted adds up to it, but for an entry that was set aside: that is no money. */
export type BankMatch = {
  readonly entry: Id<'bke'>
  readonly how: MatchWay
  readonly payouts: readonly Id<'pyt'>[]
  readonly account?: string | undefined
  readonly break?: Id<'brk'> | undefined
  readonly reason?: string | undefined
  readonly proposedBy?: Actor | undefined
  readonly postings: readonly BankPosting[]
}

/** The record of a match; it names the account of ours, so that what was posted there is told apart by it. */
export function matchRecord({ ownAccount }: Pick<BankEntry, 'ownAccount'>, match: BankMatch): NewRecord {
  return { kind: 'bank_match', data: { event: 'ENTRY', ownAccount, ...match } }
}

/** The record of a gap that was booked. */
export function gapRecord(gap: BookedGap): NewRecord {
  return { kind: 'bank_match', data: { event: 'GAP', ...gap } }
}

export type BookedGap = {
  readonly ownAccount: Id<'obk'>
  readonly break: Id<'brk'>
  readonly postings: readonly BankPosting[]
}

const actor = z.custom<Actor>((value) => typeof value === 'string' && value.includes(':'), 'it is no actor')
const postings = z.array(z.object({ journalEntry: idText('jre'), minor: minorText }))

/** What a record of the kind `bank_match` says. */
export const matchEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('ENTRY'),
    ownAccount: idText('obk'),
    entry: idText('bke'),
    how: z.enum(MATCH_WAYS),
    payouts: z.array(idText('pyt')),
    account: z.string().optional(),
    break: idText('brk').optional(),
    reason: z.string().optional(),
    proposedBy: actor.optional(),
    postings,
  }),
  z.object({ event: z.literal('GAP'), ownAccount: idText('obk'), break: idText('brk'), postings }),
])
