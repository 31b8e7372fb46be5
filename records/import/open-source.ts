import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import path from 'node:path'
import { Fault } from '../../kernel/fault.ts'
import type { ImportFormat } from './import-spec.ts'

/** A file that is being imported, open. */
export type Source = {
  readonly file: FileHandle
  readonly name: string
  readonly size: number
  /** SHA-256 of all bytes, hexadecimal. */
  readonly digest: string
  readonly format: ImportFormat
  /** Throws `WRONG_STATE` when the file is not the one that was opened any more. */
  readonly refuseChanged: () => Promise<void>
  readonly close: () => Promise<void>
}

const CHUNK_BYTES = 1_048_576

/** Opens a file and takes its digest. Throws `NOT_FOUND`, or `INVALID_INPUT` when nothing tells its format. */
export async function openSource(input: { readonly file: string; readonly format?: ImportFormat }): Promise<Source> {
  const format = input.format ?? formatOf(input.file)
  const file = await openFile(input.file)
  try {
    const opened = await file.stat()
    if (!opened.isFile()) throw new Fault('NOT_FOUND', `${input.file} is not a file`)
    return {
      file,
      name: path.basename(input.file),
      size: opened.size,
      digest: await digestOf(file),
      format,
      refuseChanged: async () => refuseChanged(opened, await file.stat()),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

function formatOf(file: string): ImportFormat {
  const extension = path.extname(file).toLowerCase()
  if (extension === '.csv') return 'csv'
  if (extension === '.ndjson' || extension === '.jsonl') return 'ndjson'
  throw new Fault('INVALID_INPUT', 'a file to import ends in .csv, .ndjson or .jsonl', { field: 'file' })
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r')
  } catch (cause) {
    throw new Fault('NOT_FOUND', `the file ${file} cannot be opened`, { field: 'file', cause })
  }
}

async function digestOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    at += bytesRead
  }
}

function refuseChanged(opened: Stats, now: Stats): void {
  if (opened.size !== now.size || opened.mtimeMs !== now.mtimeMs) {
    throw new Fault('WRONG_STATE', 'the file was changed while it was read: import it again')
  }
}
