import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { act } from '../act.ts'
import { toldIncident } from './told.ts'

type ScopeOptions = {
  readonly partner?: string[]
  readonly client?: string[]
  readonly consent?: string[]
  readonly from?: string
  readonly to?: string
  readonly key?: string
}
type OpenOptions = ScopeOptions & { readonly title: string; readonly alert?: string; readonly discovered?: string }

/** `incident open`, `incident scope`. */
export function addScoping(incident: Command): void {
  withScope(incident.command('open'))
    .requiredOption('--title <text>', 'what it is; it names no customer')
    .option('--alert <id>', 'alr_…: the alert that it comes of, which says what is not said')
    .option('--discovered <time>', 'when we came to know of it: 2026-11-25T09:00:00+08:00; now, or with the alert')
    .description('opens an incident: its level follows from the disclosures that it touches')
    .action(({ title, alert, discovered, ...scope }: OpenOptions, command: Command) =>
      act(command, async (context) => {
        const { openIncident } = await import('../../../customers/incidents/open-incident.ts')
        return toldIncident(await openIncident(context, { title, alert, discoveredAt: discovered, ...scopeOf(scope) }))
      }),
    )
  withScope(incident.command('scope').argument('<id>', 'icd_…'))
    .description('says anew what it touches, and counts; what is not said stays')
    .action((id: string, scope: ScopeOptions, command: Command) =>
      act(command, async (context) => {
        const { rescopeIncident } = await import('../../../customers/incidents/rescope-incident.ts')
        return toldIncident(await rescopeIncident(context, { incident: id, ...scopeOf(scope) }))
      }),
    )
}

function withScope(command: Command): Command {
  return command
    .option('--partner <codes...>', 'partners that are touched')
    .option('--client <ids...>', 'cli_…: by these clients alone')
    .option('--consent <ids...>', 'cns_…: under these consents alone')
    .option('--from <time>', 'from when: 2026-11-25T09:00:00+08:00')
    .option('--to <time>', 'until when, exclusive')
    .option('--key <key>', 'idempotency key: the same again has one effect')
}

function scopeOf({ partner, client, consent, from, to, key }: ScopeOptions) {
  return { partners: partner, clients: client, consents: consent, from, to, idempotencyKey: key ?? randomUUID() }
}
