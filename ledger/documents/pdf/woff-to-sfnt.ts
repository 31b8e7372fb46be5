import { inflateSync } from 'node:zlib'
import { invariant } from '../../../kernel/invariant.ts'

const SIGNATURE = 'wOFF'
const WOFF_HEADER = 44
const WOFF_ENTRY = 20
const SFNT_HEADER = 12
const SFNT_ENTRY = 16

/**
 * A WOFF font as the sfnt (TrueType or OpenType) that it holds. In a WOFF each table is compressed as a whole, so whoever
 * reads it glyph by glyph inflates the same table for each of them. Source: W3C WOFF 1.0 §3 to §5.
 */
export function woffToSfnt(woff: Buffer): Buffer {
  invariant(woff.toString('latin1', 0, 4) === SIGNATURE, 'a font of ours is a WOFF')
  const count = woff.readUInt16BE(12)
  const directory = Buffer.alloc(SFNT_HEADER + SFNT_ENTRY * count)
  writeHeader(directory, woff.readUInt32BE(4), count)
  const tables: Buffer[] = []
  let offset = directory.length
  for (let index = 0; index < count; index++) {
    const entry = woff.subarray(WOFF_HEADER + WOFF_ENTRY * index)
    const table = tableOf(woff, entry)
    const at = SFNT_HEADER + SFNT_ENTRY * index
    entry.copy(directory, at, 0, 4)
    // the checksum stands behind offset, length and original length
    entry.copy(directory, at + 4, 16, 20)
    directory.writeUInt32BE(offset, at + 8)
    directory.writeUInt32BE(table.length, at + 12)
    const padded = Buffer.concat([table, Buffer.alloc((4 - (table.length % 4)) % 4)])
    tables.push(padded)
    offset += padded.length
  }
  return Buffer.concat([directory, ...tables])
}

function writeHeader(directory: Buffer, flavor: number, count: number): void {
  const power = 2 ** Math.floor(Math.log2(count))
  directory.writeUInt32BE(flavor, 0)
  directory.writeUInt16BE(count, 4)
  directory.writeUInt16BE(power * SFNT_ENTRY, 6)
  directory.writeUInt16BE(Math.log2(power), 8)
  directory.writeUInt16BE((count - power) * SFNT_ENTRY, 10)
}

/** A table as it is, inflated where that made it smaller. */
function tableOf(woff: Buffer, entry: Buffer): Buffer {
  const [offset, compressed, original] = [entry.readUInt32BE(4), entry.readUInt32BE(8), entry.readUInt32BE(12)]
  const bytes = woff.subarray(offset, offset + compressed)
  if (compressed === original) return bytes
  const table = inflateSync(bytes)
  invariant(table.length === original, 'a table of a font is as long as it says')
  return table
}
