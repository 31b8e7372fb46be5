import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { formatDecimal } from '../../../kernel/money.ts'
import { act } from '../act.ts'
import { disputeRow } from './dispute-row.ts'

type Keyed = { readonly key?: string }
type DisputeOptions = Keyed & {
  readonly rule?: readonly string[]
  readonly line?: readonly string[]
  readonly amount?: string
  readonly reason: string
}

const KEY = ['--key <key>', 'idempotency key: the same again has one effect'] as const
const ON_BEHALF = 'on its partner’s behalf, in your name'

/** `tributary statement accept`, `dispute`, `withdraw`: what a partner answers, entered by the staff. */
export function addAnswers(statement: Command): void {
  statement
    .command('accept')
    .argument('<statement>', 'its number or id')
    .option(...KEY)
    .description(`accepts a statement ${ON_BEHALF}`)
    .action((named: string, { key = randomUUID() }: Keyed, command: Command) =>
      act(command, async (context) => {
        const { acceptStatement } = await import('../../../ledger/disputes/accept-statement.ts')
        const { rules: _, ...accepted } = await acceptStatement(context, { statement: named, idempotencyKey: key })
        const { number, status, asset, payout } = accepted
        return { result: accepted, rows: [{ number, status, payout: formatDecimal({ asset, minor: payout }) }] }
      }),
    )
  statement
    .command('dispute')
    .argument('<statement>', 'its number or id')
    .option('--rule <no...>', 'places of rules that are disputed')
    .option('--line <id...>', 'ids of lines that are disputed, pol_…')
    .option('--amount <decimal>', 'how much of the payout is in doubt; what the parts gave when absent')
    .requiredOption('--reason <text>', 'why')
    .option(...KEY)
    .description(`disputes rules or lines of a statement, or the whole of it, ${ON_BEHALF}`)
    .action((named: string, options: DisputeOptions, command: Command) =>
      act(command, async (context) => {
        const { disputeStatement } = await import('../../../ledger/disputes/dispute-statement.ts')
        const { key = randomUUID(), rule, line, ...rest } = options
        const about = { rules: rule?.map(Number), lines: line?.slice() }
        const opened = await disputeStatement(context, { statement: named, ...about, ...rest, idempotencyKey: key })
        return { result: opened, rows: [disputeRow(opened)] }
      }),
    )
  statement
    .command('withdraw')
    .argument('<dispute>', 'dsp_…')
    .option(...KEY)
    .description(`withdraws a dispute ${ON_BEHALF}`)
    .action((id: string, { key = randomUUID() }: Keyed, command: Command) =>
      act(command, async (context) => {
        const { withdrawDispute } = await import('../../../ledger/disputes/withdraw-dispute.ts')
        const withdrawn = await withdrawDispute(context, { dispute: id, idempotencyKey: key })
        return { result: withdrawn, rows: [disputeRow(withdrawn)] }
      }),
    )
}
