import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 2_000
const PAUSE_MS = 5

type Message = { readonly method?: unknown; readonly params?: unknown; readonly result?: unknown }

/**
 * Stands before a node that mines by itself, and answers a transaction when it is in a block: the node answers earlier,
 * and a test that looks then would find it waiting. One that no block takes (its nonce is ahead) is answered all the same.
 */
export async function openMinedFirst(node: string, port: number): Promise<{ url: string; close: () => void }> {
  let automining = true
  const ask = async (body: string): Promise<string> => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch(node, { method: 'POST', headers, body })).text()
  }
  const receiptOf = async (hash: unknown): Promise<unknown> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getTransactionReceipt', params: [hash] })
    return messageIn(await ask(body)).result
  }
  const answer = async (body: string): Promise<string> => {
    const { method, params } = messageIn(body)
    const answered = await ask(body)
    if (method === 'evm_setAutomine' && Array.isArray(params)) automining = params[0] === true
    if (method !== 'eth_sendRawTransaction' || !automining) return answered
    const { result } = messageIn(answered)
    const until = Date.now() + PATIENCE_MS
    while (typeof result === 'string' && Date.now() < until && (await receiptOf(result)) === null) await sleep(PAUSE_MS)
    return answered
  }
  const server = createServer(async (request, response) => {
    try {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const answered = await answer(Buffer.concat(chunks).toString())
      response.setHeader('content-type', 'application/json').end(answered)
    } catch {
      // the node is gone: so is who stands before it
      response.destroy()
    }
  })
  await listen(server, port)
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

function messageIn(body: string): Message {
  return JSON.parse(body) as Message
}
