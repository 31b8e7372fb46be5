import type { Command } from 'commander'
import { addApprove } from './payout/approve.ts'
import { addCancel } from './payout/cancel.ts'
import { addFile } from './payout/file.ts'
import { addInstruct } from './payout/instruct.ts'
import { addInvoice } from './payout/invoice.ts'
import { addList } from './payout/list.ts'
import { addPayable } from './payout/payable.ts'
import { addPrepare } from './payout/prepare.ts'
import { addResolve } from './payout/resolve.ts'
import { addSent } from './payout/sent.ts'
import { addShow } from './payout/show.ts'
import { addUnknown } from './payout/unknown.ts'

/** `tributary payout …`: a file for each verb. */
export function addPayout(program: Command): void {
  const payout = program.command('payout').description('payouts by bank, in batches that two persons decide')
  const verbs = [addPayable, addPrepare, addApprove, addCancel, addInstruct, addFile, addSent]
  for (const add of [...verbs, addList, addShow, addUnknown, addResolve, addInvoice]) add(payout)
}
