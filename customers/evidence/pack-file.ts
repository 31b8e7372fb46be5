import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import path from 'node:path'

/** A file of a pack as the manifest names it. */
export type PackedFile = {
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  readonly lines: number
}

/** Writes a file of a pack line by line, and tells what it came to once it is on the disk. Never writes over one. */
export async function packFile(
  folder: string,
  name: string,
  fill: (write: (lines: readonly object[]) => Promise<void>) => Promise<void>,
): Promise<PackedFile> {
  const handle = await open(path.join(folder, name), 'wx', 0o600)
  const [digest, come] = [createHash('sha256'), { bytes: 0, lines: 0 }]
  try {
    await fill(async (lines) => {
      const text = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
      digest.update(text)
      come.bytes += text.length
      come.lines += lines.length
      await handle.appendFile(text)
    })
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { name, sha256: digest.digest('hex'), ...come }
}
