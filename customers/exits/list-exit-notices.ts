import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { parseId } from '../../kernel/ids.ts'
import { instant } from '../../kernel/instant.ts'
import { parseWith } from '../../kernel/parse.ts'
import { requireCustomer } from '../store/customers.ts'
import type { ExitNotice } from './exit-notice.ts'
import { type NoticePlace, selectExitNotices, selectLeavers } from './store/exits.ts'

const listExitNoticesInput = z.strictObject({
  /** What an earlier list gave as `next`. */
  after: z.string().max(100).optional(),
  limit: z.int().min(1).max(1000).default(100),
})

export type ListExitNoticesInput = z.input<typeof listExitNoticesInput>

/** What customers are to be told of, and where to go on. */
export type ExitNotices = { readonly notices: readonly ExitNotice[]; readonly next: string | undefined }

/**
 * Whom the broker's own systems are to tell, by whatever channel, that a partner left and a consent ended with it: the first
 * ended first, each once for whoever goes on at `next`. Throws `INVALID_INPUT`.
 */
export async function listExitNotices(context: Context, input: ListExitNoticesInput): Promise<ExitNotices> {
  const { after, limit } = parseWith(listExitNoticesInput, input, 'list')
  const rows = await selectExitNotices(context.database.reads, { after: placeOf(after), limit })
  const last = rows.at(-1)
  return { notices: rows, next: last === undefined ? after : `${last.at.toISOString()}/${last.consent}` }
}

/** For how long a customer finds on the own pages that a partner left. */
const SHOWN_DAYS = 90

/** Which partners left the customer in the last 90 days, the last first. Throws `NOT_FOUND` for an unknown account. */
export async function listLeavers(context: Context, { accountKey }: { readonly accountKey: string }) {
  const { reads } = context.database
  return selectLeavers(reads, (await requireCustomer(reads, accountKey)).id, SHOWN_DAYS)
}

function placeOf(after: string | undefined): NoticePlace | undefined {
  if (after === undefined) return undefined
  const [time = '', consent = ''] = after.split('/')
  const at = instant.safeParse(time).data
  if (at === undefined) throw new Fault('INVALID_INPUT', 'after: it is no place of ours', { field: 'after' })
  return { at, consent: parseId('cns', consent) }
}
