import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'

/** A file, and what it is known by. */
export type WrittenFile = { readonly name: string; readonly bytes: number; readonly sha256: string }

/** A file that is being written. */
export type HashedFile = {
  readonly write: (bytes: Buffer) => Promise<void>
  /** Puts it on disk, closes it and says what it is known by. */
  readonly end: () => Promise<WrittenFile>
  /** Lets go of it as it is. */
  readonly close: () => Promise<void>
}

/** Makes a file (0600) that is hashed while it is written. */
export async function openHashedFile(folder: string, name: string): Promise<HashedFile> {
  const handle = await open(path.join(folder, name), 'wx', 0o600)
  const digest = createHash('sha256')
  let size = 0
  return {
    write: async (bytes) => {
      digest.update(bytes)
      // not `write`, which may leave a part of them when the disk fills up
      await handle.writeFile(bytes)
      size += bytes.length
    },
    end: async () => {
      await handle.sync()
      await handle.close()
      return { name, bytes: size, sha256: digest.digest('hex') }
    },
    close: () => handle.close(),
  }
}

/** The SHA-256 of a file, in hex. */
export async function fileDigest(file: string): Promise<string> {
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) digest.update(chunk)
  return digest.digest('hex')
}
