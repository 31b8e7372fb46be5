import type { Registry } from 'prom-client'
import type { Context } from '../../database/context.ts'
import { countKeysDue } from '../../partners/list-clients.ts'
import { shareGauges } from './shared-gauges.ts'

/** A gauge of clients whose keys grow old, read when it is asked for. */
export function measureClients(registry: Registry, context: Context): void {
  shareGauges<number>(registry, context, {
    read: () => countKeysDue(context),
    failed: 'the keys of clients cannot be measured',
    gauges: {
      tributary_client_keys_due: {
        help: 'Active clients that should have other keys within 30 days, or should have had them.',
        measure: (due) => due,
      },
    },
  })
}
