import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import { parseUuidCursor } from '../../kernel/uuid-cursor.ts'
import { requirePartner, selectPartner } from '../store/partners.ts'
import { countDeliveries, selectDeliveries } from './store/deliveries.ts'
import { selectEndpoints } from './store/endpoints.ts'
import type { DeliveryStatus, WebhookDelivery, WebhookEndpoint } from './webhook-endpoint.ts'

/** A partner's endpoints, by its code or id, the oldest first. Throws `NOT_FOUND` for a partner that there is not. */
export async function listWebhooks({ database }: Context, partner: string): Promise<readonly WebhookEndpoint[]> {
  const { id } = await requirePartner(database.reads, partner)
  return selectEndpoints(database.reads, id)
}

export type ListDeliveriesInput = {
  /** Code or id of a partner; of all when absent. */
  readonly partner?: string | null | undefined
  readonly status?: DeliveryStatus | null | undefined
  readonly page: PageInput
}

/** Messages to partners, the latest first; none for a partner that there is not. Throws `INVALID_INPUT` for a page that is none. */
export async function listDeliveries(
  { database: { reads } }: Context,
  { partner, status, page: asked }: ListDeliveriesInput,
): Promise<PageResult<WebhookDelivery>> {
  const page = parseUuidCursor(parsePage(asked, 1))
  const named = partner == null ? undefined : (await selectPartner(reads, partner))?.id
  if (partner != null && named === undefined) return pageOf(page, [], () => [])
  const rows = await selectDeliveries(reads, { partner: named, status: status ?? undefined }, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}

/** How many messages wait, for how long the oldest has, and how many were given up. */
export function webhookStatus({ database }: Context): ReturnType<typeof countDeliveries> {
  return countDeliveries(database.reads)
}
