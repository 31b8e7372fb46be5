import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { formatDecimal } from '../../../kernel/money.ts'
import { act } from '../act.ts'
import { localDate } from '../local-date.ts'
import type { Row } from '../output.ts'
import { batchRow } from './rows.ts'

type PrepareOptions = {
  readonly asset: string
  readonly from: string
  readonly on?: string
  readonly programme?: string
  readonly month?: string
  readonly key?: string
}

/** `tributary payout prepare`. */
export function addPrepare(payout: Command): void {
  payout
    .command('prepare')
    .requiredOption('--asset <asset>', 'what is paid, such as CNY/2')
    .requiredOption('--from <code>', 'code of the account of ours that pays')
    .option('--on <date>', 'when the bank is to pay, such as 2026-02-10; today, where this machine is, unless given')
    .option('--programme <code>', 'statements of this programme only')
    .option('--month <month>', 'statements of this month only, such as 2026-01')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('gathers what can be paid by bank into a batch; another person approves it')
    .action(({ asset, from, on, programme, month, key }: PrepareOptions, command: Command) =>
      act(command, async (context) => {
        const { preparePayouts } = await import('../../../ledger/payouts/prepare-payouts.ts')
        const executionDate = on ?? localDate(context.clock.now())
        const which = { asset, ownAccount: from, programme, month, executionDate }
        const prepared = await preparePayouts(context, { ...which, idempotencyKey: key ?? randomUUID() })
        const waiting = prepared.leftOut.map(
          ({ number, hindrance, left, asset: own }): Row => ({
            ...{ batch: number, status: hindrance, asset: own, from: '', on: '', payouts: '' },
            ...{ total: formatDecimal({ asset: own, minor: left }), preparedBy: '', approvedBy: '' },
          }),
        )
        return { result: prepared, rows: [batchRow(prepared.batch), ...waiting] }
      }),
    )
}
