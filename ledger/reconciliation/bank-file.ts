import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Fault } from '../../kernel/fault.ts'
import type { BankMapping } from './files/bank-mapping.ts'
import { decodeText, xmlEncodingOf } from './files/decode-text.ts'
import { type AssetOf, readCamt } from './files/read-camt.ts'
import { readCsv } from './files/read-csv.ts'
import type { StatementPart } from './files/read-statement.ts'

/** A bank's file: its bytes can be read from the beginning as often as needed. */
export type BankFile = { readonly size: number; readonly open: () => AsyncIterable<Uint8Array> }

const CHUNK_BYTES = 65_536
const HEAD_BYTES = 200

/** A file on this machine. Throws `NOT_FOUND`. */
export async function fileAt(path: string): Promise<BankFile> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new Fault('NOT_FOUND', `the file ${path} cannot be opened`, { field: 'file', cause })
  })
  if (!found.isFile()) throw new Fault('NOT_FOUND', `${path} is not a file`, { field: 'file' })
  return { size: found.size, open: () => createReadStream(path, { highWaterMark: CHUNK_BYTES }) }
}

/** A file that is held in memory. */
export function fileOf(bytes: Uint8Array): BankFile {
  return {
    size: bytes.length,
    open: async function* () {
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
    },
  }
}

/** SHA-256 of a file's bytes, hexadecimal. */
export async function digestOf(file: BankFile): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of file.open()) hash.update(chunk)
  return hash.digest('hex')
}

/**
 * The statements in a file: camt.053, or CSV where there is a mapping. `onBytes` is told how far it was read. Throws what
 * `readCamt` and `readCsv` throw.
 */
export async function* partsOfFile(
  file: BankFile,
  {
    mapping,
    assetOf,
    onBytes,
  }: {
    readonly mapping: BankMapping | undefined
    readonly assetOf: AssetOf
    readonly onBytes?: (done: number) => void
  },
): AsyncGenerator<StatementPart, void, void> {
  const bytes = counted(file.open(), onBytes ?? (() => {}))
  if (mapping !== undefined) yield* readCsv(decodeText(bytes, mapping.encoding), mapping, assetOf)
  else yield* readCamt(decodeText(bytes, xmlEncodingOf(await headOf(file))), assetOf)
}

async function* counted(bytes: AsyncIterable<Uint8Array>, onBytes: (done: number) => void) {
  let done = 0
  for await (const chunk of bytes) {
    yield chunk
    done += chunk.length
    onBytes(done)
  }
}

async function headOf(file: BankFile): Promise<Uint8Array> {
  for await (const chunk of file.open()) return chunk.subarray(0, HEAD_BYTES)
  return new Uint8Array()
}
