import { z } from 'zod'
import { DEFAULT_QUOTAS, type QuotaSettings } from '../../gateway/limits/quotas.ts'

const count = z.coerce.number().int().min(1).max(1_000_000_000)

/** How much callers may ask for, as the environment says it. */
export const QUOTA_SETTINGS = {
  TRIBUTARY_QUOTA_POINTS: {
    schema: count,
    fallback: `${DEFAULT_QUOTAS.pointsPerMinute}`,
    about: 'ordinary quota: points that a partner, or a person, may spend in a minute',
  },
  TRIBUTARY_REQUEST_POINTS: {
    schema: count,
    fallback: `${DEFAULT_QUOTAS.pointsPerRequest}`,
    about: 'points that one request to a graph may cost',
  },
  TRIBUTARY_ADDRESS_REQUESTS: {
    schema: count,
    fallback: `${DEFAULT_QUOTAS.requestsPerAddress}`,
    about: "requests in a minute from one address to the authorization server and the customers' pages",
  },
} as const

/** The quotas, out of the texts of the environment. */
export function quotasFrom(read: (name: keyof typeof QUOTA_SETTINGS) => string): QuotaSettings {
  return {
    pointsPerMinute: Number(read('TRIBUTARY_QUOTA_POINTS')),
    pointsPerRequest: Number(read('TRIBUTARY_REQUEST_POINTS')),
    requestsPerAddress: Number(read('TRIBUTARY_ADDRESS_REQUESTS')),
  }
}
