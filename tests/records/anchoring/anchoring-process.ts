// A process that takes turns of anchoring, for tests that kill it. It tells each step on a line of its own; at the step
// where it is told to stop it stands still until it is killed.
import { openAnchorContract } from '../../../contracts/anchor-contract.ts'
import { signerOfKey } from '../../../contracts/signer.ts'
import { type DatabaseAddress, openDatabase } from '../../../database/client.ts'
import { anchorLog } from '../../../records/anchoring/anchor-log.ts'
import type { AnchorChain, AnchorPolicy } from '../../../records/anchoring/chain.ts'
import { contextOver, TEST_TIME, testClock } from '../../support/database.ts'

/** What the process is given, as JSON in its one argument. */
export type AnchoringOrder = {
  readonly address: DatabaseAddress
  readonly url: string
  readonly contract: string
  readonly key: string
  readonly turns: number
  /** SIGNED: signed and not yet kept. KEPT: kept and not yet sent. SENT: sent, and that not yet kept. */
  readonly stopAt?: 'SIGNED' | 'KEPT' | 'SENT'
}

const order: AnchoringOrder = JSON.parse(process.argv[2] ?? '{}')
const policy: AnchorPolicy = { everySeconds: 0, budgetWei: 10n ** 17n, replaceAfterSeconds: 120, confirmations: 1 }
const database = openDatabase(order.address, 'tributary:tests:anchoring', 3)
const context = contextOver(database, testClock(TEST_TIME))
const contract = openAnchorContract({ rpcUrl: order.url, contract: order.contract, signer: signerOfKey(order.key) })
const chain: AnchorChain = {
  ...contract,
  sign: async (...parameters) => {
    const signed = await contract.sign(...parameters)
    tell('SIGNED')
    return signed
  },
  broadcast: async (bytes) => {
    tell('KEPT')
    const answer = await contract.broadcast(bytes)
    tell('SENT')
    return answer
  },
}

console.log('READY')
for (let turn = 0; turn < order.turns; turn++) tell((await anchorLog(context, { chain, policy })).state)
contract.close()
await database.close()

function tell(step: string): void {
  console.log(step)
  if (step === order.stopAt) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
