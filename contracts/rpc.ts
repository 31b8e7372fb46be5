import { FetchRequest, isError, JsonRpcProvider, Network } from 'ethers'
import { Fault } from '../kernel/fault.ts'

/** Asks a chain's node. */
export type Rpc = {
  readonly ask: (method: string, parameters: readonly unknown[]) => Promise<unknown>
  /** The node's answer, or what it refused and why. */
  readonly tryToAsk: (method: string, parameters: readonly unknown[]) => Promise<Answer>
  readonly close: () => void
}

export type Answer = { readonly value: unknown } | { readonly refused: Refused }

/** Why a node refused: its own words, and what a contract reverted with. */
export type Refused = { readonly message: string; readonly data: string | undefined }

const TIMEOUT_MS = 10_000

/**
 * Opens a node by its address. Nothing is asked yet, nothing is answered from a cache, and nothing is asked again by itself.
 * Whoever calls gets `CHAIN_UNAVAILABLE` when the node does not answer, and `CHAIN_REFUSED` when it refuses. Neither
 * tells the address or has the library's error as its cause: both may hold the node's credentials.
 */
export function openRpc(url: string): Rpc {
  const request = new FetchRequest(url)
  request.timeout = TIMEOUT_MS
  request.retryFunc = async () => false
  // a network that is named keeps the provider from looking for one; which chain it is, is asked as such
  const network = Network.from(1)
  const provider = new JsonRpcProvider(request, network, {
    staticNetwork: network,
    cacheTimeout: -1,
    batchMaxCount: 1,
  })
  const tryToAsk = async (method: string, parameters: readonly unknown[]): Promise<Answer> => {
    try {
      return { value: await provider.send(method, [...parameters]) }
    } catch (error) {
      return { refused: refusalOf(error) }
    }
  }
  const ask = async (method: string, parameters: readonly unknown[]): Promise<unknown> => {
    const answer = await tryToAsk(method, parameters)
    if ('value' in answer) return answer.value
    throw new Fault('CHAIN_REFUSED', `the chain’s node refused ${method}: ${answer.refused.message}`)
  }
  return { ask, tryToAsk, close: () => provider.destroy() }
}

function refusalOf(error: unknown): Refused {
  const said = wordsOfNode(error)
  if (said) return said
  throw new Fault('CHAIN_UNAVAILABLE', `the chain’s node does not answer (${codeOf(error)})`)
}

/** The JSON-RPC error object, wherever the library put it. */
function wordsOfNode(error: unknown): Refused | undefined {
  if (!(error instanceof Error)) return undefined
  const inner = memberOf(error, 'error') ?? memberOf(memberOf(error, 'info'), 'error')
  const message = memberOf(inner, 'message')
  if (typeof message !== 'string') return undefined
  const data = memberOf(inner, 'data')
  return { message, data: typeof data === 'string' ? data : undefined }
}

function codeOf(error: unknown): string {
  if (isError(error, 'SERVER_ERROR')) return `HTTP ${error.response?.statusCode ?? 'error'}`
  const code = memberOf(error, 'code')
  return typeof code === 'string' ? code : 'unknown'
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
