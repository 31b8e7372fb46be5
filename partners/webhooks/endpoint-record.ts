import { z } from 'zod'
import { idText, timeText, wholeNumber } from '../../records/parse-record-data.ts'
import { EVENT_TYPES } from './event-types.ts'
import { ENDPOINT_STATUSES, type WebhookEndpoint } from './webhook-endpoint.ts'

/** What a record of the kind 'webhook_endpoint' says: the endpoint as it is from then on. */
export const endpointData = z.object({
  endpoint: idText('whe'),
  partner: idText('ptr'),
  url: z.string(),
  types: z.array(z.enum(EVENT_TYPES)),
  status: z.enum(ENDPOINT_STATUSES),
  version: wholeNumber,
  created: timeText,
})

/** The record of a version of an endpoint, which its partner may have. No secret is in it. */
export function endpointRecord({
  id,
  partnerId,
  url,
  types,
  status,
  version,
  createdAt,
}: Omit<WebhookEndpoint, 'record'>) {
  return {
    kind: 'webhook_endpoint',
    partner: partnerId,
    data: {
      ...{ endpoint: id, partner: partnerId, url, types: [...types], status, version: BigInt(version) },
      created: createdAt.toISOString(),
    },
  } as const
}
