import { rename, rm, writeFile } from 'node:fs/promises'

/** Writes a whole file that only its owner can read: whoever reads it finds the old content or the new one. */
export async function writePrivately(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.draft`
  // an old draft would keep its mode
  await rm(draft, { force: true })
  await writeFile(draft, text, { mode: 0o600 })
  await rename(draft, file)
}
