import { Fault } from './fault.ts'

/** One line of a stream: its number, from 1, and its bytes without the line's end. */
export type Line = { readonly number: number; readonly bytes: Buffer }

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/**
 * Cuts a stream into lines, holding one line and one chunk at a time. Lines of white space alone are left out, and counted.
 * Throws `BODY_TOO_LARGE` with the number of a line that is too long.
 */
export async function* ndjsonLines(chunks: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<Line> {
  let parts: Buffer[] = []
  let length = 0
  let number = 1
  const hold = (part: Buffer): void => {
    length += part.length
    if (length > mostBytes) throw new Fault('BODY_TOO_LARGE', `line ${number} has more than ${mostBytes} bytes`)
    parts.push(part)
  }
  const take = (): Line => {
    const line = { number, bytes: trimEnd(Buffer.concat(parts, length)) }
    parts = []
    length = 0
    number += 1
    return line
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      hold(chunk.subarray(from, end))
      from = end + 1
      const line = take()
      if (!isBlank(line)) yield line
    }
    if (from < chunk.length) hold(chunk.subarray(from))
  }
  const last = take()
  if (!isBlank(last)) yield last
}

function trimEnd(bytes: Buffer): Buffer {
  return bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes
}

function isBlank({ bytes }: Line): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09)
}
