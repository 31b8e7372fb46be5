import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import { DISPUTE_STATUSES, type DisputeStatus } from '../../../ledger/disputes/dispute.ts'
import { act } from '../act.ts'
import { disputeRow } from './dispute-row.ts'

type ListOptions = { readonly status?: DisputeStatus; readonly statement?: string }
type AnswerOptions = {
  readonly upheld?: boolean
  readonly rejected?: boolean
  readonly amount?: string
  readonly text: string
  readonly key?: string
}

/** `tributary statement disputes`, `answer`: what finance does. */
export function addDisputes(statement: Command): void {
  statement
    .command('disputes')
    .addOption(new Option('--status <status>', 'in this status alone').choices(DISPUTE_STATUSES))
    .option('--statement <statement>', 'of this one alone, by number or id')
    .description('disputes, the last opened first, up to a hundred')
    .action((options: ListOptions, command: Command) =>
      act(command, async (context) => {
        const { listDisputes } = await import('../../../ledger/disputes/list-disputes.ts')
        const { requireStatement } = await import('../../../ledger/settlement/require-statement.ts')
        const { statement: named, status } = options
        const of = named === undefined ? undefined : (await requireStatement(context, named)).id
        const { edges } = await listDisputes(context, { statement: of, status, page: { first: 100 } })
        const disputes = edges.map(({ node }) => node)
        return { result: disputes, rows: disputes.map(disputeRow) }
      }),
    )
  statement
    .command('answer')
    .argument('<dispute>', 'dsp_…')
    .option('--upheld', 'the partner is right')
    .option('--rejected', 'it is not')
    .option('--amount <decimal>', 'of what is upheld: what it is to be given, once another person approves it')
    .requiredOption('--text <text>', 'the answer; the partner reads it')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('answers a dispute, for good; the statement stays as it is')
    .action((id: string, options: AnswerOptions, command: Command) =>
      act(command, async (context) => {
        const { upheld = false, rejected = false, amount, text, key = randomUUID() } = options
        if (upheld === rejected) throw new Fault('INVALID_INPUT', 'say either --upheld or --rejected')
        const { answerDispute } = await import('../../../ledger/disputes/answer-dispute.ts')
        const given = { dispute: id, upheld, amount, answer: text, idempotencyKey: key }
        const answered = await answerDispute(context, given)
        return { result: answered, rows: [disputeRow(answered)] }
      }),
    )
}
