import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What arrived once. */
export type Arrived = {
  readonly id: string
  readonly signatures: readonly string[]
  readonly timestamp: string
  readonly body: string
  readonly message: { readonly type: string; readonly data: Readonly<Record<string, string>> }
}

/** How a receiver answers: a status, or nothing at all. */
export type Manner = (arrived: Arrived) => number | 'silence'

/** A partner's server on loopback. */
export type Receiver = {
  readonly url: string
  /** All that arrived, taken or not. */
  readonly arrived: Arrived[]
  /** What it took (200), in the order in which it did. */
  readonly taken: () => readonly Arrived[]
  readonly answer: (manner: Manner) => void
  readonly close: () => Promise<void>
}

/** Starts one; where it redirects, it does so to this address. */
export async function startReceiver(elsewhere = 'http://127.0.0.1:1/'): Promise<Receiver> {
  const arrived: Arrived[] = []
  const taken: Arrived[] = []
  let manner: Manner = () => 200
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const header = (name: string) => String(request.headers[name])
      const one = {
        ...{ id: header('webhook-id'), timestamp: header('webhook-timestamp'), body, message: JSON.parse(body) },
        signatures: header('webhook-signature').split(' '),
      }
      arrived.push(one)
      const status = manner(one)
      if (status === 200) taken.push(one)
      if (status !== 'silence') response.writeHead(status, { location: elsewhere }).end('x'.repeat(100))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...{ url: `http://127.0.0.1:${port}/hooks`, arrived, taken: () => taken },
    answer: (next) => {
      manner = next
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Checks a signature as the specification says, with nothing of ours. */
export function isSignedBy(secret: string, { id, timestamp, body, signatures }: Arrived): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
  return signatures.some((signature) => {
    const [version, given = ''] = signature.split(',')
    const bytes = Buffer.from(given, 'base64')
    return version === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected)
  })
}
