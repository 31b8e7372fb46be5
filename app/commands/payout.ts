import type { Command } from 'commander'
import { addInvoice } from './payout/invoice.ts'

/** `tributary payout …`: a file for each verb. */
export function addPayout(program: Command): void {
  const payout = program.command('payout').description('paying statements by bank')
  for (const add of [addInvoice]) add(payout)
}
