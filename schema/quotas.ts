import type { QuotaPorts } from '../customers/alarms/quota-ports.ts'
import { lowerQuota } from '../partners/capabilities/lower-quota.ts'
import { restoreQuota } from '../partners/capabilities/restore-quota.ts'

/** How alarms act on what partners may ask. */
export const quotas: QuotaPorts = { lowerQuota, restoreQuota }
