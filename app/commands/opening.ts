import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { formatDecimal } from '../../kernel/money.ts'
import type { Opening } from '../../ledger/openings/opening.ts'
import { act } from './act.ts'
import type { Row } from './output.ts'
import { readText } from './read-text.ts'

type ProposeOptions = { readonly cutOver: string; readonly reason: string; readonly key?: string }

/** `tributary opening …`. */
export function addOpening(program: Command): void {
  const opening = program.command('opening').description('balances out of another system, by two persons')
  opening
    .command('propose')
    .argument('<file>', 'CSV with a header or JSON: account or partner and programme, asset, amount, releaseMonth')
    .requiredOption('--cut-over <time>', 'from when on we keep the books, such as 2026-01-01T00:00:00+08:00')
    .requiredOption('--reason <text>', 'where they are from')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('proposes them; another person approves')
    .action((file: string, { cutOver, reason, key }: ProposeOptions, command: Command) =>
      act(command, async (context) => {
        const { proposeOpening } = await import('../../ledger/openings/propose-opening.ts')
        const { readOpeningFile } = await import('../../ledger/openings/read-opening-file.ts')
        const lines = readOpeningFile(file, await readText(file))
        return shown(await proposeOpening(context, { cutOver, reason, lines, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  opening
    .command('approve')
    .argument('<id>', 'opn_…')
    .description('brings along what another person proposed')
    .action((id: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { approveOpening } = await import('../../ledger/openings/approve-opening.ts')
        return shown(await approveOpening(context, { opening: id, idempotencyKey: randomUUID() }))
      }),
    )
  opening
    .command('reject')
    .argument('<id>', 'opn_…')
    .requiredOption('--reason <text>', 'why')
    .description('rejects what another person proposed, for good')
    .action((id: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { rejectOpening } = await import('../../ledger/openings/reject-opening.ts')
        return shown(await rejectOpening(context, { opening: id, reason, idempotencyKey: randomUUID() }))
      }),
    )
  opening
    .command('list')
    .description('what was proposed, the last first, up to a hundred files')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { listOpenings } = await import('../../ledger/openings/list-openings.ts')
        const openings = await listOpenings(context)
        const rows = openings.map(({ id, cutOver, reason, status, lines, proposedBy, decidedBy }) => ({
          ...{ id, cutOver, reason, status, lines: lines.length, proposedBy, decidedBy },
        }))
        return { result: openings, rows }
      }),
    )
}

/** All lines, and what became of them. */
function shown(opening: Opening): {
  readonly result: Opening
  readonly rows: readonly Row[]
  readonly sentence: string
} {
  const { id, status, lines, cutOver } = opening
  const rows = lines.map((line) => ({
    kind: line.kind,
    of: line.kind === 'ACCOUNT' ? line.account : line.agreement,
    amount: formatDecimal(line),
    asset: line.asset,
    releaseMonth: line.kind === 'HOLDBACK' ? line.releaseMonth : undefined,
  }))
  return { result: opening, rows, sentence: `${id} is ${status}; cut-over at ${cutOver.toISOString()}.` }
}
