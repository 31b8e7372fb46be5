import { Fault } from '../../../kernel/fault.ts'

/** Encodings that banks send. The names are those of the Encoding standard. */
export const ENCODINGS = ['utf-8', 'gb18030', 'iso-8859-1', 'windows-1252', 'utf-16le', 'utf-16be'] as const
export type TextEncodingName = (typeof ENCODINGS)[number]

const HEAD_BYTES = 200

/**
 * Decodes bytes as they come, strictly: what is not in the encoding is refused, and so is a null character. A byte order
 * mark is dropped. Throws `INVALID_INPUT`.
 */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncodingName,
): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const decode = (chunk?: Uint8Array): string => {
    const text = decoded(decoder, chunk, encoding)
    if (text.includes('\u0000')) throw new Fault('INVALID_INPUT', 'the file holds null characters: it is no text')
    return text
  }
  for await (const chunk of bytes) yield decode(chunk)
  yield decode()
}

function decoded(decoder: TextDecoder, chunk: Uint8Array | undefined, encoding: string): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
  } catch (cause) {
    throw new Fault('INVALID_INPUT', `the file is not text in ${encoding}`, { cause })
  }
}

/**
 * The encoding of an XML file by its first bytes: a byte order mark, or what its declaration names; UTF-8 else. Throws
 * `INVALID_INPUT` for one that is not supported. Source: XML 1.0, appendix F.
 */
export function xmlEncodingOf(head: Uint8Array): TextEncodingName {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const text = Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1')
  const named = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(text)?.[1]
  const name = (named ?? 'utf-8')
    .toLowerCase()
    .replace(/^(?:gbk|gb2312)$/, 'gb18030')
    .replace(/^us-ascii$/, 'utf-8')
  const known = ENCODINGS.find((encoding) => encoding === name)
  if (known !== undefined) return known
  throw new Fault('INVALID_INPUT', `the file is in an encoding that is not read: use ${ENCODINGS.join(', ')}`)
}
