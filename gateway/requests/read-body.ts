import type { IncomingMessage } from 'node:http'
import { Fault } from '../../kernel/fault.ts'

/**
 * Reads a whole body of UTF-8 text of at most so many bytes. Throws `BODY_TOO_LARGE` as soon as it is known, also before
 * anything was read; `UNSUPPORTED_MEDIA_TYPE` for a compressed body; `INVALID_INPUT` for what is no UTF-8.
 */
export async function readText(request: IncomingMessage, mostBytes: number): Promise<string> {
  refuseEncoded(request)
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes)
  const chunks: Buffer[] = []
  for await (const chunk of atMost(chunksOf(request), mostBytes)) chunks.push(chunk)
  return decodeUtf8(Buffer.concat(chunks))
}

/** The chunks of a body, so long as they are at most so many bytes. Throws `BODY_TOO_LARGE` at the first one beyond. */
export async function* atMost(chunks: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<Buffer> {
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > mostBytes) throw tooLarge(mostBytes)
    yield chunk
  }
}

/**
 * The body as it comes; stopping early leaves the connection for the answer, and for what is asked next. Throws
 * `INVALID_INPUT` when it breaks off.
 */
export async function* chunksOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  const broken = (cause: unknown): Fault => new Fault('INVALID_INPUT', 'the body broke off', { cause })
  const iterator: AsyncIterator<Buffer> = request.iterator({ destroyOnReturn: false })
  try {
    for (;;) {
      const { done, value } = await iterator.next().catch((cause) => {
        throw broken(cause)
      })
      if (done) return
      yield value
    }
  } finally {
    // whatever nobody reads runs out: else the next request on this connection would wait behind it
    await iterator.return?.()
    request.resume()
  }
}

/** Throws `UNSUPPORTED_MEDIA_TYPE` when the body is compressed: its true size would be the sender's secret. */
export function refuseEncoded(request: IncomingMessage): void {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw new Fault('UNSUPPORTED_MEDIA_TYPE', 'send the body without a content-encoding')
}

/** Decodes UTF-8 strictly. Throws `INVALID_INPUT`. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Fault('INVALID_INPUT', 'the body is not UTF-8', { cause })
  }
}

/** Throws `UNSUPPORTED_MEDIA_TYPE` unless the body is of this type, in UTF-8. */
export function requireType(request: IncomingMessage, type: string): void {
  const [given = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';')
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='))
  const utf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset)
  if (given.trim() !== type || !utf8) throw new Fault('UNSUPPORTED_MEDIA_TYPE', `send the body as ${type}, in UTF-8`)
}

function tooLarge(mostBytes: number): Fault {
  return new Fault('BODY_TOO_LARGE', `a body has at most ${mostBytes} bytes here`)
}
