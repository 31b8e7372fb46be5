// A process that takes steps of a batch, for tests that run several at once or kill one. It tells the end of each step on a
// line of its own, or the code of the fault; at the end it stands still until it is killed where it is told to.
import { createHash } from 'node:crypto'
import { type DatabaseAddress, openDatabase } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import { approvePayouts } from '../../../ledger/payouts/approve-payouts.ts'
import { instructPayouts } from '../../../ledger/payouts/instruct-payouts.ts'
import { writePayoutFile } from '../../../ledger/payouts/write-payout-file.ts'
import { contextOver, testClock } from '../../support/database.ts'
import { as } from './scene.ts'

/** What the process is given, as JSON in its one argument. */
export type PayoutOrder = {
  readonly address: DatabaseAddress
  readonly at: string
  readonly person: string
  readonly batch: string
  readonly steps: readonly ('approve' | 'instruct' | 'file')[]
  readonly standStill?: boolean
}

const order: PayoutOrder = JSON.parse(process.argv[2] ?? '{}')
const database = openDatabase(order.address, 'tributary:tests:payouts', 3)
const context = as(contextOver(database, testClock(order.at)), order.person)
const { batch } = order

async function take(step: PayoutOrder['steps'][number]): Promise<string> {
  if (step === 'approve') return (await approvePayouts(context, { batch })).status
  if (step === 'instruct') return (await instructPayouts(context, { batch })).status
  const { text } = await writePayoutFile(context, { batch, format: 'PAIN_001' })
  return createHash('sha256').update(text).digest('hex')
}

// begun when all of them are ready
console.log('READY')
await new Promise((resolve) => process.stdin.once('data', resolve))
for (const step of order.steps) {
  try {
    console.log(await take(step))
  } catch (error) {
    console.log(error instanceof Fault ? error.code : String(error))
  }
}
if (order.standStill === true) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
process.stdin.destroy()
await database.close()
