import { getBytes, hexlify, isAddress, Transaction } from 'ethers'
import { invariant } from '../kernel/invariant.ts'
import type { Answer, Refused, Rpc } from './rpc.ts'
import type { TransactionSigner } from './signer.ts'

/** What a transaction calls: `to` is absent when it creates a contract. */
export type Call = { readonly to?: string; readonly data: string }

/** What a transaction costs at most: its gas, and for each unit of it what it pays in wei (EIP-1559). */
export type Fees = { readonly gasLimit: bigint; readonly maxFee: bigint; readonly priorityFee: bigint }

/** What a call would need now. */
export type Quote = { readonly gasLimit: bigint; readonly baseFee: bigint; readonly priorityFee: bigint }

/** How many transactions of an account are in blocks, and how many with those that wait for one. */
export type Nonces = { readonly mined: number; readonly pending: number }

/** A signed transaction: what is broadcast, and the hash by which it is found. */
export type Signed = { readonly hash: string; readonly bytes: Buffer }

export type Broadcast =
  | { readonly outcome: 'ACCEPTED' | 'NONCE_USED' | 'UNDERPRICED' }
  | { readonly outcome: 'REFUSED'; readonly why: string }

export type Found = 'UNKNOWN' | 'PENDING' | 'MINED' | 'REVERTED'

/**
 * What a call would need: its gas with a quarter more, estimated on the last block and not on what waits, so that a call
 * that replaces a waiting one is judged by itself; and the fees that blocks ask for now.
 */
export async function quote(rpc: Rpc, from: string, call: Call): Promise<Quote | { readonly refused: Refused }> {
  const estimate = await rpc.tryToAsk('eth_estimateGas', [{ from, ...call }, 'latest'])
  if ('refused' in estimate) return estimate
  const block = await rpc.ask('eth_getBlockByNumber', ['latest', false])
  const baseFee = quantityIn(block, 'baseFeePerGas')
  const priorityFee = quantity(await rpc.ask('eth_maxPriorityFeePerGas', []))
  return { gasLimit: (quantity(estimate.value) * 5n) / 4n, baseFee, priorityFee }
}

export async function nonces(rpc: Rpc, address: string): Promise<Nonces> {
  const mined = quantity(await rpc.ask('eth_getTransactionCount', [address, 'latest']))
  const pending = quantity(await rpc.ask('eth_getTransactionCount', [address, 'pending']))
  // two nodes behind one address need not have the same pool
  return { mined: Number(mined), pending: Math.max(Number(mined), Number(pending)) }
}

/** Signs a transaction and sends it nowhere. */
export async function sign(
  signer: TransactionSigner,
  {
    call,
    fees,
    nonce,
    chainId,
  }: { readonly call: Call; readonly fees: Fees; readonly nonce: number; readonly chainId: bigint },
): Promise<Signed> {
  const transaction = Transaction.from({
    type: 2,
    chainId,
    nonce,
    to: call.to ?? null,
    data: call.data,
    gasLimit: fees.gasLimit,
    maxFeePerGas: fees.maxFee,
    maxPriorityFeePerGas: fees.priorityFee,
  })
  transaction.signature = await signer.signDigest(transaction.unsignedHash)
  invariant(
    isAddress(signer.address) && transaction.from?.toLowerCase() === signer.address.toLowerCase(),
    'the signer signed with the key of another account than it says',
  )
  invariant(transaction.hash !== null, 'a signed transaction has a hash')
  return { hash: transaction.hash, bytes: Buffer.from(getBytes(transaction.serialized)) }
}

/** Hands signed bytes to the node. The same bytes may be handed over any number of times. */
export async function broadcast(rpc: Rpc, bytes: Buffer): Promise<Broadcast> {
  return broadcastOutcome(await rpc.tryToAsk('eth_sendRawTransaction', [hexlify(bytes)]))
}

/** Nodes agree on the words of these refusals, not on their codes. */
function broadcastOutcome(answer: Answer): Broadcast {
  if ('value' in answer) return { outcome: 'ACCEPTED' }
  const why = answer.refused.message
  if (/already (known|imported)|known transaction/i.test(why)) return { outcome: 'ACCEPTED' }
  if (/nonce (is )?too low|nonce has already been used/i.test(why)) return { outcome: 'NONCE_USED' }
  if (/underpriced|fee too low|less than block base fee/i.test(why)) return { outcome: 'UNDERPRICED' }
  return { outcome: 'REFUSED', why }
}

/** Where a transaction is. Never the truth about what it did: blocks are taken back. */
export async function find(rpc: Rpc, hash: string): Promise<Found> {
  const transaction = await rpc.ask('eth_getTransactionByHash', [hash])
  if (transaction === null) return 'UNKNOWN'
  const receipt = await rpc.ask('eth_getTransactionReceipt', [hash])
  if (receipt === null) return 'PENDING'
  return quantityIn(receipt, 'status') === 1n ? 'MINED' : 'REVERTED'
}

/** A number as nodes write it: 0x and hexadecimal digits. */
export function quantity(value: unknown): bigint {
  invariant(
    typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value),
    'the chain’s node answered with what is no number',
  )
  return BigInt(value)
}

export function quantityIn(value: unknown, name: string): bigint {
  invariant(typeof value === 'object' && value !== null, 'the chain’s node answered with what is no object')
  return quantity(Reflect.get(value, name))
}
