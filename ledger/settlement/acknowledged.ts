import { z } from 'zod'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { ACKNOWLEDGEABLE, type AcknowledgeableCode } from './checklist-code.ts'

const acknowledgement = z.strictObject({
  acknowledged: z.array(z.enum(ACKNOWLEDGEABLE)).max(ACKNOWLEDGEABLE.length * 2),
})

/** Reads codes that somebody acknowledges. Throws `INVALID_INPUT` for one that is none, or cannot be acknowledged. */
export function parseAcknowledged(codes: readonly string[] | null | undefined): readonly AcknowledgeableCode[] {
  return parseExactly(acknowledgement, { acknowledged: [...(codes ?? [])] }, 'closing').acknowledged
}
