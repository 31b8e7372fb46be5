import { z } from 'zod'
import type { Id } from '../../kernel/ids.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText } from '../../records/parse-record-data.ts'

/** By word of the partner, or of the staff on its behalf; or by letting the days to dispute pass. */
export const ACCEPTANCE_REASONS = ['WORD', 'SILENCE'] as const
export type AcceptanceReason = (typeof ACCEPTANCE_REASONS)[number]

/** That a statement is accepted, without who and when: that says the record. */
export type Acceptance = {
  readonly statement: Id<'sta'>
  readonly partner: Id<'ptr'>
  readonly reason: AcceptanceReason
}

/** The record of an acceptance; its partner may have it. */
export function acceptanceRecord({ statement, partner, reason }: Acceptance): NewRecord {
  return { kind: 'acceptance', partner, data: { statement, reason } }
}

/** What the record of an acceptance says. */
export const acceptanceData = z.object({ statement: idText('sta'), reason: z.enum(ACCEPTANCE_REASONS) })
