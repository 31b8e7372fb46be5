import { z } from 'zod'
import type { Id } from '../../kernel/ids.ts'
import { instant } from '../../kernel/instant.ts'
import { type Asset, parseMinor } from '../../kernel/money.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText } from '../../records/parse-record-data.ts'
import { assetText } from '../agreements/asset-text.ts'

/** What a partner paid of what it owed by an agreement. Minor units, above zero. */
export type Repayment = {
  readonly bankEntry: Id<'bke'>
  readonly agreement: Id<'agr'>
  readonly programme: Id<'prg'>
  readonly partner: Id<'ptr'>
  readonly asset: Asset
  readonly minor: bigint
  /** Code of the account of ours on which it came in. */
  readonly ownAccount: string
  /** The bank's time. */
  readonly at: Date
}

/** The record, which is the partner's too. */
export function repaymentRecord({ at, ...repayment }: Repayment): NewRecord {
  const { partner } = repayment
  return { kind: 'repayment', partner, data: { event: 'RECEIVED', ...repayment, at: at.toISOString() } }
}

/** What the record of a repayment says. */
export const repaymentEvent = z.object({
  event: z.literal('RECEIVED'),
  bankEntry: idText('bke'),
  agreement: idText('agr'),
  programme: idText('prg'),
  partner: idText('ptr'),
  asset: assetText,
  minor: z.string().transform(parseMinor),
  ownAccount: z.string(),
  at: instant,
})
