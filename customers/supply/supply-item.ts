import { z } from 'zod'
import { Fault } from '../../kernel/fault.ts'
import { parseWith } from '../../kernel/parse.ts'

const LATEST_AHEAD_MS = 5 * 60_000
const SUREST = 1000

const name = (longest: number): z.ZodType<string, string> =>
  z
    .string()
    .min(1, 'it is empty')
    .max(longest, `it has more than ${longest} characters`)
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'), 'it has characters that nothing has here')

const supplyItem = z.strictObject({
  subject: name(128),
  key: name(63),
  value: name(500),
  observedAt: z
    .union([z.date(), z.iso.datetime({ offset: true, error: 'it is no RFC 3339 time' })])
    .transform((at) => new Date(at)),
  quality: z.int().min(0).max(SUREST, 'a quality is in thousandths').default(SUREST),
})

/** One value, as a partner supplies it. */
export type SupplyItem = z.output<typeof supplyItem>

/** Reads an item. Throws `INVALID_INPUT` with the field, also for what would have been observed in the future. */
export function parseSupplyItem(item: unknown, now: Date): SupplyItem {
  const parsed = parseWith(supplyItem, item, 'value')
  if (parsed.observedAt.getTime() <= now.getTime() + LATEST_AHEAD_MS) return parsed
  throw new Fault('INVALID_INPUT', 'value: observedAt: it cannot have been observed in the future', {
    field: 'observedAt',
  })
}
