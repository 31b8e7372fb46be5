import { isUtf8 } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import type { Position } from './import-spec.ts'

/** A line of the file without its line break; `undefined` when it is not UTF-8 or holds a null character. */
export type Line = string | undefined

/** Some whole lines of a file. */
export type Block = {
  readonly from: Position
  readonly to: Position
  readonly lines: readonly Line[]
  /** The bytes of the lines; they are overwritten by the next read. */
  readonly bytes: Buffer
  /** One line that is longer than any may be; its text was passed over. */
  readonly tooLong: boolean
  /** The file ends with this block. */
  readonly last: boolean
}

/** The longest line that is read, its line break included. */
const LONGEST_LINE_BYTES = 1_048_576
const LINE_FEED = 10
const BYTE_ORDER_MARK = '\ufeff'

/** Reads blocks from any position, so that resuming, and giving lines back, is reading from there. */
export type BlockReader = (from: Position, mostLines: number) => Promise<Block | undefined>

/** A reader over a file of `size` bytes; it has one buffer, so that memory does not grow with the file. */
export function blockReader(file: FileHandle, size: number): BlockReader {
  const buffer = Buffer.allocUnsafe(LONGEST_LINE_BYTES)
  return async (from, mostLines) => {
    if (from.byte >= size) return undefined
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - from.byte), from.byte)
    if (bytesRead === 0) return undefined
    const atEnd = from.byte + bytesRead >= size
    const end = endOfLines(buffer.subarray(0, bytesRead), mostLines, atEnd)
    if (end === 0) return overlong(from, await nextLineStart(file, buffer, from.byte + bytesRead, size), size)
    return blockOf(from, buffer.subarray(0, end), from.byte + end >= size)
  }
}

/** Where the last whole line ends, of at most so many; 0 when not even one ends here. */
function endOfLines(bytes: Buffer, mostLines: number, atEnd: boolean): number {
  let end = 0
  for (let lines = 0; lines < mostLines; lines++) {
    const lineFeed = bytes.indexOf(LINE_FEED, end)
    if (lineFeed === -1) return atEnd ? bytes.length : end
    end = lineFeed + 1
  }
  return end
}

async function nextLineStart(file: FileHandle, buffer: Buffer, from: number, size: number): Promise<number> {
  for (let at = from; at < size; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - at), at)
    if (bytesRead === 0) return size
    const lineFeed = buffer.subarray(0, bytesRead).indexOf(LINE_FEED)
    if (lineFeed !== -1) return at + lineFeed + 1
    at += bytesRead
  }
  return size
}

function overlong(from: Position, byte: number, size: number): Block {
  const to = { byte, line: from.line + 1 }
  return { from, to, lines: [], bytes: Buffer.alloc(0), tooLong: true, last: byte >= size }
}

function blockOf(from: Position, bytes: Buffer, last: boolean): Block {
  const lines = linesOf(bytes)
  const first = lines[0]
  if (from.byte === 0 && first?.startsWith(BYTE_ORDER_MARK)) lines[0] = first.slice(1)
  const to = { byte: from.byte + bytes.length, line: from.line + lines.length }
  return { from, to, lines, bytes, tooLong: false, last }
}

function linesOf(bytes: Buffer): Line[] {
  if (!isUtf8(bytes) || bytes.includes(0)) return byteLines(bytes).map(textOf)
  const lines = bytes.toString('utf8').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map(withoutReturn)
}

function textOf(bytes: Buffer): Line {
  return isUtf8(bytes) && !bytes.includes(0) ? withoutReturn(bytes.toString('utf8')) : undefined
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function byteLines(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < bytes.length; ) {
    const lineFeed = bytes.indexOf(LINE_FEED, start)
    const end = lineFeed === -1 ? bytes.length : lineFeed
    lines.push(bytes.subarray(start, end))
    start = end + 1
  }
  return lines
}

/** How many bytes the first lines of a block take, their line breaks included. */
export function bytesOfLines(bytes: Buffer, lines: number): number {
  return endOfLines(bytes, lines, true)
}
