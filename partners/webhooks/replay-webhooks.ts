import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { parseId } from '../../kernel/ids.ts'
import { parseWith } from '../../kernel/parse.ts'
import { requirePartner } from '../store/partners.ts'
import { resetDeliveries } from './store/deliveries.ts'

const replayWebhooksInput = z
  .strictObject({
    partner: z.string().max(60),
    delivery: z.string().nullish(),
    since: z.iso.datetime({ offset: true }).nullish(),
  })
  .refine(({ delivery, since }) => (delivery == null) !== (since == null), {
    error: 'give either a delivery, or since when',
    path: ['delivery'],
  })

/** Whose messages, by code or id: one of them, or all since a time (RFC 3339). */
export type ReplayWebhooksInput = z.input<typeof replayWebhooksInput>

/**
 * Sends messages again that were taken or given up, with their ids, in the order of the log. Says how many. Throws
 * `INVALID_INPUT`, and `NOT_FOUND` for a partner or a message that there is not, or that is on its way.
 */
export async function replayWebhooks(context: Context, input: ReplayWebhooksInput): Promise<number> {
  const { partner: named, delivery, since } = parseWith(replayWebhooksInput, input, 'replay')
  return context.database.transaction(async (tx) => {
    const { id: partner } = await requirePartner(tx, named)
    const count = await resetDeliveries(tx, {
      partner,
      delivery: delivery == null ? undefined : parseId('evt', delivery),
      since: since == null ? undefined : new Date(since),
    })
    if (count === 0 && delivery != null) {
      throw new Fault('NOT_FOUND', `there is no ${delivery} that could be sent again`, { field: 'delivery' })
    }
    return count
  })
}
