import { z } from 'zod'
import { instant } from '../../kernel/instant.ts'
import { parseMinor } from '../../kernel/money.ts'
import { parseMonth } from '../../kernel/month.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText } from '../../records/parse-record-data.ts'
import { assetText } from '../agreements/asset-text.ts'
import { isAccountPath } from '../journal/entry.ts'
import type { Opening } from './opening.ts'

/** What is proposed, without who and when: that says the record. */
export type ProposedOpening = Pick<Opening, 'id' | 'cutOver' | 'reason' | 'lines'>

/** The record of a proposal, with all its lines. */
export function proposalRecord({ id: opening, cutOver, reason, lines }: ProposedOpening): NewRecord {
  return {
    kind: 'opening_balance',
    data: { event: 'PROPOSED', opening, cutOver: cutOver.toISOString(), reason, lines },
  }
}

export function decisionRecord({ id: opening }: Opening, because: string | undefined): NewRecord {
  const data = because === undefined ? { event: 'APPROVED', opening } : { event: 'REJECTED', opening, because }
  return { kind: 'opening_balance', data }
}

const amount = { asset: assetText, minor: z.string().transform(parseMinor) }
const ofAgreement = { agreement: idText('agr'), programme: idText('prg'), partner: idText('ptr') }

/** What the record of opening balances says. */
export const openingEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('PROPOSED'),
    opening: idText('opn'),
    cutOver: instant,
    reason: z.string(),
    lines: z.array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('ACCOUNT'), account: z.string().refine(isAccountPath), ...amount }),
        z.object({ kind: z.literal('CARRIED'), ...ofAgreement, ...amount }),
        z.object({
          kind: z.literal('HOLDBACK'),
          ...ofAgreement,
          ...amount,
          releaseMonth: z.string().transform(parseMonth),
        }),
      ]),
    ),
  }),
  z.object({ event: z.literal('APPROVED'), opening: idText('opn') }),
  z.object({ event: z.literal('REJECTED'), opening: idText('opn'), because: z.string() }),
])
