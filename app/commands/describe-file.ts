import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import path from 'node:path'
import { Fault } from '../../kernel/fault.ts'

/** By the end of a file's name; whatever else it is, it is bytes. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
}

/** A file by its SHA-256, read in parts whatever its size. */
export type DescribedFile = {
  readonly sha256: string
  readonly name: string
  readonly sizeBytes: string
  readonly mediaType: string
}

/** Describes a file that a person named, as a document of a contract. Throws `NOT_FOUND` with its name. */
export async function describeFile(file: string, mediaType?: string): Promise<DescribedFile> {
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const part of createReadStream(file)) {
      hash.update(part)
      size += part.length
    }
  } catch (cause) {
    throw new Fault('NOT_FOUND', `${file} cannot be read`, { cause })
  }
  const known = MEDIA_TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream'
  return {
    sha256: hash.digest('hex'),
    name: path.basename(file),
    sizeBytes: `${size}`,
    mediaType: mediaType ?? known,
  }
}
