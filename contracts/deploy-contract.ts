import { setTimeout as sleep } from 'node:timers/promises'
import { getCreateAddress } from 'ethers'
import { Fault } from '../kernel/fault.ts'
import { readArtifact } from './artifact.ts'
import { openRpc, type Rpc } from './rpc.ts'
import type { TransactionSigner } from './signer.ts'
import { broadcast, type Fees, find, nonces, quantity, quantityIn, quote, sign } from './transactions.ts'

/** A contract that was created. */
export type Deployed = {
  readonly contract: string
  readonly chainId: bigint
  readonly transaction: string
  readonly gasUsed: bigint
}

const PAUSE_MS = 500

/**
 * Creates a compiled contract, and waits until it stands in a block.
 * Throws `CHAIN_REFUSED` when the chain refuses it, when it would cost more than the budget (in wei), or when it is not in
 * a block in time: the sentence names the transaction then, and the contract may still come.
 */
export async function deployContract(options: {
  readonly rpcUrl: string
  readonly signer: TransactionSigner
  readonly contract: string
  readonly parameters: readonly unknown[]
  readonly budgetWei: bigint
  readonly waitSeconds: number
}): Promise<Deployed> {
  const rpc = openRpc(options.rpcUrl)
  try {
    return await create(rpc, options)
  } finally {
    rpc.close()
  }
}

async function create(
  rpc: Rpc,
  { signer, contract, parameters, budgetWei, waitSeconds }: Parameters<typeof deployContract>[0],
): Promise<Deployed> {
  const { abi, bytecode } = readArtifact(contract)
  const call = { data: bytecode + abi.encodeDeploy(parameters).slice(2) }
  const chainId = quantity(await rpc.ask('eth_chainId', []))
  const fees = await feesOf(rpc, signer.address, call, budgetWei)
  const nonce = (await nonces(rpc, signer.address)).pending
  const { hash, bytes } = await sign(signer, { call, fees, nonce, chainId })
  const sent = await broadcast(rpc, bytes)
  if (sent.outcome !== 'ACCEPTED') {
    throw new Fault('CHAIN_REFUSED', `the chain refused the contract: ${'why' in sent ? sent.why : sent.outcome}`)
  }
  await untilMined(rpc, hash, waitSeconds)
  const receipt = await rpc.ask('eth_getTransactionReceipt', [hash])
  const address = getCreateAddress({ from: signer.address, nonce })
  return { contract: address, chainId, transaction: hash, gasUsed: quantityIn(receipt, 'gasUsed') }
}

async function feesOf(rpc: Rpc, from: string, call: { readonly data: string }, budgetWei: bigint): Promise<Fees> {
  const quoted = await quote(rpc, from, call)
  if ('refused' in quoted) throw new Fault('CHAIN_REFUSED', `the chain refused the contract: ${quoted.refused.message}`)
  const { gasLimit, baseFee, priorityFee } = quoted
  const maxFee = 2n * baseFee + priorityFee
  if (gasLimit * maxFee > budgetWei) {
    const sentence = `creating the contract may cost ${gasLimit * maxFee} wei, and the budget is ${budgetWei} wei`
    throw new Fault('CHAIN_REFUSED', sentence)
  }
  return { gasLimit, maxFee, priorityFee }
}

async function untilMined(rpc: Rpc, hash: string, waitSeconds: number): Promise<void> {
  for (let waited = 0; waited < waitSeconds * 1000; waited += PAUSE_MS) {
    const found = await find(rpc, hash)
    if (found === 'MINED') return
    if (found === 'REVERTED') throw new Fault('CHAIN_REFUSED', `the transaction ${hash} was reverted`)
    await sleep(PAUSE_MS)
  }
  throw new Fault(
    'CHAIN_REFUSED',
    `the transaction ${hash} is not in a block after ${waitSeconds} seconds; it may still come`,
  )
}
