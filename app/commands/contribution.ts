import { type Command, Option } from 'commander'
import { CONFIRMATIONS, type Confirmation, type DecisionWord } from '../../ledger/facts/confirmation.ts'
import { CONTRIBUTION_KINDS, type Contribution, type ContributionKind } from '../../ledger/facts/contribution.ts'
import { act } from './act.ts'
import type { Row } from './output.ts'

type ListOptions = { readonly partner?: string; readonly undecided?: true }
type RequireOptions = { readonly partner: string; readonly kind: ContributionKind; readonly by: Confirmation }

/** `tributary contribution …`. */
export function addContribution(program: Command): void {
  const contribution = program.command('contribution').description('what partners reported, and what it waits for')
  contribution
    .command('list')
    .option('--partner <code>', 'of this partner alone')
    .option('--undecided', 'those alone that wait for a confirmation')
    .description('contributions, the last reported first, up to a hundred')
    .action((options: ListOptions, command: Command) =>
      act(command, async (context) => {
        const { surveyContributions } = await import('../../ledger/facts/survey-contributions.ts')
        const { edges } = await surveyContributions(context, { ...options, page: { first: 100 } })
        const contributions = edges.map(({ node }) => node)
        return { result: contributions, rows: contributions.map(rowOf) }
      }),
    )
  addDecision(contribution, 'CONFIRMED')
  addDecision(contribution, 'REJECTED')
  addRequirements(contribution)
}

function addDecision(contribution: Command, decision: DecisionWord): void {
  const rejects = decision === 'REJECTED'
  contribution
    .command(rejects ? 'reject' : 'confirm')
    .argument('<id>', 'id of the contribution, ctr_…')
    .addOption(new Option('--reason <text>', 'why; its partner reads it').makeOptionMandatory(rejects))
    .description(rejects ? 'lets it count nowhere, for good' : 'lets it count, once its customer is known')
    .action((id: string, { reason }: { reason?: string }, command: Command) =>
      act(command, async (context) => {
        const { decideContribution } = await import('../../ledger/facts/decide-contribution.ts')
        const decided = await decideContribution(context, { contribution: id, decision, reason })
        return { result: decided, rows: [rowOf(decided)] }
      }),
    )
}

function addRequirements(contribution: Command): void {
  contribution
    .command('require')
    .requiredOption('--partner <code>', "the partner's code")
    .addOption(new Option('--kind <kind>', 'of which kind').choices(CONTRIBUTION_KINDS).makeOptionMandatory())
    .addOption(new Option('--by <what>', 'what it waits for').choices(CONFIRMATIONS).makeOptionMandatory())
    .description('what contributions of a kind wait for, from now on')
    .action(({ partner, kind, by: confirmation }: RequireOptions, command: Command) =>
      act(command, async (context) => {
        const { requireConfirmation } = await import('../../ledger/facts/require-confirmation.ts')
        return { result: await requireConfirmation(context, { partner, kind, confirmation }) }
      }),
    )
  contribution
    .command('requirements')
    .requiredOption('--partner <code>', "the partner's code")
    .description('what each kind waits for now')
    .action(({ partner }: { partner: string }, command: Command) =>
      act(command, async (context) => {
        const { listRequirements } = await import('../../ledger/facts/list-requirements.ts')
        const requirements = await listRequirements(context, { partner })
        return { result: requirements, rows: requirements }
      }),
    )
}

function rowOf({ id, externalId, kind, occurredAt, confirmation, status, decision }: Contribution): Row {
  return { id, externalId, kind, occurredAt, waitsFor: confirmation, status, reason: decision?.reason }
}
