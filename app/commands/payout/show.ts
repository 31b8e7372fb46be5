import type { Command } from 'commander'
import type { Context } from '../../../database/context.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Payout } from '../../../ledger/payouts/payout.ts'
import { act, type Outcome } from '../act.ts'
import { payoutRow } from './rows.ts'

/** `tributary payout show`. */
export function addShow(payout: Command): void {
  payout
    .command('show')
    .argument('<thing>', 'a batch (pob_…), a payout (pyt_…), or a statement by its number or id')
    .description('the payouts of a batch or a statement, or one payout')
    .action((thing: string, _options: object, command: Command) => act(command, (context) => show(context, thing)))
}

async function show(context: Context, thing: string): Promise<Outcome> {
  if (thing.startsWith('pob_')) return showBatch(context, thing)
  const { requireStatement } = await import('../../../ledger/settlement/require-statement.ts')
  const { listPayoutsOfStatement } = await import('../../../ledger/payouts/list-payouts-of-statement.ts')
  const { findPayout } = await import('../../../ledger/payouts/find-payout.ts')
  if (thing.startsWith('pyt_')) {
    const found = await findPayout(context, thing)
    if (found !== undefined) return { result: found }
    throw new Fault('NOT_FOUND', `there is no payout ${JSON.stringify(thing.slice(0, 60))}`)
  }
  const { id: statement } = await requireStatement(context, thing)
  const payouts = await listPayoutsOfStatement(context, { statement })
  return { result: payouts, rows: payouts.map(payoutRow) }
}

async function showBatch(context: Context, id: string): Promise<Outcome> {
  const { findPayoutBatch } = await import('../../../ledger/payouts/find-payout-batch.ts')
  const batch = await findPayoutBatch(context, id)
  if (batch === undefined) throw new Fault('NOT_FOUND', `there is no payout batch ${JSON.stringify(id.slice(0, 60))}`)
  const payouts = await allOf(context, id)
  const made = batch.files.map(({ format, madeBy, madeAt }) => `${format} for ${madeBy} at ${madeAt.toISOString()}`)
  const files = made.length === 0 ? 'no file was made' : `files made: ${made.join('; ')}`
  const sentence = `${batch.id} is ${batch.status}; ${files}`
  return { result: { ...batch, payouts }, rows: payouts.map(payoutRow), sentence }
}

async function allOf(context: Context, batch: string): Promise<readonly Payout[]> {
  const { listPayouts } = await import('../../../ledger/payouts/list-payouts.ts')
  const all: Payout[] = []
  let after: string | undefined
  for (;;) {
    const { edges, hasNextPage } = await listPayouts(context, { batch, page: { first: 100, after } })
    all.push(...edges.map(({ node }) => node))
    after = edges.at(-1)?.cursor
    if (!hasNextPage) return all
  }
}
