import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import {
  COMPLAINT_CATEGORIES,
  COMPLAINT_OUTCOMES,
  COMPLAINT_SEVERITIES,
  COMPLAINT_STATUSES,
  type Complaint,
} from '../../../partners/complaints/complaint.ts'
import { act, type Outcome } from '../act.ts'
import type { Row } from '../output.ts'

type Keyed = { readonly key?: string }
type TakeOptions = Keyed &
  Pick<Complaint, 'category'> & {
    readonly severity?: Complaint['severity']
    readonly text: string
    readonly customer?: string
    readonly complainingPartner?: string
  }
type ListOptions = { readonly partner?: string; readonly status?: Complaint['status'] }
type AssignOptions = Keyed & { readonly to: string; readonly severity?: Complaint['severity'] }
type DecideOptions = Keyed & {
  readonly outcome: (typeof COMPLAINT_OUTCOMES)[number]
  readonly answer: string
  readonly remedy?: string
}

/** `tributary partner complaint …`. */
export function addComplaint(partner: Command): void {
  const complaint = partner.command('complaint').description('what somebody says that a partner did wrong')
  addTaking(complaint)
  addLooks(complaint)
  addDecisions(complaint)
}

function addTaking(complaint: Command): void {
  keyed(complaint.command('take'))
    .argument('<code>', 'the partner that it is about')
    .addOption(new Option('--category <what>', 'about what').choices(COMPLAINT_CATEGORIES).makeOptionMandatory())
    .requiredOption('--text <text>', 'what was said')
    .addOption(severityOption())
    .option('--customer <accountKey>', 'a customer complains')
    .option('--complaining-partner <code>', 'a partner complains')
    .description('takes one in for whoever said it; another person decides it')
    .action((code: string, { key, ...options }: TakeOptions, command: Command) =>
      act(command, async (context) => {
        const { takeComplaint } = await import('../../../partners/complaints/take-complaint.ts')
        return told(await takeComplaint(context, { partner: code, ...options, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  keyed(complaint.command('assign'))
    .argument('<id>', 'cpl_…')
    .requiredOption('--to <name>', 'who works on it')
    .addOption(severityOption())
    .description('says who works on it, and how grave it is')
    .action((id: string, { key, ...options }: AssignOptions, command: Command) =>
      act(command, async (context) => {
        const { assignComplaint } = await import('../../../partners/complaints/assign-complaint.ts')
        return told(await assignComplaint(context, { complaint: id, ...options, idempotencyKey: key ?? randomUUID() }))
      }),
    )
}

function addLooks(complaint: Command): void {
  complaint
    .command('list')
    .option('--partner <code>', 'about this partner alone')
    .addOption(new Option('--status <status>', 'in this status alone').choices(COMPLAINT_STATUSES))
    .description('complaints, the last received first, up to a hundred')
    .action((options: ListOptions, command: Command) =>
      act(command, async (context) => {
        const { listComplaints } = await import('../../../partners/complaints/list-complaints.ts')
        const { edges } = await listComplaints(context, { ...options, page: { first: 100 } })
        const complaints = edges.map(({ node }) => node)
        return { result: complaints, rows: complaints.map(rowOf) }
      }),
    )
  complaint
    .command('show')
    .argument('<id>', 'cpl_…')
    .description('one complaint, with what was said and answered')
    .action((id: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { requireComplaint } = await import('../../../partners/complaints/require-complaint.ts')
        const found = await requireComplaint(context, id)
        return { result: found, rows: linesOf(found) }
      }),
    )
}

function addDecisions(complaint: Command): void {
  keyed(complaint.command('decide'))
    .argument('<id>', 'cpl_…')
    .addOption(new Option('--outcome <what>', 'who is right').choices(COMPLAINT_OUTCOMES).makeOptionMandatory())
    .requiredOption('--answer <text>', 'to the complainant')
    .option('--remedy <text>', 'what is put right; the partner reads it too, so it names nobody')
    .description('decides it for good, by another person than took it in')
    .action((id: string, { key, ...options }: DecideOptions, command: Command) =>
      act(command, async (context) => {
        const { decideComplaint } = await import('../../../partners/complaints/decide-complaint.ts')
        return told(await decideComplaint(context, { complaint: id, ...options, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  keyed(complaint.command('withdraw'))
    .argument('<id>', 'cpl_…')
    .description('ends it, since whoever complained says so')
    .action((id: string, { key }: Keyed, command: Command) =>
      act(command, async (context) => {
        const { withdrawComplaint } = await import('../../../partners/complaints/withdraw-complaint.ts')
        return told(await withdrawComplaint(context, { complaint: id, idempotencyKey: key ?? randomUUID() }))
      }),
    )
}

function keyed(command: Command): Command {
  return command.option('--key <key>', 'idempotency key: the same again has one effect')
}

function severityOption(): Option {
  return new Option('--severity <how>', 'how grave it is').choices(COMPLAINT_SEVERITIES)
}

function told(complaint: Complaint): Outcome {
  return { result: complaint, rows: [rowOf(complaint)] }
}

function rowOf({ id, category, severity, status, complainant, assignedTo, dueAt }: Complaint): Row {
  return {
    id,
    category,
    severity,
    status,
    complainant: complainant.kind,
    assigned: assignedTo,
    due: dueAt.toISOString(),
  }
}

/** One name and value a line, since there are too many for a row. */
function linesOf(complaint: Complaint): readonly Row[] {
  const { partner, receivedAt, takenBy, decidedAt, decidedBy, words } = complaint
  const lines: Row = {
    ...{ ...rowOf(complaint), partner, received: `${receivedAt.toISOString()} by ${takenBy}` },
    decided: decidedAt && `${decidedAt.toISOString()} by ${decidedBy}`,
    ...words,
  }
  return Object.entries(lines)
    .filter(([, value]) => value !== undefined)
    .map(([what, value]) => ({ what, value }))
}
