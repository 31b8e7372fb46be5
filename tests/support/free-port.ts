import { createServer } from 'node:net'

/** A port of loopback that nobody has. It is let go at once: whoever is told of it takes it a moment later. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a server on a port has one')
  return address.port
}
