import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { formatDecimal } from '../../kernel/money.ts'
import { PROPOSAL_STATUSES, type ProposalStatus } from '../../ledger/proposal.ts'
import type { WriteOff } from '../../ledger/receivables/write-off.ts'
import { act } from './act.ts'
import type { Row } from './output.ts'

type ProposeOptions = { readonly agreement: string; readonly amount?: string; readonly reason: string }

/** `tributary receivable …`. */
export function addReceivable(program: Command): void {
  const receivable = program.command('receivable').description('what partners owe, and giving it up by two persons')
  receivable
    .command('list')
    .description('what partners owe now, by agreement, with its age')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { listReceivables } = await import('../../ledger/reports/list-receivables.ts')
        const receivables = await listReceivables(context)
        const rows = receivables.map(({ asset, minor, since, ...row }) => ({
          ...{ partner: row.partner, programme: row.programme, agreement: row.agreement },
          ...{ owed: formatDecimal({ asset, minor }), asset, since, days: row.days },
        }))
        return { result: receivables, rows }
      }),
    )
  receivable
    .command('write-off')
    .requiredOption('--agreement <id>', 'agr_…')
    .option('--amount <decimal>', 'a part of it; all that is owed unless given')
    .requiredOption('--reason <text>', 'why; its partner may read it')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('proposes to give it up; another person approves')
    .action(({ key, ...options }: ProposeOptions & { key?: string }, command: Command) =>
      act(command, async (context) => {
        const { proposeWriteOff } = await import('../../ledger/receivables/propose-write-off.ts')
        return told(await proposeWriteOff(context, { ...options, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  addDecisions(receivable)
}

function addDecisions(receivable: Command): void {
  receivable
    .command('approve')
    .argument('<id>', 'wof_…')
    .description('gives up what another person proposed to')
    .action((writeOff: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { approveWriteOff } = await import('../../ledger/receivables/approve-write-off.ts')
        return told(await approveWriteOff(context, { writeOff, idempotencyKey: randomUUID() }))
      }),
    )
  receivable
    .command('reject')
    .argument('<id>', 'wof_…')
    .requiredOption('--reason <text>', 'why')
    .description('rejects what another person proposed, for good')
    .action((writeOff: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { rejectWriteOff } = await import('../../ledger/receivables/reject-write-off.ts')
        return told(await rejectWriteOff(context, { writeOff, reason, idempotencyKey: randomUUID() }))
      }),
    )
  receivable
    .command('write-offs')
    .addOption(new Option('--status <status>', 'in this status alone').choices(PROPOSAL_STATUSES))
    .description('write-offs, the last proposed first, up to a hundred')
    .action((options: { status?: ProposalStatus }, command: Command) =>
      act(command, async (context) => {
        const { listWriteOffs } = await import('../../ledger/receivables/list-write-offs.ts')
        const { edges } = await listWriteOffs(context, { ...options, page: { first: 100 } })
        const writeOffs = edges.map(({ node }) => node)
        return { result: writeOffs, rows: writeOffs.map(rowOf) }
      }),
    )
}

function told(writeOff: WriteOff): { readonly result: WriteOff; readonly rows: readonly Row[] } {
  return { result: writeOff, rows: [rowOf(writeOff)] }
}

function rowOf({ id, agreement, asset, minor, reason, status, proposedBy, decidedBy }: WriteOff): Row {
  return { id, agreement, amount: formatDecimal({ asset, minor }), asset, reason, status, proposedBy, decidedBy }
}
