import { z } from 'zod'
import { parseMinor } from '../../kernel/money.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText } from '../../records/parse-record-data.ts'
import { assetText } from '../agreements/asset-text.ts'
import type { Adjustment } from './adjustment.ts'

/** What is proposed, without who and when: that says the record. */
export type ProposedAdjustment = Pick<
  Adjustment,
  'id' | 'agreement' | 'programme' | 'partner' | 'asset' | 'minor' | 'reason'
>

/** The record of a proposal, which is for us alone. */
export function proposalRecord({ id, ...proposed }: ProposedAdjustment): NewRecord {
  return { kind: 'adjustment', data: { event: 'PROPOSED', adjustment: id, ...contentOf(proposed) } }
}

/** The record of a decision; one that was approved is its partner's too, and says all of it. */
export function decisionRecord(adjustment: Adjustment, because: string | undefined): NewRecord {
  const { id, partner } = adjustment
  if (because !== undefined) {
    return { kind: 'adjustment', data: { event: 'REJECTED', adjustment: id, because } }
  }
  return { kind: 'adjustment', partner, data: { event: 'APPROVED', adjustment: id, ...contentOf(adjustment) } }
}

function contentOf({ agreement, programme, partner, asset, minor, reason }: Omit<ProposedAdjustment, 'id'>) {
  return { agreement, programme, partner, asset, minor, reason }
}

const content = {
  adjustment: idText('adj'),
  agreement: idText('agr'),
  programme: idText('prg'),
  partner: idText('ptr'),
  asset: assetText,
  minor: z.string().transform(parseMinor),
  reason: z.string(),
}

/** What the record of an adjustment says. */
export const adjustmentEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('PROPOSED'), ...content }),
  z.object({ event: z.literal('APPROVED'), adjustment: idText('adj') }),
  z.object({ event: z.literal('REJECTED'), adjustment: idText('adj'), because: z.string() }),
])
