import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { parseWith } from '../../kernel/parse.ts'
import { selectUses, type TagUse } from './store/tag-uses.ts'

const month = z.string().regex(/^[1-9][0-9]{3}-(0[1-9]|1[0-2])$/, 'it is no month such as 2026-01')

/** How often others read what the caller supplied in a month (UTC), by tag. Throws `INVALID_INPUT`. */
export async function listUses(
  { database }: Context,
  { caller, month: named }: { readonly caller: PartnerCaller; readonly month: string },
): Promise<readonly TagUse[]> {
  return selectUses(database.reads, caller.partner, parseWith(month, named, 'month'))
}
