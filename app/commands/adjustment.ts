import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { formatDecimal } from '../../kernel/money.ts'
import type { Adjustment } from '../../ledger/adjustments/adjustment.ts'
import { PROPOSAL_STATUSES, type ProposalStatus } from '../../ledger/proposal.ts'
import { act } from './act.ts'
import type { Row } from './output.ts'

type ProposeOptions = { readonly agreement: string; readonly amount: string; readonly reason: string }
type ListOptions = { readonly programme?: string; readonly status?: ProposalStatus }

/** `tributary adjustment …`. */
export function addAdjustment(program: Command): void {
  const adjustment = program.command('adjustment').description('money given by hand, or taken, by two persons')
  adjustment
    .command('propose')
    .requiredOption('--agreement <id>', 'agr_…')
    .requiredOption('--amount <decimal>', "in the programme's asset; below zero it is taken: --amount=-12.50")
    .requiredOption('--reason <text>', 'why; its partner reads it')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('proposes it; another person approves')
    .action(({ key, ...options }: ProposeOptions & { key?: string }, command: Command) =>
      act(command, async (context) => {
        const { proposeAdjustment } = await import('../../ledger/adjustments/propose-adjustment.ts')
        return told(await proposeAdjustment(context, { ...options, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  adjustment
    .command('approve')
    .argument('<id>', 'adj_…')
    .description('lets the next month that is closed have what another person proposed')
    .action((id: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { approveAdjustment } = await import('../../ledger/adjustments/approve-adjustment.ts')
        return told(await approveAdjustment(context, { adjustment: id, idempotencyKey: randomUUID() }))
      }),
    )
  adjustment
    .command('reject')
    .argument('<id>', 'adj_…')
    .requiredOption('--reason <text>', 'why')
    .description('rejects what another person proposed, for good')
    .action((id: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { rejectAdjustment } = await import('../../ledger/adjustments/reject-adjustment.ts')
        return told(await rejectAdjustment(context, { adjustment: id, reason, idempotencyKey: randomUUID() }))
      }),
    )
  addList(adjustment)
}

function addList(adjustment: Command): void {
  adjustment
    .command('list')
    .option('--programme <code>', 'of this programme alone')
    .addOption(new Option('--status <status>', 'in this status alone').choices(PROPOSAL_STATUSES))
    .description('adjustments, the last proposed first, up to a hundred')
    .action((options: ListOptions, command: Command) =>
      act(command, async (context) => {
        const { listAdjustments } = await import('../../ledger/adjustments/list-adjustments.ts')
        const { edges } = await listAdjustments(context, { ...options, page: { first: 100 } })
        const adjustments = edges.map(({ node }) => node)
        return { result: adjustments, rows: adjustments.map(rowOf) }
      }),
    )
}

function told(adjustment: Adjustment): { readonly result: Adjustment; readonly rows: readonly Row[] } {
  return { result: adjustment, rows: [rowOf(adjustment)] }
}

function rowOf({ id, agreement, asset, minor, reason, status, proposedBy, decidedBy, statement }: Adjustment): Row {
  return { id, agreement, amount: formatDecimal({ asset, minor }), reason, status, proposedBy, decidedBy, statement }
}
