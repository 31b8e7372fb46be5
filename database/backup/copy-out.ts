import { Readable } from 'node:stream'
import type pg from 'pg'
import { refusalOf } from './replication-client.ts'

/**
 * Runs a command that answers with copy data: a stream with an item for each of its messages. It ends when the server
 * has said that all went well, and fails with whatever went wrong before; the server waits while nobody reads.
 */
export function copyOut(client: pg.Client, command: string): Readable {
  let connection: pg.Connection | undefined
  const messages = new Readable({ objectMode: true, highWaterMark: 32, read: () => connection?.stream.resume() })
  const fail = (error: Error): void => void messages.destroy(refusalOf(error))
  client.on('error', fail)
  client.query({
    submit: (to: pg.Connection) => {
      connection = to
      to.query(command)
    },
    handleCopyData: ({ chunk }: { readonly chunk: Buffer }) => {
      // the library writes the next messages over these bytes
      if (!messages.push(Buffer.from(chunk))) connection?.stream.pause()
    },
    handleError: fail,
    handleReadyForQuery: () => void messages.push(null),
    // where the backup begins and ends: the manifest has it as well
    handleRowDescription: () => {},
    handleDataRow: () => {},
    handleCommandComplete: () => {},
  })
  return messages
}
