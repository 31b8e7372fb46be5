import { getAddress, Interface, isAddress, toQuantity } from 'ethers'
import { Fault } from '../kernel/fault.ts'
import { readArtifact } from './artifact.ts'
import { type PayoutEvent, readPayoutEvents } from './payout-events.ts'
import { openRpc, type Refused, type Rpc } from './rpc.ts'
import type { TransactionSigner } from './signer.ts'
import {
  type Broadcast,
  broadcast,
  type Call,
  type Fees,
  type Nonces,
  nonces,
  type Quote,
  quantity,
  quantityIn,
  quote,
  type Signed,
  sign,
} from './transactions.ts'

const { abi } = readArtifact('PayoutDistributor')
const TOKEN = new Interface([
  'function decimals() view returns (uint8)',
  'function balanceOf(address) view returns (uint256)',
  'function allowance(address, address) view returns (uint256)',
  'function approve(address, uint256) returns (bool)',
])

/** A round as the contract has it. */
type StoredRound = {
  readonly root: string
  readonly total: bigint
  readonly claimed: bigint
  readonly deadline: bigint
  readonly swept: boolean
}

type ToCall = Call & { readonly to: string }

/** A `PayoutDistributor` on a chain, and the account that signs for it, if one does. */
export type PayoutContract = {
  readonly describe: () => Promise<Described>
  readonly observe: (asked: ObserveInput) => Promise<Observed>
  /** As of the last block. */
  readonly roundNow: (number: bigint) => Promise<StoredRound | undefined>
  readonly callOf: {
    readonly approve: (token: string, amount: bigint) => ToCall
    readonly open: (round: Omit<StoredRound, 'claimed' | 'swept'> & { readonly number: bigint }) => ToCall
    readonly sweep: (number: bigint) => ToCall
  }
  readonly sender: Sender | undefined
  readonly close: () => void
}

type Described = {
  readonly chainId: bigint
  readonly contract: string
  readonly token: string
  readonly decimals: number
  readonly owner: string
  readonly block: bigint
}

type ObserveInput = {
  readonly number: bigint
  readonly leaves: number
  readonly after: bigint
  /** 1 is the last block. */
  readonly confirmations: number
}

type Observed = {
  readonly block: bigint
  readonly at: Date
  readonly round: StoredRound | undefined
  readonly claimed: ReadonlySet<number>
  readonly events: readonly PayoutEvent[]
}

type Sender = {
  readonly account: string
  readonly funds: (token: string) => Promise<{ readonly balance: bigint; readonly allowance: bigint }>
  readonly nonces: () => Promise<Nonces>
  readonly quote: (call: Call) => Promise<Quote | { readonly refused: string }>
  readonly sign: (call: Call, fees: Fees, place: Place) => Promise<Signed>
  readonly broadcast: (bytes: Buffer) => Promise<Broadcast>
}

type Place = { readonly nonce: number; readonly chainId: bigint }

/** Opens the contract at an address. Nothing is asked of the node yet. Throws `CONFIG_INVALID` for what is no address. */
export function openPayoutContract(options: {
  readonly rpcUrl: string
  readonly contract: string
  readonly signer: TransactionSigner | undefined
}): PayoutContract {
  if (!isAddress(options.contract)) throw new Fault('CONFIG_INVALID', 'the payout contract’s address is not one')
  const contract = getAddress(options.contract)
  const rpc = openRpc(options.rpcUrl)
  return {
    describe: () => describe(rpc, contract),
    observe: (asked) => observe(rpc, contract, asked),
    roundNow: (number) => readRound(rpc, contract, { number, block: 'latest' }),
    callOf: {
      approve: (token, amount) => ({ to: token, data: TOKEN.encodeFunctionData('approve', [contract, amount]) }),
      open: ({ number, root, total, deadline }) => ({
        to: contract,
        data: abi.encodeFunctionData('openRound', [number, root, total, deadline]),
      }),
      sweep: (number) => ({ to: contract, data: abi.encodeFunctionData('sweep', [number]) }),
    },
    sender: options.signer && senderOf(rpc, contract, options.signer),
    close: rpc.close,
  }
}

async function describe(rpc: Rpc, contract: string): Promise<Described> {
  const block = quantity(await rpc.ask('eth_blockNumber', []))
  const chainId = quantity(await rpc.ask('eth_chainId', []))
  const [token] = await view(rpc, abi, { to: contract, name: 'token' })
  const [owner] = await view(rpc, abi, { to: contract, name: 'owner' })
  const [decimals] = await view(rpc, TOKEN, { to: String(token), name: 'decimals' })
  return { chainId, contract, token: String(token), decimals: Number(decimals), owner: String(owner), block }
}

/** All of it as it was in one block; when the chain took that block back meanwhile, nothing. */
async function observe(
  rpc: Rpc,
  contract: string,
  { number, leaves, after, confirmations }: ObserveInput,
): Promise<Observed> {
  const last = quantity(await rpc.ask('eth_blockNumber', []))
  const deep = last - BigInt(Math.max(confirmations, 1) - 1)
  const height = deep < 0n ? 0n : deep
  const block = toQuantity(height)
  const before = await rpc.ask('eth_getBlockByNumber', [block, false])
  const round = await readRound(rpc, contract, { number, block })
  const claimed = round === undefined ? new Set<number>() : await readClaimed(rpc, contract, { number, leaves, block })
  const events = await readPayoutEvents(rpc, contract, { number, from: after + 1n, to: height })
  const again = await rpc.ask('eth_getBlockByNumber', [block, false])
  if (hashOf(before) !== hashOf(again)) {
    throw new Fault('CHAIN_UNAVAILABLE', 'the chain was reorganised while it was read: try again')
  }
  return { block: height, at: new Date(Number(quantityIn(before, 'timestamp')) * 1000), round, claimed, events }
}

type Where = { readonly number: bigint; readonly block: string }

async function readRound(rpc: Rpc, contract: string, { number, block }: Where): Promise<StoredRound | undefined> {
  const answer = await view(rpc, abi, { to: contract, name: 'rounds', parameters: [number], block })
  const [root, total, claimed, deadline, swept] = answer
  if (BigInt(String(root)) === 0n) return undefined
  return {
    root: String(root),
    total: BigInt(String(total)),
    claimed: BigInt(String(claimed)),
    deadline: BigInt(String(deadline)),
    swept: swept === true,
  }
}

async function readClaimed(
  rpc: Rpc,
  contract: string,
  { number, leaves, block }: Where & { readonly leaves: number },
): Promise<ReadonlySet<number>> {
  const words = Array.from({ length: Math.ceil(leaves / 256) }, (_, word) => word)
  const claimed = new Set<number>()
  for (const word of words) {
    const [bits] = await view(rpc, abi, { to: contract, name: 'claimedWords', parameters: [number, word], block })
    let rest = BigInt(String(bits))
    for (let bit = 0; rest > 0n; bit += 1, rest >>= 1n) if (rest & 1n) claimed.add(word * 256 + bit)
  }
  return claimed
}

type View = {
  readonly to: string
  readonly name: string
  readonly parameters?: readonly unknown[]
  readonly block?: string
}

async function view(rpc: Rpc, of: Interface, { to, name, parameters = [], block = 'latest' }: View) {
  const answer = String(await rpc.ask('eth_call', [{ to, data: of.encodeFunctionData(name, parameters) }, block]))
  // nothing stands at the address, or did not yet stand there
  if (answer === '0x') throw new Fault('CHAIN_REFUSED', `the chain has no contract at ${to} that answers ${name}`)
  const values: readonly unknown[] = [...of.decodeFunctionResult(name, answer)]
  return values
}

function senderOf(rpc: Rpc, contract: string, signer: TransactionSigner): Sender {
  const account = getAddress(signer.address)
  return {
    account,
    funds: async (token) => {
      const [balance] = await view(rpc, TOKEN, { to: token, name: 'balanceOf', parameters: [account] })
      const [allowance] = await view(rpc, TOKEN, { to: token, name: 'allowance', parameters: [account, contract] })
      return { balance: BigInt(String(balance)), allowance: BigInt(String(allowance)) }
    },
    nonces: () => nonces(rpc, account),
    quote: async (call) => {
      const quoted = await quote(rpc, account, call)
      return 'refused' in quoted ? { refused: reasonOf(quoted.refused) } : quoted
    },
    sign: (call, fees, place) => sign(signer, { call, fees, ...place }),
    broadcast: (bytes) => broadcast(rpc, bytes),
  }
}

/** The contract's own word for its refusal, or the node's. */
function reasonOf({ message, data }: Refused): string {
  const error = data === undefined ? null : abi.parseError(data)
  return error === null ? message : `${error.name}(${error.args.map(String).join(', ')})`
}

function hashOf(block: unknown): unknown {
  return typeof block === 'object' && block !== null ? Reflect.get(block, 'hash') : undefined
}
