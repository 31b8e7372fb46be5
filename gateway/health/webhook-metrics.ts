import type { Registry } from 'prom-client'
import { countOverdueDeletions } from '../../customers/deletions/list-deletions.ts'
import type { Context } from '../../database/context.ts'
import { webhookStatus } from '../../partners/webhooks/list-webhooks.ts'
import { shareGauges } from './shared-gauges.ts'

/** Gauges of what partners are told, and of what they owe after consents ended, read when they are asked for. */
export function measureWebhooks(registry: Registry, context: Context): void {
  shareGauges<Awaited<ReturnType<typeof webhookStatus>>>(registry, context, {
    read: () => webhookStatus(context),
    failed: 'webhooks cannot be measured',
    gauges: {
      tributary_webhooks_pending: { help: 'Messages to partners that wait.', measure: ({ pending }) => pending },
      tributary_webhooks_dead: { help: 'Messages to partners that were given up.', measure: ({ dead }) => dead },
      tributary_webhooks_oldest_seconds: {
        help: 'For how long the oldest message has waited.',
        measure: ({ oldestSeconds }) => oldestSeconds,
      },
    },
  })
  shareGauges<number>(registry, context, {
    read: () => countOverdueDeletions(context),
    failed: 'deletions cannot be measured',
    gauges: {
      tributary_deletions_overdue: {
        help: 'Consents that ended and whose data no partner says it has deleted in time.',
        measure: (overdue) => overdue,
      },
    },
  })
}
