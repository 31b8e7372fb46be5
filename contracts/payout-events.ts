import { toBeHex, toQuantity } from 'ethers'
import { z } from 'zod'
import { readArtifact } from './artifact.ts'
import type { Rpc } from './rpc.ts'
import { quantityIn } from './transactions.ts'

const { abi } = readArtifact('PayoutDistributor')
/** Nodes bound how many blocks one question may span. */
const MOST_BLOCKS = 10_000n

/** Something that happened to a round, in a block of which `at` is the time. */
export type PayoutEvent = { readonly tx: string; readonly at: Date } & (
  | { readonly kind: 'OPENED' }
  | { readonly kind: 'CLAIMED'; readonly index: number; readonly amount: bigint }
  | { readonly kind: 'SWEPT'; readonly amount: bigint }
)

const logsSchema = z.array(
  z.object({
    topics: z.array(z.string()),
    data: z.string(),
    blockNumber: z.string(),
    transactionHash: z.string().regex(/^0x[0-9a-f]{64}$/),
  }),
)
type ChainLog = z.infer<typeof logsSchema>[number]

/** What the contract's events say of a round in a span of blocks, both ends included, in the order of the chain. */
export async function readPayoutEvents(
  rpc: Rpc,
  contract: string,
  { number, from, to }: { readonly number: bigint; readonly from: bigint; readonly to: bigint },
): Promise<readonly PayoutEvent[]> {
  const times = new Map<string, Date>()
  const events: PayoutEvent[] = []
  for (let start = from; start <= to; start += MOST_BLOCKS) {
    const end = start + MOST_BLOCKS - 1n
    const span = { fromBlock: toQuantity(start), toBlock: toQuantity(end < to ? end : to) }
    const logs = logsSchema.parse(
      await rpc.ask('eth_getLogs', [{ address: contract, topics: [null, toBeHex(number, 32)], ...span }]),
    )
    for (const log of logs) {
      const event = eventOf(log, times.get(log.blockNumber) ?? (await timeOf(rpc, log.blockNumber, times)))
      if (event !== undefined) events.push(event)
    }
  }
  return events
}

async function timeOf(rpc: Rpc, block: string, times: Map<string, Date>): Promise<Date> {
  const found = await rpc.ask('eth_getBlockByNumber', [block, false])
  const at = new Date(Number(quantityIn(found, 'timestamp')) * 1000)
  times.set(block, at)
  return at
}

/** Events of other kinds, whose first topic happens to be the same number, are none of a round. */
function eventOf(log: ChainLog, at: Date): PayoutEvent | undefined {
  const parsed = abi.parseLog({ topics: log.topics, data: log.data })
  const of = { tx: log.transactionHash, at }
  switch (parsed?.name) {
    case 'RoundOpened':
      return { ...of, kind: 'OPENED' }
    case 'Claimed':
      return { ...of, kind: 'CLAIMED', index: Number(parsed.args['index']), amount: BigInt(parsed.args['amount']) }
    case 'Swept':
      return { ...of, kind: 'SWEPT', amount: BigInt(parsed.args['amount']) }
    default:
      return undefined
  }
}
