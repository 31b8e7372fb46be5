import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import type { Context } from '../../../database/context.ts'
import { type BankBreak, PROPOSALS, type ProposalKind } from '../../../ledger/reconciliation/bank-break.ts'
import { BOOKING_ACCOUNT_NAMES } from '../../../ledger/reconciliation/booking-accounts.ts'
import { act } from '../act.ts'
import { toldBreak } from './break-row.ts'

type Which = { readonly break: string; readonly idempotencyKey: string }
type Keyed = { readonly key?: string }
type ResolveOptions = Keyed & {
  readonly payout?: string
  readonly journalEntry?: string
  readonly repaymentOf?: string
}
type ReasonOptions = Keyed & { readonly reason: string }
type ApproveOptions = Keyed & { readonly kind: ProposalKind; readonly to?: string }
type BookOptions = ReasonOptions & { readonly to: string }

/** `tributary bank assign|resolve|book|write-off|set-aside|approve|decline BREAK`. */
export function addBreakVerbs(bank: Command): void {
  verb(bank, 'assign', 'says who looks after a break')
    .option('--owner <actor>', 'such as staff:alice; nobody when absent')
    .action((id: string, { owner, key }: Keyed & { owner?: string }, command: Command) =>
      onBreak(command, id, key, async (context, which) => {
        const { assignBreak } = await import('../../../ledger/reconciliation/assign-break.ts')
        return assignBreak(context, { ...which, owner })
      }),
    )
  verb(bank, 'resolve', 'says by hand what an entry is: a payout, a repayment, or what stands in the journal already')
    .option('--payout <id>', 'pyt_…: it settles this payout, or returns it')
    .option('--journal-entry <id>', 'jre_…: this entry of the journal stands for it')
    .option('--repayment-of <id>', 'agr_…: a partner pays back what it owed by this agreement')
    .action((id: string, { payout, journalEntry, repaymentOf, key }: ResolveOptions, command: Command) =>
      onBreak(command, id, key, async (context, which) => {
        const { resolveBreak } = await import('../../../ledger/reconciliation/resolve-break.ts')
        return resolveBreak(context, { ...which, payout, journalEntry, repaymentOf })
      }),
    )
  addProposals(bank)
  verb(bank, 'approve', 'does what another person proposed: say what, so that nothing else is done')
    .addOption(new Option('--kind <kind>', 'what is proposed').choices(PROPOSALS).makeOptionMandatory())
    .option('--to <account>', 'for BOOKED: the account of the journal that is proposed')
    .action((id: string, { kind, to: account, key }: ApproveOptions, command: Command) =>
      onBreak(command, id, key, async (context, which) => {
        const { approveResolution } = await import('../../../ledger/reconciliation/approve-resolution.ts')
        return approveResolution(context, { ...which, kind, account })
      }),
    )
  verb(bank, 'decline', 'declines what is proposed; the break stays open')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, { reason, key }: ReasonOptions, command: Command) =>
      onBreak(command, id, key, async (context, which) => {
        const { declineResolution } = await import('../../../ledger/reconciliation/decline-resolution.ts')
        return declineResolution(context, { ...which, reason })
      }),
    )
}

function addProposals(bank: Command): void {
  verb(bank, 'book', 'proposes to book an entry or a gap that is no payout; another person approves')
    .requiredOption('--to <account>', `of the journal: ${BOOKING_ACCOUNT_NAMES.join(', ')}`)
    .requiredOption('--reason <text>', 'what it is')
    .action((id: string, { to: account, reason, key }: BookOptions, command: Command) =>
      propose(command, id, key, { kind: 'BOOKED', account, reason }),
    )
  verb(bank, 'write-off', 'proposes to write off a small difference to a payout; another person approves')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, { reason, key }: ReasonOptions, command: Command) =>
      propose(command, id, key, { kind: 'WRITTEN_OFF', reason }),
    )
  verb(bank, 'set-aside', 'proposes that a line is no money, such as one told twice; another person approves')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, { reason, key }: ReasonOptions, command: Command) =>
      propose(command, id, key, { kind: 'SET_ASIDE', reason }),
    )
}

type Proposed =
  | { readonly kind: 'BOOKED'; readonly account: string; readonly reason: string }
  | { readonly kind: 'WRITTEN_OFF' | 'SET_ASIDE'; readonly reason: string }

function propose(command: Command, id: string, key: string | undefined, proposed: Proposed): Promise<void> {
  return onBreak(command, id, key, async (context, which) => {
    const { proposeResolution } = await import('../../../ledger/reconciliation/propose-resolution.ts')
    return proposeResolution(context, { ...which, ...proposed })
  })
}

function verb(bank: Command, name: string, about: string): Command {
  return bank
    .command(name)
    .argument('<break>', 'brk_…')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description(about)
}

function onBreak(
  command: Command,
  id: string,
  key: string | undefined,
  work: (context: Context, which: Which) => Promise<BankBreak>,
): Promise<void> {
  return act(command, async (context) =>
    toldBreak(await work(context, { break: id, idempotencyKey: key ?? randomUUID() }), context.clock.now()),
  )
}
