// A process that funds a round, for tests that kill it. It tells each step on a line of its own; at the step where it is
// told to stop it stands still until it is killed.
import { openPayoutContract } from '../../../contracts/payout-contract.ts'
import { signerOfKey } from '../../../contracts/signer.ts'
import { type DatabaseAddress, openDatabase } from '../../../database/client.ts'
import { fundRound } from '../../../ledger/distribution/fund-round.ts'
import { contextOver, testClock } from '../../support/database.ts'
import { as, BUDGET_WEI } from './scene.ts'

/** What the process is given, as JSON in its one argument. */
export type FundingOrder = {
  readonly address: DatabaseAddress
  readonly url: string
  readonly contract: string
  readonly key: string
  readonly round: string
  /** KEPT: kept and not yet sent. SENT: sent, and nothing after it. */
  readonly stopAt: 'KEPT' | 'SENT'
}

const order: FundingOrder = JSON.parse(process.argv[2] ?? '{}')
const database = openDatabase(order.address, 'tributary:tests:funding', 3)
const context = as(contextOver(database, testClock(new Date().toISOString())), 'alice')
const chain = openPayoutContract({ rpcUrl: order.url, contract: order.contract, signer: signerOfKey(order.key) })
if (chain.sender === undefined) throw new Error('the process has a key')
const sender = {
  ...chain.sender,
  broadcast: async (bytes: Buffer) => {
    tell('KEPT')
    const answer = await chain.sender?.broadcast(bytes)
    if (answer === undefined) throw new Error('the process has a key')
    tell('SENT')
    return answer
  },
}
await fundRound(context, { round: order.round, chain: { ...chain, sender }, budgetWei: BUDGET_WEI })

function tell(step: string): void {
  console.log(step)
  if (step === order.stopAt) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
