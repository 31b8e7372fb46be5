import { type Command, Option } from 'commander'
import { formatDecimal } from '../../../kernel/money.ts'
import {
  BREAK_KINDS,
  BREAK_STATUSES,
  type BreakKind,
  type BreakStatus,
} from '../../../ledger/reconciliation/bank-break.ts'
import { act } from '../act.ts'
import { breakRow } from './break-row.ts'
import { statementRow } from './import.ts'

type EntriesOptions = { readonly account: string; readonly unmatched?: boolean; readonly after?: string }
type BreaksOptions = {
  readonly account?: string
  readonly status: BreakStatus | 'ALL'
  readonly kind?: BreakKind
  readonly owner?: string
  readonly after?: string
}

const AFTER = ['--after <cursor>', 'go on behind this place, as the list before told it'] as const

/** `tributary bank statements|entries|breaks`. */
export function addLists(bank: Command): void {
  bank
    .command('statements')
    .option('--account <code>', 'of this account of ours alone')
    .option(...AFTER)
    .description('statements that banks gave us, the last imported first, up to a hundred')
    .action(({ account, after }: { account?: string; after?: string }, command: Command) =>
      act(command, async (context) => {
        const { listBankStatements } = await import('../../../ledger/reconciliation/list-bank-statements.ts')
        const page = await listBankStatements(context, { ownAccount: account, page: { first: 100, after } })
        return { result: page, rows: page.edges.map(({ node }) => statementRow(node)), sentence: more(page) }
      }),
    )
  addEntries(bank)
  addBreaks(bank)
}

function addEntries(bank: Command): void {
  bank
    .command('entries')
    .requiredOption('--account <code>', 'of this account of ours')
    .option('--unmatched', 'those alone that nothing came of yet')
    .option(...AFTER)
    .description('what moved at the bank, the last booked first, up to a hundred')
    .action(({ account: ownAccount, unmatched, after }: EntriesOptions, command: Command) =>
      act(command, async (context) => {
        const { listBankEntries } = await import('../../../ledger/reconciliation/list-bank-entries.ts')
        const page = await listBankEntries(context, { ownAccount, unmatched, page: { first: 100, after } })
        const rows = page.edges.map(({ node }) => ({
          id: node.id,
          booked: node.bookedOn,
          amount: formatDecimal(node),
          kind: node.kind,
          account: node.counterpartyMasked,
          name: node.counterpartyName,
          'end to end': node.endToEndId,
          match: node.match,
        }))
        return { result: page, rows, sentence: more(page) }
      }),
    )
}

function addBreaks(bank: Command): void {
  bank
    .command('breaks')
    .option('--account <code>', 'of this account of ours alone')
    .addOption(new Option('--status <status>', 'in this status').choices([...BREAK_STATUSES, 'ALL']).default('OPEN'))
    .addOption(new Option('--kind <kind>', 'of this kind alone').choices(BREAK_KINDS))
    .option('--owner <actor>', 'of this owner alone, such as staff:alice')
    .option(...AFTER)
    .description('what does not fit, the oldest first, up to a hundred')
    .action(({ account, status, kind, owner, after }: BreaksOptions, command: Command) =>
      act(command, async (context) => {
        const { listBreaks } = await import('../../../ledger/reconciliation/list-breaks.ts')
        const filter = { ownAccount: account, status: status === 'ALL' ? undefined : status, kind, owner }
        const page = await listBreaks(context, { ...filter, page: { first: 100, after } })
        const now = context.clock.now()
        return { result: page, rows: page.edges.map(({ node }) => breakRow(node, now)), sentence: more(page) }
      }),
    )
}

type Listed = { readonly hasNextPage: boolean; readonly edges: readonly { readonly cursor: string }[] }

function more({ hasNextPage, edges }: Listed): string | undefined {
  return hasNextPage ? `there are more: --after ${edges.at(-1)?.cursor}` : undefined
}
