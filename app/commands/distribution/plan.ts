import type { Command } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import { formatDecimal, parseAsset } from '../../../kernel/money.ts'
import { parseMonth } from '../../../kernel/month.ts'
import { roundRow } from './rows.ts'
import { actOnChain } from './with-payouts.ts'

type PlanOptions = {
  readonly asset: string
  readonly days: string
  readonly programme?: string
  readonly month?: string
}

const DAY_MS = 86_400_000

/** `tributary distribution plan`. */
export function addPlan(distribution: Command): void {
  distribution
    .command('plan')
    .description('gathers what is to be paid in an asset into a round; another person approves it')
    .requiredOption('--asset <asset>', 'what the contract pays in, such as USDC/6')
    .option('--days <count>', 'how long partners may claim', '180')
    .option('--programme <code>', 'statements of this programme only')
    .option('--month <month>', 'statements of this month only, such as 2026-01')
    .action(({ asset: text, days, programme, month }: PlanOptions, command: Command) =>
      actOnChain(command, async (context, { chain }) => {
        const { planRound } = await import('../../../ledger/distribution/plan-round.ts')
        const { buildPayoutTree } = await import('../../../contracts/payout-tree.ts')
        const asset = parseAsset(text)
        const planned = await planRound(context, {
          asset,
          programme,
          month: month === undefined ? undefined : parseMonth(month),
          deadline: new Date(context.clock.now().getTime() + daysOf(days) * DAY_MS),
          chain,
          buildTree: buildPayoutTree,
        })
        const waiting = planned.leftOut.map(({ number, transfer, hindrance }) => ({
          ...{ round: number, number: '', status: hindrance, asset, claims: '', deadline: '' },
          total: formatDecimal({ asset, minor: transfer }),
        }))
        return { result: planned, rows: [roundRow(planned.round), ...waiting] }
      }),
    )
}

function daysOf(text: string): number {
  if (/^[1-9][0-9]{0,3}$/.test(text)) return Number(text)
  throw new Fault('INVALID_INPUT', 'partners may claim for 1 to 9999 days', { field: 'days' })
}
