import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { ALERT_RESOLUTIONS, ALERT_STATUSES, type Alert, type Resolution } from '../../customers/alarms/alert.ts'
import { Fault } from '../../kernel/fault.ts'
import { act, type Outcome } from './act.ts'
import type { Row } from './output.ts'

type ListOptions = { readonly partner?: string; readonly status?: Alert['status'] }
type CloseOptions = { readonly resolution: Resolution; readonly reason: string; readonly key?: string }

/** `tributary alert …`: what is odd about how partners read. */
export function addAlert(program: Command): void {
  const alert = program.command('alert').description('partners that read otherwise than they do')
  addLooks(alert)
  alert
    .command('assign')
    .argument('<id>', 'alr_…')
    .requiredOption('--to <name>', 'who looks at it')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('says who looks at it')
    .action((id: string, { to, key }: { to: string; key?: string }, command: Command) =>
      act(command, async (context) => {
        const { assignAlert } = await import('../../customers/alarms/assign-alert.ts')
        return told(await assignAlert(context, { alert: id, to, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  alert
    .command('close')
    .argument('<id>', 'alr_…')
    .addOption(new Option('--resolution <what>', 'what it was').choices(ALERT_RESOLUTIONS).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why; for us alone')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('closes it for good; the partner has its quota back, unless it was an INCIDENT')
    .action((id: string, { key, ...options }: CloseOptions, command: Command) =>
      act(command, async (context) => {
        const { closeAlert } = await import('../../customers/alarms/close-alert.ts')
        const { quotas } = await import('../../schema/quotas.ts')
        const input = { alert: id, ...options, idempotencyKey: key ?? randomUUID() }
        return told(await closeAlert(context, input, quotas))
      }),
    )
}

function addLooks(alert: Command): void {
  alert
    .command('list')
    .option('--partner <code>', 'of this partner alone')
    .addOption(new Option('--status <status>', 'in this status alone').choices(ALERT_STATUSES))
    .description('alerts, the last opened first, up to a hundred')
    .action(({ partner, status }: ListOptions, command: Command) =>
      act(command, async (context) => {
        const { listAlerts } = await import('../../customers/alarms/list-alerts.ts')
        const { findPartner } = await import('../../partners/find-partner.ts')
        const named = partner === undefined ? undefined : await findPartner(context, partner)
        if (partner !== undefined && named === undefined) throw new Fault('NOT_FOUND', 'there is no such partner')
        const { edges } = await listAlerts(context, { partner: named?.id, status, page: { first: 100 } })
        const alerts = edges.map(({ node }) => node)
        return { result: alerts, rows: alerts.map(rowOf) }
      }),
    )
  alert
    .command('show')
    .argument('<id>', 'alr_…')
    .description('one alert')
    .action((id: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { findAlert } = await import('../../customers/alarms/find-alert.ts')
        const found = await findAlert(context, id)
        if (found === undefined) throw new Fault('NOT_FOUND', 'there is no such alert')
        return { result: found, rows: linesOf(found) }
      }),
    )
}

function told(alert: Alert): Outcome {
  return { result: alert, rows: [rowOf(alert)] }
}

function rowOf({ id, partner, kind, status, openedAt, measured, allowed, assignee, closed }: Alert): Row {
  const what = { id, partner, kind, status, opened: openedAt.toISOString(), measured, allowed }
  return { ...what, assignee, resolution: closed?.resolution }
}

/** One name and value a line, since there are too many for a row. */
function linesOf(alert: Alert): readonly Row[] {
  const { span, from, to, expected, clients, quota, closed } = alert
  const lines: Row = {
    ...rowOf(alert),
    expected,
    span: `${span}: ${from.toISOString()} to ${to.toISOString()}`,
    clients: clients.join(' '),
    quota: quota && `${quota.permille} of 1000 until ${quota.until.toISOString()}`,
    closed: closed && `${closed.at.toISOString()} by ${closed.by}: ${closed.reason}`,
  }
  return Object.entries(lines)
    .filter(([, value]) => value !== undefined)
    .map(([what, value]) => ({ what, value }))
}
