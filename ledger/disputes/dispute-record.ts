import { z } from 'zod'
import type { NewRecord } from '../../records/append-records.ts'
import { idText, wholeNumber } from '../../records/parse-record-data.ts'
import { minorText } from '../minor-text.ts'
import type { Dispute, DisputeEnd, Objection } from './dispute.ts'

/** The record of an objection; its partner may have it. */
export function openingRecord({ id, statement, partner, rules, lines, held, reason }: Objection): NewRecord {
  const about = { statement, rules: rules.map(BigInt), lines }
  return { kind: 'dispute', partner, data: { event: 'OPENED', dispute: id, ...about, held, reason } }
}

/** The record of how a dispute ended; its partner may have it. */
export function closingRecord({ id, partner, statement }: Dispute, end: DisputeEnd): NewRecord {
  const { status: event, answer, adjustment } = end
  return { kind: 'dispute', partner, data: { event, dispute: id, statement, answer, adjustment } }
}

const which = { dispute: idText('dsp'), statement: idText('sta') }

/** What the record of a dispute says. */
export const disputeEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('OPENED'),
    ...which,
    rules: z.array(wholeNumber),
    lines: z.array(idText('pol')),
    held: minorText,
    reason: z.string(),
  }),
  z.object({
    event: z.literal('UPHELD'),
    ...which,
    answer: z.string(),
    adjustment: idText('adj').optional(),
  }),
  z.object({ event: z.literal('REJECTED'), ...which, answer: z.string() }),
  z.object({ event: z.literal('WITHDRAWN'), ...which }),
])
