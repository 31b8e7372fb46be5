import { z } from 'zod'
import { parseMinor } from '../../kernel/money.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText } from '../../records/parse-record-data.ts'
import { assetText } from '../agreements/asset-text.ts'
import type { WriteOff } from './write-off.ts'

/** What is proposed, without who and when: that says the record. */
export type ProposedWriteOff = Pick<
  WriteOff,
  'id' | 'agreement' | 'programme' | 'partner' | 'asset' | 'minor' | 'reason'
>

/** The record of a proposal, which is for us alone. */
export function proposalRecord(proposed: ProposedWriteOff): NewRecord {
  return { kind: 'write_off', data: { event: 'PROPOSED', ...contentOf(proposed) } }
}

/** The record of a decision; one that was approved is its partner's too, whose next statement begins with it. */
export function decisionRecord(writeOff: WriteOff, because: string | undefined): NewRecord {
  const { id, partner } = writeOff
  if (because !== undefined) return { kind: 'write_off', data: { event: 'REJECTED', writeOff: id, because } }
  return { kind: 'write_off', partner, data: { event: 'APPROVED', ...contentOf(writeOff) } }
}

function contentOf({ id: writeOff, agreement, programme, partner, asset, minor, reason }: ProposedWriteOff) {
  return { writeOff, agreement, programme, partner, asset, minor, reason }
}

/** What the record of a write-off says. */
export const writeOffEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('PROPOSED'),
    writeOff: idText('wof'),
    agreement: idText('agr'),
    programme: idText('prg'),
    partner: idText('ptr'),
    asset: assetText,
    minor: z.string().transform(parseMinor),
    reason: z.string(),
  }),
  z.object({ event: z.literal('APPROVED'), writeOff: idText('wof') }),
  z.object({ event: z.literal('REJECTED'), writeOff: idText('wof'), because: z.string() }),
])
