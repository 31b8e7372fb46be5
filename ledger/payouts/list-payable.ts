import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { parseMonth } from '../../kernel/month.ts'
import { assetText } from '../agreements/asset-text.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import type { Payable } from './payable.ts'
import { selectPayable } from './store/payable.ts'

const listPayableInput = z.strictObject({
  asset: assetText.nullish(),
  /** By code or id. */
  programme: z.string().max(60).nullish(),
  month: z.string().transform(parseMonth).nullish(),
})

export type ListPayableInput = z.input<typeof listPayableInput>

/**
 * Statements of which something is left to pay by bank, the oldest first, and what hinders each: what `preparePayouts` would
 * take, and leave. Throws `NOT_FOUND` (programme) and `INVALID_INPUT`.
 */
export async function listPayable(context: Context, input: ListPayableInput): Promise<readonly Payable[]> {
  const { asset, programme: named, month } = parseExactly(listPayableInput, input, 'filter')
  const { reads } = context.database
  const programme = typeof named === 'string' ? (await requireProgramme(reads, named)).id : undefined
  const filter = { asset: asset ?? undefined, programme, month: month ?? undefined }
  return selectPayable(reads, { ...filter, now: context.clock.now() })
}
