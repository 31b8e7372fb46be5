import { getAddress, isAddress, toBeHex, toQuantity } from 'ethers'
import { Fault } from '../kernel/fault.ts'
import { readArtifact } from './artifact.ts'
import { openRpc, type Refused, type Rpc } from './rpc.ts'
import type { TransactionSigner } from './signer.ts'
import {
  type Broadcast,
  broadcast,
  type Fees,
  type Found,
  find,
  type Nonces,
  nonces,
  type Quote,
  quantity,
  quote,
  type Signed,
  sign,
} from './transactions.ts'

const { abi } = readArtifact('LedgerAnchor')

/** The last anchor on the chain; all zero before the first. */
export type AnchorHead = { readonly sequence: bigint; readonly size: bigint; readonly root: Buffer }

/** An anchor as it is published. */
export type Publication = AnchorHead & { readonly previousRoot: Buffer }

/** An anchor as it stands on the chain; `anchoredAt` in seconds. */
export type StoredAnchor = Publication & { readonly anchoredAt: bigint }

/** A `LedgerAnchor` on a chain, as anybody may read it. */
export type AnchorViews = {
  readonly contract: string
  /** Which chain the node is of, and whether the contract is there. */
  readonly identify: () => Promise<{ readonly chainId: bigint; readonly present: boolean }>
  /** The head as of the last block, or as it was so many blocks deep: 1 is the last block. */
  readonly head: (confirmations?: number) => Promise<AnchorHead>
  /** The anchors with these numbers, both included. */
  readonly anchors: (range: { readonly from: bigint; readonly to: bigint }) => Promise<readonly StoredAnchor[]>
  readonly close: () => void
}

/** The contract, and the account that publishes to it. */
export type AnchorContract = AnchorViews & {
  readonly publisher: string
  readonly nonces: () => Promise<Nonces>
  /** What publishing would need now, or what the contract has against it. */
  readonly quote: (publication: Publication) => Promise<Quote | { readonly refused: string }>
  /** Signs, and sends nothing. */
  readonly sign: (publication: Publication, fees: Fees, place: Place) => Promise<Signed>
  readonly broadcast: (bytes: Buffer) => Promise<Broadcast>
  readonly find: (hash: string) => Promise<Found>
}

type Place = { readonly nonce: number; readonly chainId: bigint }
type Where = { readonly rpcUrl: string; readonly contract: string }

/** Opens the contract at an address for reading. Nothing is asked yet. Throws `CONFIG_INVALID` for what is no address. */
export function openAnchorViews(where: Where): AnchorViews {
  return viewsOver(openRpc(where.rpcUrl), addressOf(where))
}

/** Opens the contract at an address for publishing, as {@link openAnchorViews} does. */
export function openAnchorContract({
  signer,
  ...where
}: Where & { readonly signer: TransactionSigner }): AnchorContract {
  const contract = addressOf(where)
  const rpc = openRpc(where.rpcUrl)
  const callOf = (publication: Publication) => ({ to: contract, data: dataOf(publication) })
  return {
    ...viewsOver(rpc, contract),
    publisher: signer.address,
    nonces: () => nonces(rpc, signer.address),
    quote: async (publication) => {
      const quoted = await quote(rpc, signer.address, callOf(publication))
      return 'refused' in quoted ? { refused: reasonOf(quoted.refused) } : quoted
    },
    sign: (publication, fees, place) => sign(signer, { call: callOf(publication), fees, ...place }),
    broadcast: (bytes) => broadcast(rpc, bytes),
    find: (hash) => find(rpc, hash),
  }
}

function addressOf({ contract }: Where): string {
  if (!isAddress(contract)) throw new Fault('CONFIG_INVALID', 'the anchor contract’s address is not one')
  return getAddress(contract)
}

function viewsOver(rpc: Rpc, contract: string): AnchorViews {
  const view = async (name: string, parameters: readonly unknown[], block: string): Promise<readonly unknown[]> => {
    const data = abi.encodeFunctionData(name, parameters)
    const answer = String(await rpc.ask('eth_call', [{ to: contract, data }, block]))
    // before the contract was made there was nothing at its address
    return answer === '0x' ? [] : [...abi.decodeFunctionResult(name, answer)]
  }
  return {
    contract,
    identify: async () => ({
      chainId: quantity(await rpc.ask('eth_chainId', [])),
      present: (await rpc.ask('eth_getCode', [contract, 'latest'])) !== '0x',
    }),
    head: async (confirmations = 1) => headOf(await view('head', [], await blockAt(rpc, confirmations))),
    anchors: async ({ from, to }) => {
      const wanted = Array.from({ length: Number(to - from) + 1 }, (_, place) => from + BigInt(place))
      return Promise.all(
        wanted.map(async (sequence) => anchorOf(sequence, await view('anchors', [sequence], 'latest'))),
      )
    },
    close: rpc.close,
  }
}

async function blockAt(rpc: Rpc, confirmations: number): Promise<string> {
  if (confirmations <= 1) return 'latest'
  const last = quantity(await rpc.ask('eth_blockNumber', []))
  const deep = last - BigInt(confirmations - 1)
  return toQuantity(deep < 0n ? 0n : deep)
}

function headOf([sequence = 0n, size = 0n, root = 0n]: readonly unknown[]): AnchorHead {
  return { sequence: BigInt(String(sequence)), size: BigInt(String(size)), root: bytes32(root) }
}

function anchorOf(sequence: bigint, [size, root, previousRoot, anchoredAt]: readonly unknown[]): StoredAnchor {
  return {
    sequence,
    size: BigInt(String(size)),
    root: bytes32(root),
    previousRoot: bytes32(previousRoot),
    anchoredAt: BigInt(String(anchoredAt)),
  }
}

function bytes32(value: unknown): Buffer {
  return Buffer.from(toBeHex(BigInt(String(value)), 32).slice(2), 'hex')
}

function dataOf({ sequence, size, root, previousRoot }: Publication): string {
  return abi.encodeFunctionData('publish', [sequence, size, root, previousRoot])
}

/** The contract's own word for its refusal, or the node's. */
function reasonOf({ message, data }: Refused): string {
  const error = data === undefined ? null : abi.parseError(data)
  return error === null ? message : `${error.name}(${error.args.map(String).join(', ')})`
}
